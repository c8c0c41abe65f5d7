/**
 * The collector: takes a walk's entries and turns them into batches for the engine. It copies each file's bytes
 * into a reusable batch buffer (or a window of a large file), takes the SHA-256, leaves out what the file cache
 * knows, and puts the outcomes together. Memory is bounded by the engine's appetite, whatever the layer holds.
 */
import { createHash, type Hash, hash } from 'node:crypto';
import type { Detection, DetectedFinding, Detector, FileRecord, StartFact } from '../detect/detector.ts';
import { headSize, kindOf } from '../detect/kind.ts';
import type { Fault, Inspection } from '../detect/runner.ts';
import type { Entry, EntrySink } from '../image/entry.ts';
import { EntryTable } from '../image/entry-table.ts';
import type { CoverageError, Skipped } from '../model/coverage.ts';
import type { Observable } from '../model/indicator.ts';
import { decodeLossless, printable } from '../model/printable.ts';
import type { Engine } from './engine/client.ts';
import { type BatchFile, batchSize, type FileOutcome } from './engine/protocol.ts';
import type { LayerFinding, LayerObservable, LayerReport, Place } from './layer-report.ts';
import { mostPlaces } from './layer-report.ts';
import { type ScanLimits, windowHead, windowOverlap, windowSize } from './limits.ts';

/**
 * Results of content detectors by the file's SHA-256; `put` may forget, `get` may miss. `opened` says whether an
 * archive was looked into: the same bytes have one result with and one without.
 */
export interface FileCache {
  get(sha256: Buffer, opened: boolean): Detection | undefined;
  put(sha256: Buffer, opened: boolean, found: Detection): void;
}

export interface Collector extends EntrySink {
  /** Resolves when the engine welcomes more; call it between chunks. */
  ready(): Promise<void>;
  /** After the walk: waits for all outcomes. */
  finish(): Promise<Omit<LayerReport, 'diffId' | 'digests'>>;
}

/** Most skips listed per layer and reason; of the others only the number. */
const mostSkips = 1000;

/** Most observables kept per layer; more are counted as a hole. */
const mostObservables = 200_000;

/** A file on its way: what the entry said and what has come of its content. */
interface OpenEntry {
  readonly entry: Entry;
  readonly ordinal: number;
  readonly record: Omit<FileRecord, 'kind'>;
}

interface Pending {
  readonly open: OpenEntry;
  readonly sha256: Buffer | undefined;
  readonly parts: { readonly outcome: FileOutcome; readonly base: number; readonly head: number }[];
  windows: number;
  finished: boolean;
  wantsContent: boolean;
  readonly opened: boolean;
}

export function createCollector(
  engine: Engine,
  detectors: readonly Detector[],
  files: FileCache,
  limits: ScanLimits,
): Collector {
  const table = new EntryTable();
  const pathDetectors = detectors.filter((one) => one.needs === 'path');
  const results = createResults();
  const running = new Set<Promise<void>>();
  const spare: Buffer[] = [];
  let batch = newBatch();
  let current: OpenEntry | undefined;
  let target: Buffer | undefined;
  let at = 0;
  let windowed: Windowed | undefined;

  function newBatch(): { buffer: Buffer; used: number; files: BatchFile[]; owners: Pending[] } {
    return { buffer: spare.pop() ?? Buffer.allocUnsafeSlow(batchSize), used: 0, files: [], owners: [] };
  }

  function flush(): void {
    if (batch.files.length === 0) {
      batch.used = 0;
      return;
    }
    const { buffer, used, files: sent, owners } = batch;
    submit(buffer.subarray(0, used), sent, owners, () => spare.push(buffer));
    batch = newBatch();
  }

  function submit(bytes: Buffer, sent: readonly BatchFile[], owners: readonly Pending[], release: () => void): void {
    const work = engine.inspect({ files: sent, bytes }).then((outcomes) => {
      release();
      running.delete(work);
      for (const [index, owner] of owners.entries()) {
        const head = sent[index]?.offset === 0 ? 0 : windowHead;
        owner.parts.push({ outcome: outcomes[index] ?? null, base: sent[index]?.offset ?? 0, head });
        settle(owner);
      }
    });
    running.add(work);
  }

  function settle(owner: Pending): void {
    if (!owner.finished || owner.parts.length < owner.windows) return;
    const found = mergeWindows(owner);
    results.add(owner.open, owner.sha256, found);
    const intact = found.faults.length === 0;
    if (owner.wantsContent && intact && owner.sha256 !== undefined) files.put(owner.sha256, owner.opened, found.content);
  }

  function startWindows(open: OpenEntry): Windowed {
    results.skip(open.record.path, 'windowed', `${open.record.size} bytes, inspected in overlapping windows`);
    return createWindowed(open, (bytes, offset, owner) => {
      const record = { ...open.record, kind: kindOf(bytes.subarray(0, headSize)) };
      if (offset === 0 && record.kind === 'archive') results.skip(record.path, 'size-limit', 'too large to be opened as an archive');
      owner.windows++;
      const want = { content: true, unfold: false, path: pathDetectors.some((one) => one.wants(record)) };
      const file: BatchFile = { ...record, offset, start: 0, length: bytes.length, want };
      flush();
      submit(bytes, [file], [owner], () => {});
    });
  }

  function endWhole(open: OpenEntry, buffer: Buffer, start: number, length: number): void {
    const bytes = buffer.subarray(start, start + length);
    const sha256 = hash('sha256', bytes, 'buffer');
    table.setContent(open.ordinal, sha256);
    const record: FileRecord = { ...open.record, kind: kindOf(bytes.subarray(0, headSize)) };
    const opened = record.kind !== 'archive' || !isCompressedDocumentation(record.path);
    if (!opened) results.close(open.ordinal);
    const known = files.get(sha256, opened);
    const wantsPath = pathDetectors.some((one) => one.wants(record));
    if (known !== undefined && !wantsPath) {
      results.add(open, sha256, { content: known, path: { findings: [], observables: [] }, faults: [] });
      return;
    }
    if (length === 0 && !wantsPath) return;
    const owner: Pending = { open, sha256, parts: [], windows: 1, finished: true, wantsContent: known === undefined, opened };
    if (known !== undefined) {
      owner.windows = 2;
      owner.parts.push({ outcome: { content: known, path: { findings: [], observables: [] }, faults: [] }, base: 0, head: 0 });
    }
    const file: BatchFile = {
      ...record,
      offset: 0,
      start: buffer === batch.buffer ? start : 0,
      length,
      want: { content: known === undefined, unfold: opened, path: wantsPath },
    };
    if (buffer === batch.buffer) {
      batch.used = start + length;
      batch.files.push(file);
      batch.owners.push(owner);
    } else {
      submit(bytes, [file], [owner], () => {});
    }
  }

  return {
    entry(entry) {
      const ordinal = table.append(entry);
      if (entry.type !== 'file') return;
      const path = decodeLossless(entry.path);
      const record = { path, size: entry.size, mode: entry.mode, uid: entry.uid, gid: entry.gid };
      current = { entry, ordinal, record };
      at = 0;
      windowed = undefined;
      target = undefined;
      if (entry.size > limits.maxFileSize) {
        results.skip(path, 'size-limit', `${entry.size} bytes`);
      } else if (entry.size > 2 * windowSize) {
        windowed = startWindows(current);
      } else if (entry.size > batchSize) {
        target = Buffer.allocUnsafeSlow(entry.size);
      } else {
        if (batch.used + entry.size > batchSize) flush();
        target = batch.buffer;
        at = batch.used;
      }
    },
    data(bytes) {
      if (windowed !== undefined) windowed.data(bytes);
      else if (target !== undefined) at += bytes.copy(target, at);
    },
    end() {
      const open = current;
      current = undefined;
      if (open === undefined) return;
      if (windowed !== undefined) table.setContent(open.ordinal, windowed.end(settle));
      else if (target !== undefined) {
        const start = target === batch.buffer ? batch.used : 0;
        endWhole(open, target, start, at - start);
      }
      results.count(open.record.size);
    },
    skip: (path, reason, detail) => results.skip(typeof path === 'string' ? path : decodeLossless(path), reason, detail),
    ready: () => engine.ready(),
    async finish() {
      flush();
      for (const ordinal of table.duplicates()) results.skip(decodeLossless(table.path(ordinal)), 'duplicate');
      while (running.size > 0) await Promise.all(running);
      return { entries: table, ...results.report() };
    },
  };
}

/**
 * Compressed manual pages and change logs are a third of a Debian image's inspection time, and nothing starts from
 * there. They stay closed (their bytes are inspected as they are); where a start path reaches one, the judge says so.
 */
function isCompressedDocumentation(path: string): boolean {
  return /^\/usr\/(?:local\/)?share\/(?:doc|man|info)\//.test(path) && path.endsWith('.gz') && !path.endsWith('.tar.gz');
}

interface Windowed {
  data(bytes: Buffer): void;
  /** @returns the SHA-256 of the whole file */
  end(settle: (owner: Pending) => void): Buffer;
}

/** Cuts a large file into windows; the last one takes the rest, so that none is short. */
function createWindowed(open: OpenEntry, send: (bytes: Buffer, offset: number, owner: Pending) => void): Windowed {
  const digest: Hash = createHash('sha256');
  const parts: Pending['parts'] = [];
  const size = open.record.size;
  let head = Buffer.alloc(0);
  let window = Buffer.alloc(0);
  let offset = 0;
  let filled = 0;
  let seen = 0;
  const owner = { open, sha256: undefined as Buffer | undefined, parts, windows: 0, finished: false, wantsContent: true, opened: false };

  function begin(tail: Buffer): void {
    const rest = size - seen;
    const fresh = rest > 2 * windowSize ? windowSize : rest;
    window = Buffer.allocUnsafeSlow(head.length + tail.length + fresh);
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
    end(settle) {
      if (filled > head.length) send(window.subarray(0, filled), offset, owner);
      owner.sha256 = digest.digest();
      owner.finished = true;
      settle(owner);
      return owner.sha256;
    },
  };
}

/** One inspection of a file out of those of its windows: the first place of each finding counts. */
function mergeWindows(owner: Pending): Inspection {
  const only = owner.parts[0]?.outcome;
  if (owner.parts.length === 1 && owner.parts[0]?.head === 0) return only ?? emptyInspection();
  const content = { findings: [] as DetectedFinding[], observables: [] as Observable[], start: undefined as StartFact | undefined };
  const path = { findings: [] as DetectedFinding[], observables: [] as Observable[], start: undefined as StartFact | undefined };
  const faults: Fault[] = [];
  const seen = new Set<string>();
  for (const { outcome, base, head } of [...owner.parts].sort((a, b) => a.base - b.base)) {
    if (outcome === null) continue;
    // What stands in the repeated head is at the file's own beginning.
    const moved = (offset: number): number => (offset - base < head ? offset - base : offset);
    for (const [into, from] of [[content, outcome.content], [path, outcome.path]] as const) {
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

function emptyInspection(): Inspection {
  return { content: { findings: [], observables: [] }, path: { findings: [], observables: [] }, faults: [] };
}

interface Results {
  add(open: OpenEntry, sha256: Buffer | undefined, found: Inspection): void;
  skip(path: string, reason: Skipped['reason'], detail?: string): void;
  /** A compressed document that was not looked into. */
  close(ordinal: number): void;
  count(bytes: number): void;
  report(): Omit<LayerReport, 'diffId' | 'digests' | 'entries'>;
}

/** What the layer adds up to. */
function createResults(): Results {
  const findings: LayerFinding[] = [];
  const observables = new Map<string, { readonly one: Observable; readonly places: Place[]; files: number; last: number }>();
  const starts = new Map<number, StartFact>();
  const skipped: Omit<Skipped, 'layer'>[] = [];
  const skips = new Map<Skipped['reason'], number>();
  const errors: CoverageError[] = [];
  let count = 0;
  let total = 0;
  let overflow = false;
  const closed: number[] = [];

  function skip(path: string, reason: Skipped['reason'], detail?: string): void {
    const before = skips.get(reason) ?? 0;
    skips.set(reason, before + 1);
    if (before >= mostSkips) return;
    skipped.push({ path: printable(path), reason, ...(detail !== undefined && { detail: printable(detail, 300) }) });
  }

  return {
    add({ ordinal, record }, sha256, { content, path, faults }) {
      const hex = sha256?.toString('hex') ?? '';
      for (const one of content.findings) findings.push({ ...one, ordinal, sha256: hex });
      for (const one of path.findings) findings.push({ ...one, ordinal, sha256: hex });
      for (const one of content.unseen ?? []) skip(`${record.path}!${one.member}`, one.reason, one.detail);
      for (const list of [content.observables, path.observables]) {
        for (const one of list) {
          const key = `${one.type}\n${one.value}`;
          const known = observables.get(key);
          if (known === undefined) {
            if (observables.size < mostObservables) {
              observables.set(key, { one, places: [{ ordinal, offset: one.offset }], files: 1, last: ordinal });
            } else overflow = true;
          } else if (known.last !== ordinal) {
            known.last = ordinal;
            known.files++;
            if (known.places.length < mostPlaces) known.places.push({ ordinal, offset: one.offset });
          }
        }
      }
      const start = path.start ?? content.start;
      if (start !== undefined) starts.set(ordinal, start);
      for (const { detector, code, message } of faults) {
        if (code === 'limit') skip(record.path, 'time-limit', `${detector}: ${message}`);
        else errors.push({ where: printable(record.path), code, message: printable(`${detector}: ${message}`, 500) });
      }
    },
    skip,
    close(ordinal) {
      closed.push(ordinal);
    },
    count(bytes) {
      count++;
      total += bytes;
    },
    report() {
      for (const [reason, times] of skips) {
        if (times > mostSkips) skipped.push({ path: '/', reason, detail: `and ${times - mostSkips} more` });
      }
      if (overflow) skip('/', 'entry-limit', `more than ${mostObservables} different hosts, addresses and URLs`);
      const kept: LayerObservable[] = [...observables.values()].map(({ one, places, files }) => ({
        type: one.type,
        value: one.value,
        note: one.note ?? '',
        places,
        files,
      }));
      findings.sort((a, b) => a.ordinal - b.ordinal);
      return { findings, observables: kept, starts, closed, skipped, errors, files: count, bytes: total };
    },
  };
}
