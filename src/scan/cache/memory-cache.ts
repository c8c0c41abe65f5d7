/**
 * Files repeat within one image and among its neighbours, so results are kept in memory whether or not there is a cache
 * on disk. Most files have nothing in them: of those only the digest is kept, 40 bytes each.
 */
import { type Detection, nothing } from '../../detect/detector.ts';
import { noForms } from '../../detect/form.ts';
import { createHashIndex } from '../../image/hash-index.ts';
import type { FileCache } from '../collector.ts';

/** Files in which something was found, with their findings and observables about 200 bytes each. */
const mostKept = 100_000;

/** Files in which nothing was found. */
const mostEmpty = 400_000;

const digestSize = 32;

/** @param cached asked for what is not in memory, and told of everything */
export function withMemory(cached: FileCache | undefined): FileCache {
  const empty = { opened: createDigestSet(mostEmpty / 2), closed: createDigestSet(mostEmpty / 2) };
  const found = new Map<string, Detection>();
  let kept = 0;
  const setOf = (opened: boolean): DigestSet => (opened ? empty.opened : empty.closed);
  const keyOf = (sha256: Buffer, opened: boolean): string => `${opened ? 1 : 0}${sha256.toString('latin1')}`;
  return {
    get(sha256, opened) {
      if (setOf(opened).has(sha256)) return nothing;
      const known = found.size === 0 ? undefined : found.get(keyOf(sha256, opened));
      return known ?? cached?.get(sha256, opened);
    },
    put(sha256, opened, one) {
      const { findings, observables, start, unseen = [], held = noForms } = one;
      const others = (start === undefined ? 0 : 1) + (held === noForms ? 0 : 1);
      const size = findings.length + observables.length + unseen.length + others;
      if (size === 0) setOf(opened).add(sha256);
      else if (kept + size < mostKept) {
        kept += 1 + size;
        found.set(keyOf(sha256, opened), one);
      }
      cached?.put(sha256, opened, one);
    },
  };
}

export interface DigestSet {
  has(sha256: Uint8Array): boolean;
  /** Does nothing once it is full. */
  add(sha256: Uint8Array): void;
}

/** SHA-256 digests behind each other. @param most of them */
export function createDigestSet(most: number): DigestSet {
  let digests = Buffer.allocUnsafeSlow(64 * digestSize);
  let count = 0;
  // A digest is random enough to be its own hash.
  const hashOf = (bytes: Buffer): number => bytes.readUInt32LE();
  const index = createHashIndex((row) => digests.readUInt32LE(row * digestSize));
  const rowOf = (sha256: Buffer): number =>
    index.find(
      hashOf(sha256),
      (row) => digests.compare(sha256, 0, digestSize, row * digestSize, (row + 1) * digestSize) === 0,
    );
  const viewed = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, digestSize);
  return {
    has: (sha256) => rowOf(viewed(sha256)) >= 0,
    add(sha256) {
      const bytes = viewed(sha256);
      if (count >= most || rowOf(bytes) >= 0) return;
      if ((count + 1) * digestSize > digests.length) {
        const larger = Buffer.allocUnsafeSlow(digests.length * 2);
        digests.copy(larger);
        digests = larger;
      }
      bytes.copy(digests, count * digestSize);
      index.add(hashOf(bytes), count);
      count++;
    },
  };
}
