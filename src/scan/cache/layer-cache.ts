/**
 * The layer cache: one sealed file per diffID and context. Images share layers, so a second
 * image on a known base costs only what it adds, and a rescan costs reading these files.
 */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { StartFact } from '../../detect/detector.ts';
import { EntryTable } from '../../image/entry-table.ts';
import type { LayerReport } from '../layer-report.ts';
import { keepWithin } from './folder.ts';
import { readSealed, writeSealed } from './sealed-file.ts';

export interface LayerCache {
  get(diffId: string): LayerReport | undefined;
  put(report: LayerReport): void;
  /** As it is kept, for a cache elsewhere; undefined where it is too large. */
  pack(report: LayerReport): Buffer | undefined;
  /** Takes what a cache elsewhere has packed; undefined where it is not whole. */
  adopt(diffId: string, body: Buffer): LayerReport | undefined;
}

/** Raised when the shape below changes. */
export const format = 4;

/** A layer of a million entries takes about 100 MiB before compression; nothing honest comes near this. */
const largest = 1024 * 1024 * 1024;

/** Of what is unpacked at once: with the 16 KiB of zlib's own, growing takes longer than unpacking. */
const chunkSize = 1024 * 1024;

const defaultSize = 2 * 1024 * 1024 * 1024;

/** The images of one run stand on the same few bases: so many reports stay in memory, of at most so many entries. */
const mostRecent = 6;
const mostRecentEntries = 30_000;

/**
 * @param context whatever reports depend on besides the layer: see `contextOf`, and the limits
 * @param folderSize most bytes kept, see `keepWithin`
 */
export function openLayerCache(folder: string, context: string, folderSize = defaultSize): LayerCache {
  const pathOf = (diffId: string): string => join(folder, hash('sha256', `${format}\n${context}\n${diffId}`));
  const recent = new Map<string, LayerReport>();
  const written = keepWithin(folder, folderSize);

  function read(diffId: string): LayerReport | undefined {
    const body = readSealed(pathOf(diffId));
    return body && unpack(body);
  }

  function write(diffId: string, body: Buffer): void {
    if (body.length > folderSize) return;
    writeSealed(pathOf(diffId), body);
    written(body.length);
  }

  return {
    get(diffId) {
      const report = recent.get(diffId) ?? read(diffId);
      recent.delete(diffId);
      if (report !== undefined && report.entries.count <= mostRecentEntries) recent.set(diffId, report);
      for (const oldest of recent.keys()) {
        if (recent.size <= mostRecent) break;
        recent.delete(oldest);
      }
      return report;
    },
    put(report) {
      recent.delete(report.diffId);
      const body = pack(report);
      // Read again next time.
      if (body !== undefined) write(report.diffId, body);
    },
    pack,
    adopt(diffId, body) {
      const report = unpack(body);
      if (report?.diffId !== diffId) return undefined;
      write(diffId, body);
      return report;
    },
  };
}

function pack(report: LayerReport): Buffer | undefined {
  try {
    return zstdCompressSync(encode(report), { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
  } catch {
    // Longer than a string or a buffer may be.
    return undefined;
  }
}

function unpack(body: Buffer): LayerReport | undefined {
  try {
    return decode(zstdDecompressSync(body, { maxOutputLength: largest, chunkSize }));
  } catch {
    return undefined;
  }
}

type Facts = Omit<LayerReport, 'entries' | 'starts'> & {
  readonly starts: readonly (readonly [number, StartFact])[];
};

function encode(report: LayerReport): Buffer {
  const { entries, starts, ...rest } = report;
  const facts: Facts = { ...rest, starts: [...starts] };
  const json = Buffer.from(JSON.stringify(facts));
  const size = Buffer.allocUnsafe(4);
  size.writeUInt32LE(json.length);
  return Buffer.concat([size, json, entries.serialise()]);
}

function decode(body: Buffer): LayerReport {
  const end = 4 + body.readUInt32LE(0);
  const facts = JSON.parse(body.toString('utf8', 4, end)) as Facts;
  return { ...facts, starts: new Map(facts.starts), entries: EntryTable.load(body.subarray(end)) };
}
