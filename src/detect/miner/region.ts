/**
 * The parts of a file that are read for mining: all of a small text, the surroundings of the anchors elsewhere. So
 * a large program or log costs what its anchors cost, not what it weighs.
 */
import type { OpenFile } from '../detector.ts';
import { encodingAnchor, programAnchors, textAnchors } from './anchors.ts';

export interface Region {
  /** In bytes of `OpenFile.bytes`. */
  readonly start: number;
  /** One character per byte; what cannot be printed is a line break in programs. */
  readonly text: string;
  /** A text that looks like shell without saying so (`entrypoint` without `#!`, a crontab, a profile). */
  readonly shell: boolean;
  /** Nothing in the file speaks of mining, only of an encoding. */
  readonly encoded: boolean;
}

/** Texts up to this size are read whole. */
const wholeText = 64 * 1024;
/** Bytes read on both sides of an anchor elsewhere. */
const reach = 4096;
const maxRegions = 64;

/** In order; empty where no anchor was found. */
export function regionsOf(file: OpenFile): Region[] {
  const isText = file.kind === 'text' || file.kind === 'script';
  const places: number[] = [];
  for (const name of isText ? textAnchors : programAnchors)
    for (const hit of file.hits(name)) places.push(hit);
  const encoded = places.length === 0;
  if (encoded && isText) places.push(...file.hits(encodingAnchor));
  if (places.length === 0) return [];
  const spans: readonly [number, number][] =
    isText && file.bytes.length <= wholeText
      ? [[0, file.bytes.length]]
      : spansAround(
          places.sort((a, b) => a - b),
          file.bytes.length,
        );
  return spans.slice(0, maxRegions).map(([start, end]) => regionOf(file, start, end, encoded));
}

function spansAround(places: readonly number[], size: number): [number, number][] {
  const spans: [number, number][] = [];
  for (const place of places) {
    const last = spans.at(-1);
    const start = Math.max(0, place - reach);
    const end = Math.min(size, place + reach);
    // Regions stay small: a new one begins where the last has grown to eight times the reach.
    if (last !== undefined && start <= last[1] && end - last[0] <= 8 * reach) last[1] = end;
    else if (last === undefined || end > last[1])
      spans.push([last === undefined ? start : Math.max(start, last[1]), end]);
  }
  return spans;
}

function regionOf(file: OpenFile, start: number, end: number, encoded: boolean): Region {
  const isText = file.kind === 'text' || file.kind === 'script';
  const raw = file.bytes.toString('latin1', start, end);
  const text = isText ? raw : raw.replace(/[^\x20-\x7e\n\t]/g, '\n');
  return {
    start,
    text,
    encoded,
    shell:
      isText &&
      /(?:^|\n|;|&&|\bnohup )[ \t]{0,8}(?:export |cd |chmod |nohup |exec |\.?\/[\w./-]{1,80} -)/.test(text),
  };
}
