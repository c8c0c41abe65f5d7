/**
 * Large files in windows. Each window repeats the end of the one before it, so that no string is cut in two, and
 * begins with the file's own head, so that rules that test a magic number still apply. The last window takes the
 * rest, so that none is short. Afterwards the inspections of all windows become one again.
 */
import { createHash, type Hash } from 'node:crypto';
import {
  type DetectedFinding,
  type Detection,
  type FileRecord,
  nothing,
  type StartFact,
} from '../detect/detector.ts';
import type { Fault, Inspection } from '../detect/runner.ts';
import type { Entry } from '../image/entry.ts';
import type { Observable } from '../model/indicator.ts';
import type { FileOutcome } from './engine/protocol.ts';
import { windowHead, windowOverlap, windowSize } from './limits.ts';

/** A file on its way: what the entry said and what has come of its content. */
export interface OpenEntry {
  readonly entry: Entry;
  readonly ordinal: number;
  readonly record: Omit<FileRecord, 'kind'>;
}

/** An open file's inspections, until all have come. */
export interface Pending {
  readonly open: OpenEntry;
  /** In the order of the walk; see `Results.expect`. */
  readonly place: number;
  /** Of the whole file; undefined where it broke off. */
  readonly sha256: Buffer | undefined;
  readonly parts: { readonly outcome: FileOutcome; readonly base: number; readonly head: number }[];
  windows: number;
  finished: boolean;
  /** What the file cache says of the content; then only its name was inspected. */
  readonly known?: Detection;
  /** Where the file cache may keep what is found. */
  readonly keep?: { readonly sha256: Buffer; readonly opened: boolean };
}

export interface Windowed {
  data(bytes: Buffer): void;
  /** @returns the SHA-256 of the whole file, undefined where it broke off */
  end(complete: boolean, settle: (owner: Pending) => void): Buffer | undefined;
}

/**
 * Cuts a large file into windows; the last one takes the rest, so that none is short.
 * @param take gives the memory for one
 * @param send takes it over
 */
export function createWindowed(
  open: OpenEntry,
  place: number,
  take: (size: number) => Buffer<ArrayBuffer>,
  send: (bytes: Buffer, offset: number, owner: Pending) => void,
): Windowed {
  const digest: Hash = createHash('sha256');
  const parts: Pending['parts'] = [];
  const size = open.record.size;
  let head = Buffer.alloc(0);
  let window = Buffer.alloc(0);
  let offset = 0;
  let filled = 0;
  let seen = 0;
  const owner = { open, place, sha256: undefined as Buffer | undefined, parts, windows: 0, finished: false };

  function begin(tail: Buffer): void {
    const rest = size - seen;
    const fresh = rest > 2 * windowSize ? windowSize : rest;
    window = take(head.length + tail.length + fresh);
    head.copy(window);
    tail.copy(window, head.length);
    // As if the head lay directly before the tail, so that a place in the window plus this is one in the file.
    offset = seen - tail.length - head.length;
    filled = head.length + tail.length;
  }
  begin(window);

  return {
    data(bytes) {
      digest.update(bytes);
      let from = 0;
      while (from < bytes.length) {
        const count = bytes.copy(window, filled, from);
        if (count === 0) return;
        from += count;
        filled += count;
        seen += count;
        if (filled === window.length && seen < size) {
          send(window, offset, owner);
          if (head.length === 0) head = Buffer.from(window.subarray(0, windowHead));
          begin(Buffer.from(window.subarray(window.length - windowOverlap)));
        }
      }
    },
    end(complete, settle) {
      if (filled > head.length) send(window.subarray(0, filled), offset, owner);
      owner.sha256 = complete ? digest.digest() : undefined;
      owner.finished = true;
      settle(owner);
      return owner.sha256;
    },
  };
}

/** One inspection of a file out of those of its windows: the first place of each finding counts. */
export function mergeWindows(owner: Pending): Inspection {
  const [first] = owner.parts;
  if (owner.parts.length === 1 && first?.head === 0) {
    const only = first.outcome ?? { content: nothing, path: nothing, faults: [] };
    return owner.known === undefined ? only : { ...only, content: owner.known };
  }
  const content = {
    findings: [] as DetectedFinding[],
    observables: [] as Observable[],
    start: undefined as StartFact | undefined,
  };
  const path = {
    findings: [] as DetectedFinding[],
    observables: [] as Observable[],
    start: undefined as StartFact | undefined,
  };
  const faults: Fault[] = [];
  const seen = new Set<string>();
  for (const { outcome, base, head } of [...owner.parts].sort((a, b) => a.base - b.base)) {
    if (outcome === null) continue;
    // What stands in the repeated head is at the file's own beginning.
    const moved = (offset: number): number => (offset - base < head ? offset - base : offset);
    for (const [into, from] of [
      [content, outcome.content],
      [path, outcome.path],
    ] as const) {
      for (const one of from.findings) {
        const key = `${one.rule}\n${one.value ?? ''}`;
        if (seen.has(key)) continue;
        seen.add(key);
        into.findings.push({ ...one, offset: moved(one.offset) });
      }
      for (const one of from.observables) into.observables.push({ ...one, offset: moved(one.offset) });
      if (from.start !== undefined) into.start ??= from.start;
    }
    faults.push(...outcome.faults);
  }
  const done = ({ findings, observables, start }: typeof content): Detection =>
    start === undefined ? { findings, observables } : { findings, observables, start };
  return { content: done(content), path: done(path), faults };
}
