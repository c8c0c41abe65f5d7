/**
 * The collector: takes a walk's entries and turns them into batches for the engine. It copies each file's bytes
 * into a reusable batch buffer (or a window of a large file), takes the SHA-256, leaves out what the file cache
 * knows, and puts the outcomes together. Memory is bounded by the engine's appetite, whatever the layer holds.
 */
import { hash } from 'node:crypto';
import { holdsMore, isReadable } from '../detect/archive/members.ts';
import { type Detection, type Detector, type FileRecord, nothing } from '../detect/detector.ts';
import { formOf } from '../detect/form.ts';
import { headSize, kindOf } from '../detect/kind.ts';
import type { EntrySink } from '../image/entry.ts';
import { EntryTable } from '../image/entry-table.ts';
import { decodeLossless, printablePath } from '../model/printable.ts';
import { createBufferPool } from './engine/buffer-pool.ts';
import type { Engine } from './engine/client.ts';
import { type BatchFile, batchFiles, batchSize } from './engine/protocol.ts';
import { createWindowed, mergeWindows, type OpenEntry, type Pending, type Windowed } from './file-windows.ts';
import type { LayerReport } from './layer-report.ts';
import { createResults } from './layer-results.ts';
import { type ScanLimits, windowHead, windowSize } from './limits.ts';

/**
 * Results of content detectors by the file's SHA-256; `put` may forget, `get` may miss. `opened` says whether an
 * archive was looked into: the same bytes have one result with and one without.
 */
export interface FileCache {
  get(sha256: Buffer, opened: boolean): Detection | undefined;
  put(sha256: Buffer, opened: boolean, found: Detection): void;
}

export interface Collector extends EntrySink {
  /**
   * Resolves when the engine welcomes more; call it between chunks. Rejects where outcomes could not be put together.
   */
  ready(): Promise<void>;
  /** After the walk: waits for all outcomes. Rejects as `ready` does. */
  finish(): Promise<Omit<LayerReport, 'diffId' | 'digests'>>;
}

/** Bytes of buffers that wait to be filled again: a large window, and a batch. */
const mostWaiting = 10 * 1024 * 1024;

export function createCollector(
  engine: Engine,
  detectors: readonly Detector[],
  files: FileCache,
  limits: ScanLimits,
): Collector {
  const table = new EntryTable();
  const pathDetectors = detectors.filter((one) => one.needs === 'path');
  const shownPath = (ordinal: number): string => printablePath(table.path(ordinal));
  const results = createResults(shownPath);
  const running = new Set<Promise<void>>();
  const pool = createBufferPool(batchSize, mostWaiting);
  /** Of a batch; whoever drives the walk hears of it. */
  let failure: { readonly error: unknown } | undefined;
  let batch = newBatch();
  let current: OpenEntry | undefined;
  let target: Buffer | undefined;
  let at = 0;
  let seen = 0;
  let windowed: Windowed | undefined;

  function take(size: number): Buffer<ArrayBuffer> {
    return Buffer.from(pool.take(size), 0, size);
  }

  function newBatch(): { buffer: Buffer; used: number; files: BatchFile[]; owners: Pending[] } {
    return { buffer: take(batchSize), used: 0, files: [], owners: [] };
  }

  function flush(): void {
    if (batch.files.length === 0) {
      batch.used = 0;
      return;
    }
    const { buffer, used, files: sent, owners } = batch;
    submit(buffer.subarray(0, used), sent, owners);
    batch = newBatch();
  }

  function submit(bytes: Buffer, sent: readonly BatchFile[], owners: readonly Pending[]): void {
    const work = inspect(bytes, sent, owners)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => running.delete(work));
    running.add(work);
  }

  async function inspect(
    bytes: Buffer,
    sent: readonly BatchFile[],
    owners: readonly Pending[],
  ): Promise<void> {
    const outcomes = await engine.inspect({ files: sent, bytes });
    pool.give(bytes.buffer as ArrayBuffer);
    for (const [index, owner] of owners.entries()) {
      const head = sent[index]?.offset === 0 ? 0 : windowHead;
      owner.parts.push({ outcome: outcomes[index] ?? null, base: sent[index]?.offset ?? 0, head });
      settle(owner);
    }
  }

  function throwFailure(): void {
    if (failure !== undefined) throw failure.error;
  }

  function settle(owner: Pending): void {
    if (!owner.finished || owner.parts.length < owner.windows) return;
    const found = mergeWindows(owner);
    results.add(owner.place, owner.open, owner.sha256, found);
    if (owner.keep !== undefined && found.faults.length === 0)
      files.put(owner.keep.sha256, owner.keep.opened, found.content);
  }

  function noteLeft(ordinal: number, record: FileRecord): void {
    if (pathDetectors.some((one) => one.leaves?.(record) === true)) results.leave(ordinal);
  }

  function startWindows(open: OpenEntry): Windowed {
    const shown = shownPath(open.ordinal);
    results.skip(shown, 'windowed', `${open.record.size} bytes, inspected in overlapping windows`);
    let isListed = false;
    return createWindowed(open, results.expect(), pool, ({ bytes, head, offset, parts, unopened }, owner) => {
      const record = { ...open.record, kind: kindOf(bytes.subarray(0, headSize)) };
      const part = { bytes: unopened, kind: record.kind };
      if (!isListed && unopened.length > 0 && holdsMore(part, offset + head, record.size)) {
        isListed = true;
        // What does not begin like an archive counts when it is reached, as formats without a decoder do.
        if (record.kind === 'binary') results.close(open.ordinal);
        else results.skip(shown, 'size-limit', 'too large to be opened as an archive');
      }
      results.form(formOf(bytes, record.kind));
      if (owner.windows === 0) noteLeft(open.ordinal, record);
      owner.windows++;
      const want = { content: true, unfold: false, path: pathDetectors.some((one) => one.wants(record)) };
      const opened = parts.length > 0 && { parts };
      const file: BatchFile = { ...record, offset, start: 0, length: bytes.length, want, ...opened };
      flush();
      submit(bytes, [file], [owner]);
    });
  }

  function endWhole(open: OpenEntry, buffer: Buffer, start: number, length: number, complete: boolean): void {
    const bytes = buffer.subarray(start, start + length);
    // Of a file that broke off, the bytes say nothing of the same bytes elsewhere: its archive was not opened.
    const sha256 = complete ? hash('sha256', bytes, 'buffer') : undefined;
    if (sha256 !== undefined) table.setContent(open.ordinal, sha256);
    const record: FileRecord = { ...open.record, kind: kindOf(bytes.subarray(0, headSize)) };
    results.form(formOf(bytes, record.kind));
    const opened = record.kind !== 'archive' || !isCompressedDocumentation(record.path);
    if (!opened || (record.kind === 'archive' && !isReadable(bytes))) results.close(open.ordinal);
    const known = sha256 === undefined ? undefined : files.get(sha256, opened);
    noteLeft(open.ordinal, record);
    const wantsPath = pathDetectors.some((one) => one.wants(record));
    const hasWork = wantsPath || (known === undefined && length > 0);
    if (!hasWork && buffer !== batch.buffer) pool.give(buffer.buffer as ArrayBuffer);
    if (known !== undefined && !wantsPath)
      results.add(results.expect(), open, sha256, { content: known, path: nothing, faults: [] });
    if (!hasWork) return;
    const owner: Pending = {
      open,
      place: results.expect(),
      sha256,
      parts: [],
      windows: 1,
      finished: true,
      ...(known !== undefined && { known }),
      ...(known === undefined && sha256 !== undefined && { keep: { sha256, opened } }),
    };
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
      submit(bytes, [file], [owner]);
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
      seen = 0;
      windowed = undefined;
      target = undefined;
      if (entry.size > limits.maxFileSize) {
        results.skip(shownPath(ordinal), 'size-limit', `${entry.size} bytes`);
      } else if (entry.size > 2 * windowSize) {
        windowed = startWindows(current);
      } else if (entry.size > batchSize) {
        target = take(entry.size);
      } else {
        if (batch.used + entry.size > batchSize || batch.files.length >= batchFiles) flush();
        target = batch.buffer;
        at = batch.used;
      }
    },
    data(bytes) {
      seen += bytes.length;
      if (windowed !== undefined) windowed.data(bytes);
      else if (target !== undefined) at += bytes.copy(target, at);
    },
    end(complete) {
      const open = current;
      current = undefined;
      if (open === undefined) return;
      if (windowed !== undefined) {
        const sha256 = windowed.end(complete, settle);
        if (sha256 !== undefined) table.setContent(open.ordinal, sha256);
      } else if (target !== undefined) {
        const start = target === batch.buffer ? batch.used : 0;
        endWhole(open, target, start, at - start, complete);
      }
      results.count(seen);
    },
    skip: (path, reason, detail) =>
      results.skip(typeof path === 'string' ? path : printablePath(path), reason, detail),
    async ready() {
      throwFailure();
      await engine.ready();
    },
    async finish() {
      flush();
      for (const ordinal of table.duplicates()) results.skip(shownPath(ordinal), 'duplicate');
      while (running.size > 0) await Promise.all(running);
      pool.clear();
      throwFailure();
      return { entries: table, ...results.report() };
    },
  };
}

/**
 * Compressed manual pages and change logs are a third of a Debian image's inspection time, and nothing starts from
 * there. They stay closed (their bytes are inspected as they are); where a start path reaches one, the judge says so.
 */
function isCompressedDocumentation(path: string): boolean {
  return (
    /^\/usr\/(?:local\/)?share\/(?:doc|man|info)\//.test(path) &&
    path.endsWith('.gz') &&
    !path.endsWith('.tar.gz')
  );
}
