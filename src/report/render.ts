/**
 * Reports as text, in every form that `scan` prints. Each form is a pure function over the same reports; what
 * they share is the order of findings (`order.ts`), the words (`wording.ts`) and the defence against text that
 * attackers wrote (`safe-text.ts`).
 */
import type { ImageReport, UnreadableTarget } from '../model/report.ts';

export const formats = ['table', 'json', 'sarif', 'html', 'ndjson'] as const;
export type Format = (typeof formats)[number];

export interface RenderOptions {
  /** Terminal colours; only the table has any. */
  readonly colour: boolean;
  /** Columns; only the table wraps. */
  readonly width: number;
}

/** Loads the one form that is asked for.
 *  @param unreadable targets without a report: together with the reports, all that were asked for
 *  @returns text that ends with a line break; the empty string for no reports as ndjson */
export async function render(
  reports: readonly ImageReport[],
  format: Format,
  options: RenderOptions,
  unreadable: readonly UnreadableTarget[] = [],
): Promise<string> {
  switch (format) {
    case 'table':
      return (await import('./table.ts')).renderTable(reports, options, unreadable);
    case 'json':
      return (await import('./json.ts')).renderJson(reports, unreadable);
    case 'sarif':
      return (await import('./sarif.ts')).renderSarif(reports, unreadable);
    case 'html':
      return (await import('./html.ts')).renderHtml(reports, unreadable);
    case 'ndjson':
      return (await import('./ndjson.ts')).renderNdjson(reports, unreadable);
  }
}
