/**
 * The parts of a file that are read for mining: all of a small text, the surroundings of the anchors elsewhere. So
 * a large program or log costs what its anchors cost, not what it weighs.
 */
import type { OpenFile } from '../detector.ts';
import { programAnchors, textAnchors } from './anchors.ts';

export interface Region {
  /** In bytes of `OpenFile.bytes`. */
  readonly start: number;
  /** One character per byte; what cannot be printed is a line break in programs. */
  readonly text: string;
  /** A text that looks like shell without saying so (`entrypoint` without `#!`, a crontab, a profile). */
  readonly shell: boolean;
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
  for (const name of isText ? textAnchors : programAnchors) {
    const hits = file.hits(name);
    if (hits.length > 0) {
      if (isText && file.bytes.length <= wholeText) return [regionOf(file, 0, file.bytes.length, isText)];
      for (const hit of hits) places.push(hit);
    }
  }
  return spansAround(
    places.sort((a, b) => a - b),
    file.bytes.length,
  )
    .slice(0, maxRegions)
    .map(([start, end]) => regionOf(file, start, end, isText));
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

function regionOf(file: OpenFile, start: number, end: number, isText: boolean): Region {
  const raw = file.bytes.toString('latin1', start, end);
  const text = isText ? raw : raw.replace(/[^\x20-\x7e\n\t]/g, '\n');
  return {
    start,
    text,
    shell:
      isText &&
      /(?:^|\n|;|&&|\bnohup )[ \t]{0,8}(?:export |cd |chmod |nohup |exec |\.?\/[\w./-]{1,80} -)/.test(text),
  };
}
