/**
 * Large files in windows. Each window repeats the end of the one before it, so that no string is cut in two, and
 * begins with the file's own head, so that rules that test a magic number still apply. The last window takes the
 * rest, so that none is short. Of a zip a window ends where a member does, so that its members can be opened.
 * Afterwards the inspections of all windows become one again.
 */
import { createHash, type Hash } from 'node:crypto';
import { lookahead } from '../detect/archive/zip-entries.ts';
import { createZipWalk, type ZipPart, type ZipWalk, zipStart } from '../detect/archive/zip-walk.ts';
import {
  type DetectedFinding,
  type Detection,
  type FileRecord,
  nothing,
  type StartFact,
  type Unseen,
} from '../detect/detector.ts';
import { noForms } from '../detect/form.ts';
import { headSize, kindOf } from '../detect/kind.ts';
import type { Fault, Inspection } from '../detect/runner.ts';
import type { Entry } from '../image/entry.ts';
import type { Observable } from '../model/indicator.ts';
import type { BufferPool } from './engine/buffer-pool.ts';
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
  sha256: Buffer | undefined;
  readonly parts: { readonly outcome: FileOutcome; readonly base: number; readonly head: number }[];
  windows: number;
  finished: boolean;
  /** What the file cache says of the content; then only its name was inspected. */
  readonly known?: Detection;
  /** Where the file cache may keep what is found. */
  readonly keep?: { readonly sha256: Buffer; readonly opened: boolean };
  /** What could not be read of a large archive while it was cut into windows. */
  unseen?: readonly Unseen[];
}

export interface Window {
  readonly bytes: Buffer;
  /** How much of it the file's head takes up. */
  readonly head: number;
  /** As if the head lay directly before the rest, so that a place in the window plus this is one in the file. */
  readonly offset: number;
  /** Members of a zip, by places in the window. */
  readonly parts: readonly ZipPart[];
  /** All behind the head, but for a zip that is opened. */
  readonly unopened: Buffer;
}

export interface Windowed {
  data(bytes: Buffer): void;
  /** @returns the SHA-256 of the whole file, undefined where it broke off */
  end(complete: boolean, settle: (owner: Pending) => void): Buffer | undefined;
}

/** @param send takes the window's memory over, and gives it back to the pool */
export function createWindowed(
  open: OpenEntry,
  place: number,
  pool: BufferPool,
  send: (window: Window, owner: Pending) => void,
): Windowed {
  const digest: Hash = createHash('sha256');
  const size = open.record.size;
  const owner: Pending = { open, place, sha256: undefined, parts: [], windows: 0, finished: false };
  let zip: { readonly walk: ZipWalk; readonly start: number } | undefined;
  let head = Buffer.alloc(0);
  let window = Buffer.alloc(0);
  /** How much of the window the head takes up. */
  let lead = 0;
  let offset = 0;
  /** Where in the window that begins which was in none before. */
  let fresh = 0;
  let filled = 0;
  let seen = 0;

  function take(length: number): Buffer<ArrayBuffer> {
    return Buffer.from(pool.take(length), 0, length);
  }

  /** @param kept of the window before @param carried how many bytes of them were not posted */
  function begin(kept: Buffer, carried: number): void {
    const rest = size - seen;
    const isLast = rest <= 2 * windowSize && zip === undefined;
    const room = isLast ? rest : Math.min(rest, Math.max(windowSize - carried, windowOverlap));
    lead = head.length;
    window = take(lead + kept.length + room);
    head.copy(window);
    kept.copy(window, lead);
    filled = lead + kept.length;
    offset = seen - filled;
    fresh = filled - carried;
  }

  /** There is room for a member that is larger than a window. */
  function grow(): void {
    const small = window;
    window = take(Math.min(fresh + 2 * windowSize, filled + size - seen));
    small.copy(window);
    pool.give(small.buffer);
  }

  /** Once the window is full. */
  function turn(): void {
    if (head.length === 0) {
      head = Buffer.from(window.subarray(0, windowHead));
      zip = openZip(window, size);
    }
    const end = walked();
    if (end <= fresh) {
      grow();
      return;
    }
    post(end);
    begin(window.subarray(Math.max(lead, end - windowOverlap), filled), filled - end);
  }

  /** How far what the window holds can be posted. */
  function walked(): number {
    if (zip === undefined) return filled;
    return zip.walk.read(window.subarray(fresh, filled), offset + fresh) - offset;
  }

  function post(end: number): void {
    const taken = zip?.walk.take() ?? [];
    const parts = taken.map((one) => ({ ...one, start: one.start - offset, end: one.end - offset }));
    const bytes = window.subarray(0, Math.min(filled, end + lookahead));
    const unopened = bytes.subarray(lead, zip && Math.max(lead, zip.start - offset));
    send({ bytes, head: lead, offset, parts, unopened }, owner);
  }

  begin(window, 0);
  return {
    data(bytes) {
      digest.update(bytes);
      for (let from = 0; from < bytes.length && seen < size; ) {
        const count = bytes.copy(window, filled, from);
        from += count;
        filled += count;
        seen += count;
        if (filled === window.length && seen < size) turn();
      }
    },
    end(complete, settle) {
      if (zip !== undefined) walked();
      if (filled > lead) post(filled);
      owner.sha256 = complete ? digest.digest() : undefined;
      if (zip !== undefined) owner.unseen = zip.walk.unseen();
      owner.finished = true;
      settle(owner);
      return owner.sha256;
    },
  };
}

/** @param first window of a file of `size` bytes */
function openZip(first: Buffer, size: number): { walk: ZipWalk; start: number } | undefined {
  const start = zipStart(first, kindOf(first.subarray(0, headSize)));
  return start === undefined ? undefined : { walk: createZipWalk(start, size, 2 * windowSize), start };
}

/** One inspection of a file out of those of its windows: the first place of each finding counts. */
export function mergeWindows(owner: Pending): Inspection {
  const [first] = owner.parts;
  if (owner.parts.length === 1 && first?.head === 0 && owner.unseen === undefined) {
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
  const unseen = [...(owner.unseen ?? [])];
  const seen = new Set<string>();
  let held = noForms;
  for (const { outcome, base, head } of [...owner.parts].sort(
    (a, b) => a.base + a.head - b.base - b.head || a.head - b.head,
  )) {
    if (outcome === null) continue;
    // What stands in the repeated head is at the file's own beginning; places in members lie elsewhere.
    const moved = (offset: number): number =>
      offset >= base && offset - base < head ? offset - base : offset;
    for (const [into, from] of [
      [content, outcome.content],
      [path, outcome.path],
    ] as const) {
      for (const one of from.findings) {
        const key = `${one.rule}\n${one.value ?? ''}\n${one.member ?? ''}`;
        if (seen.has(key)) continue;
        seen.add(key);
        into.findings.push(one.member === undefined ? { ...one, offset: moved(one.offset) } : one);
      }
      for (const one of from.observables) into.observables.push({ ...one, offset: moved(one.offset) });
      if (from.start !== undefined) into.start ??= from.start;
    }
    unseen.push(...(outcome.content.unseen ?? []));
    held |= outcome.content.held ?? noForms;
    faults.push(...outcome.faults);
  }
  const done = ({ findings, observables, start }: typeof content): Detection =>
    start === undefined ? { findings, observables } : { findings, observables, start };
  const parts = { ...(unseen.length > 0 && { unseen }), ...(held !== noForms && { held }) };
  return { content: { ...done(content), ...parts }, path: done(path), faults };
}
