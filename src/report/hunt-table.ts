/** The result of a hunt as people read it: verdicts of images, and the category table of the study. */
import type { HuntResult } from '../api/hunts.ts';
import { categories, verdicts } from '../model/terms.ts';
import { safeLine } from './safe-text.ts';
import { byteWords } from './wording.ts';

export interface HuntTableOptions {
  /** Of the hunt before of the same source. */
  readonly before?: HuntResult | undefined;
}

/**
 * The study of 2022 counted 1,777 pairs of image and category on 1,652 images, and shares of either total were quoted.
 * So the two tables stand apart, each with its own total.
 */
export function huntTable(result: HuntResult, { before }: HuntTableOptions = {}): string {
  const { images, categoryTotal, bytes, durationMs } = result;
  const seconds = durationMs / 1000;
  const rate = seconds > 0 ? `, ${tidy(images.total / seconds)} a second` : '';
  const lines = [
    `Hunt ${result.hunt} over ${safeLine(result.source, 200)}: ${number(images.total)} images in ${tidy(seconds)} s${rate}`,
    '',
    heading('Images by verdict', 'images', before !== undefined),
    ...verdicts.map((one) => line(one, images[one], images.total, before?.images[one])),
    total(images.total, before?.images.total),
    `  ${number(images.unchanged)} of them unchanged since an earlier hunt and not fetched again`,
    '',
    heading('Images by category', 'pairs', before !== undefined),
    ...categories
      .map((one) => ({ one, count: result.categories[one] ?? 0 }))
      .filter(({ count, one }) => count > 0 || (before?.categories[one] ?? 0) > 0)
      .sort((a, b) => b.count - a.count)
      .map(({ one, count }) => line(one, count, categoryTotal, before && (before.categories[one] ?? 0))),
    total(categoryTotal, before?.categoryTotal),
    '  A pair is an image and one of its categories: an image counts once for each of them.',
    '',
    `Layers: ${byteWords(bytes.referenced)} referenced, ${byteWords(bytes.unique)} unique`,
  ];
  return lines.join('\n');
}

function heading(title: string, unit: string, compares: boolean): string {
  return `${title.padEnd(28)}${unit.padStart(10)}${'share'.padStart(10)}${compares ? 'before'.padStart(10) : ''}`;
}

function line(name: string, count: number, of: number, before: number | undefined): string {
  const share = of === 0 ? '–' : `${((100 * count) / of).toFixed(1)} %`;
  return `  ${name.padEnd(26)}${number(count).padStart(10)}${share.padStart(10)}${then(before)}`;
}

function total(count: number, before: number | undefined): string {
  return `  ${'total'.padEnd(26)}${number(count).padStart(10)}${''.padStart(10)}${then(before)}`;
}

function then(count: number | undefined): string {
  return count === undefined ? '' : number(count).padStart(10);
}

function number(count: number): string {
  return count.toLocaleString('en');
}

function tidy(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
