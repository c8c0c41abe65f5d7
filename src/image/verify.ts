/**
 * The one place where blobs are held against their digests. Nothing that a source delivers is believed
 * before it went through here: the hash runs along while the bytes stream past, and the verdict comes last.
 */
import { createHash } from 'node:crypto';
import { WaterguardError } from '../model/error.ts';

/** What a blob must be. `size` in bytes, 0 where unknown. */
export interface Expected {
  readonly digest: string;
  readonly size: number;
  /** Names the blob in messages: `layer 3`, `the configuration`. */
  readonly what: string;
}

/**
 * Passes the chunks on and throws after the last one if they were not what was expected.
 * @throws WaterguardError `digest-mismatch` (wrong or too many bytes), `truncated` (too few)
 */
export async function* verified(
  chunks: AsyncIterable<Uint8Array>,
  expected: Expected,
): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = createHash(algorithmOf(expected.digest));
  let seen = 0;
  for await (const chunk of chunks) {
    seen += chunk.length;
    if (expected.size > 0 && seen > expected.size) throw tooLong(expected);
    hash.update(chunk);
    yield chunk;
  }
  if (seen < expected.size) throw tooShort(expected, seen);
  if (hash.digest('hex') !== hexOf(expected.digest)) throw mismatch(expected);
}

/** @throws WaterguardError `digest-mismatch` */
export function verifyBytes(bytes: Buffer, digest: string, what: string): void {
  if (digestOf(bytes, algorithmOf(digest)) !== digest) throw mismatch({ digest, size: 0, what });
}

/** Reads a stream to its end, into memory.
 *  @param limit bytes; the reader stops at the chunk that passes it
 *  @throws WaterguardError `limit`, and whatever the stream throws */
export async function readAll(
  chunks: AsyncIterable<Uint8Array>,
  limit: number,
  what: string,
): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > limit)
      throw new WaterguardError('limit', `${what} has more than the ${limit} bytes that are read.`);
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}

export function digestOf(bytes: Buffer, algorithm = 'sha256'): string {
  return algorithm + ':' + createHash(algorithm).update(bytes).digest('hex');
}

/** Invariant: digests are checked by `isDigest` where they are parsed, so that both parts are known forms. */
export function algorithmOf(digest: string): string {
  return digest.slice(0, digest.indexOf(':'));
}

function hexOf(digest: string): string {
  return digest.slice(digest.indexOf(':') + 1);
}

const advice = 'Copy or push the image again; if it stays so, somebody changed the content.';

function mismatch({ digest, what }: Expected): WaterguardError {
  return new WaterguardError(
    'digest-mismatch',
    `The content of ${what} does not have the digest ${digest}. ${advice}`,
  );
}

function tooLong({ digest, size, what }: Expected): WaterguardError {
  const message = `${what} (${digest}) is longer than the ${size} bytes that its descriptor says. ${advice}`;
  return new WaterguardError('digest-mismatch', message);
}

function tooShort({ digest, size, what }: Expected, seen: number): WaterguardError {
  const message = `${what} (${digest}) ends after ${seen} of ${size} bytes. ${advice}`;
  return new WaterguardError('truncated', message);
}
