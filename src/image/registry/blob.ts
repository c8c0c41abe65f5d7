/** One blob as a stream that goes on after a broken connection and ends where the descriptor says. */
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, WaterguardError } from '../../model/error.ts';
import type { Descriptor } from '../blob-store.ts';
import { chunksOf, discard } from './body.ts';
import type { RegistryClient } from './client.ts';
import type { Answer } from './exchange.ts';
import { backoff, isPassing } from './retry.ts';

/**
 * Delivers at most `descriptor.size` bytes (where it says one), always the blob's from the beginning, and
 * then ends or fails: what was delivered before a failure is real.
 * @throws WaterguardError `truncated` where the blob is shorter or breaks off for good, `digest-mismatch`
 *   where it is longer, `corrupt` for a wrong part of it, and as `RegistryClient.get` before the first byte
 */
export async function* streamBlob(
  client: RegistryClient,
  repository: string,
  descriptor: Descriptor,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  const { limits } = client;
  const size = descriptor.size > 0 ? descriptor.size : undefined;
  let delivered = 0;
  for (let tried = 1; ; tried++) {
    try {
      const answer = await client.get({
        path: `/v2/${repository}/blobs/${descriptor.digest}`,
        scope: `repository:${repository}:pull`,
        expected: [206, 416],
        signal,
        ...(delivered > 0 && { headers: { range: `bytes=${delivered}-` } }),
      });
      let known = knownBytes(answer, delivered);
      for await (const chunk of chunksOf(answer, limits, signal)) {
        const skip = Math.min(known, chunk.length);
        known -= skip;
        const fresh = skip > 0 ? chunk.subarray(skip) : chunk;
        const room = (size ?? limits.unsizedBlobBytes) - delivered;
        const part = fresh.length > room ? fresh.subarray(0, room) : fresh;
        delivered += part.length;
        if (part.length > 0) yield part;
        if (part.length < fresh.length) throw tooLong(answer, descriptor, limits.unsizedBlobBytes);
      }
      if (size === undefined || delivered === size) return;
      throw tooShort(descriptor, delivered, `${answer.url.host} sent no more`);
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (tried >= limits.tries)
        throw delivered > 0 ? tooShort(descriptor, delivered, messageOf(error)) : error;
    }
    await sleep(backoff(tried, limits), undefined, signal && { signal });
  }
}

/** How many bytes of the coming body are delivered already: none of the part asked for, all of a whole blob. */
function knownBytes(answer: Answer, delivered: number): number {
  if (answer.status === 200) return delivered;
  const range = /^bytes (\d{1,15})-/.exec(answer.headers['content-range'] ?? '');
  if (answer.status === 206 && Number(range?.[1] ?? Number.NaN) === delivered) return 0;
  discard(answer);
  if (answer.status === 416)
    throw new WaterguardError('truncated', `${answer.url.host} has no byte ${delivered} of the blob`);
  throw new WaterguardError(
    'corrupt',
    `${answer.url.host} sent another part of the blob than byte ${delivered} on`,
  );
}

function tooLong(answer: Answer, { digest, size }: Descriptor, most: number): WaterguardError {
  if (size <= 0)
    return new WaterguardError('limit', `blob ${digest} has no stated size and more than ${most} bytes`);
  return new WaterguardError(
    'digest-mismatch',
    `${answer.url.host} sends more for blob ${digest} than the ${size} bytes of its descriptor`,
  );
}

function tooShort({ digest, size }: Descriptor, delivered: number, why: string): WaterguardError {
  const of = size > 0 ? ` of ${size}` : '';
  return new WaterguardError('truncated', `blob ${digest} ends after ${delivered}${of} bytes: ${why}`);
}
