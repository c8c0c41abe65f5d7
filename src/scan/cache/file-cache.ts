/**
 * The file cache: what content detectors said of a file, by its SHA-256. About 3 % of the files on Docker Hub
 * are unique (Zhao et al., CLUSTER 2019), so this is what makes a hunt cheap.
 *
 * It is lossy by design: one table of fixed size, eight slots to a bucket, the oldest habit of hardware caches.
 * A slot is written in one call and carries its own checksum, so two processes need no lock and a kill leaves at
 * worst one slot that does not check, which is a miss. Results with content lie in pack files, one per process.
 */
import { hash, randomBytes } from 'node:crypto';
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Detection } from '../../detect/detector.ts';
import type { FileCache } from '../collector.ts';
import { shrink } from './folder.ts';

/** Slot: key (20), pack (4; 0 says that nothing was found), offset (4), length (4), CRC-32 of those (4). */
const keySize = 20;
const slotSize = 36;
const slotsPerBucket = 8;
const bucketSize = slotSize * slotsPerBucket;

/** 2^17 buckets, a million files: a sparse file of at most 36 MiB. */
const buckets = 131_072;

/** A pack is closed at this size, and the oldest packs go when all of them exceed the second. */
const packSize = 64 * 1024 * 1024;
const packsSize = 512 * 1024 * 1024;

/** Every process that finds something new begins a pack, so their number is bounded too. */
const mostPacks = 256;

/** Packs of others that are kept open. */
const mostOpen = 32;

const nothingFound: Detection = { findings: [], observables: [] };

interface Pack {
  readonly id: number;
  readonly descriptor: number;
  written: number;
}

/** @param context whatever else results depend on: see `contextOf`, and the limits */
export function openFileCache(folder: string, context: string): FileCache & { close(): void } {
  const tablePath = join(folder, 'table');
  const table =
    openOrUndefined(tablePath, constants.O_RDWR | constants.O_CREAT) ??
    openOrUndefined(tablePath, constants.O_RDONLY);
  const packs = new Map<number, number | undefined>();
  const bucket = Buffer.allocUnsafe(bucketSize);
  let own: Pack | undefined;
  let isOpen = true;

  const contexts = [Buffer.from(`closed\n${context}`), Buffer.from(`opened\n${context}`)] as const;
  const keyOf = (sha256: Buffer, opened: boolean): Buffer =>
    hash('sha256', Buffer.concat([sha256, contexts[opened ? 1 : 0]]), 'buffer');

  function readBucket(at: number): boolean {
    if (table === undefined || !isOpen) return false;
    bucket.fill(0);
    try {
      readSync(table, bucket, 0, bucketSize, at);
      return true;
    } catch {
      return false;
    }
  }

  function read(pack: number, offset: number, length: number): Detection | undefined {
    if (pack === 0) return nothingFound;
    const descriptor = own?.id === pack ? own.descriptor : openPack(pack);
    if (descriptor === undefined || length < 4 || length > packSize) return undefined;
    const record = Buffer.allocUnsafe(length);
    try {
      if (readSync(descriptor, record, 0, length, offset) !== length) return undefined;
      const body = record.subarray(4);
      return crc32(body) === record.readUInt32LE(0) ? (JSON.parse(body.toString()) as Detection) : undefined;
    } catch {
      return undefined;
    }
  }

  function openPack(pack: number): number | undefined {
    if (packs.has(pack)) return packs.get(pack);
    if (packs.size >= mostOpen) closePacks();
    const descriptor = openOrUndefined(packPath(folder, pack), constants.O_RDONLY);
    packs.set(pack, descriptor);
    return descriptor;
  }

  function closePacks(): void {
    for (const descriptor of packs.values()) if (descriptor !== undefined) closeSync(descriptor);
    packs.clear();
  }

  function append(found: Detection): { pack: number; offset: number; length: number } | undefined {
    if (isNothing(found)) return { pack: 0, offset: 0, length: 0 };
    if (own === undefined || own.written > packSize) {
      if (own !== undefined) closeSync(own.descriptor);
      own = undefined;
      shrink(join(folder, 'packs'), packsSize, mostPacks - 1);
      const id = randomBytes(4).readUInt32LE() || 1;
      const descriptor = openOrUndefined(
        packPath(folder, id),
        constants.O_RDWR | constants.O_CREAT | constants.O_EXCL,
      );
      if (descriptor === undefined) return undefined;
      own = { id, descriptor, written: 0 };
    }
    const body = Buffer.from(JSON.stringify(found));
    const record = Buffer.allocUnsafe(4 + body.length);
    record.writeUInt32LE(crc32(body), 0);
    body.copy(record, 4);
    writeSync(own.descriptor, record, 0, record.length, own.written);
    own.written += record.length;
    return { pack: own.id, offset: own.written - record.length, length: record.length };
  }

  return {
    get(sha256, opened) {
      const key = keyOf(sha256, opened);
      if (!readBucket(bucketOf(key))) return undefined;
      for (let at = 0; at < bucketSize; at += slotSize) {
        if (bucket.compare(key, 0, keySize, at, at + keySize) !== 0 || !checks(bucket, at)) continue;
        return read(bucket.readUInt32LE(at + 20), bucket.readUInt32LE(at + 24), bucket.readUInt32LE(at + 28));
      }
      return undefined;
    },
    put(sha256, opened, found) {
      const key = keyOf(sha256, opened);
      const start = bucketOf(key);
      try {
        if (table === undefined || !readBucket(start)) return;
        const place = append(found);
        if (place === undefined) return;
        const slot = Buffer.allocUnsafe(slotSize);
        key.copy(slot, 0, 0, keySize);
        slot.writeUInt32LE(place.pack, 20);
        slot.writeUInt32LE(place.offset, 24);
        slot.writeUInt32LE(place.length, 28);
        slot.writeUInt32LE(crc32(slot.subarray(0, 32)), 32);
        writeSync(table, slot, 0, slotSize, start + victim(bucket, key));
      } catch {
        // A full disk costs time in the next scan, nothing else.
      }
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      closePacks();
      for (const descriptor of [table, own?.descriptor]) if (descriptor !== undefined) closeSync(descriptor);
    },
  };
}

function bucketOf(key: Buffer): number {
  return (key.readUInt32LE(keySize) % buckets) * bucketSize;
}

/** The slot to write: the same key, else a free or broken one, else any. */
function victim(bucket: Buffer, key: Buffer): number {
  let free = -1;
  for (let at = 0; at < bucketSize; at += slotSize) {
    if (bucket.compare(key, 0, keySize, at, at + keySize) === 0) return at;
    if (free === -1 && !checks(bucket, at)) free = at;
  }
  return free !== -1 ? free : ((key[24] ?? 0) % slotsPerBucket) * slotSize;
}

function checks(bucket: Buffer, at: number): boolean {
  return crc32(bucket.subarray(at, at + 32)) === bucket.readUInt32LE(at + 32);
}

function isNothing(found: Detection): boolean {
  return (
    found.findings.length === 0 &&
    found.observables.length === 0 &&
    found.start === undefined &&
    found.unseen === undefined &&
    found.held === undefined
  );
}

function packPath(folder: string, id: number): string {
  return join(folder, 'packs', id.toString(16).padStart(8, '0'));
}

function openOrUndefined(path: string, flags: number): number | undefined {
  try {
    return openSync(path, flags, 0o600);
  } catch {
    return undefined;
  }
}
