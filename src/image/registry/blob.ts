/** One blob as a stream that goes on after a broken connection and ends where the descriptor says. */
import { messageOf, WaterguardError } from '../../model/error.ts';
import type { Descriptor } from '../blob-store.ts';
import { chunksOf, discard } from './body.ts';
import type { RegistryClient } from './client.ts';
import type { Answer } from './exchange.ts';
import { isPassing } from './failure.ts';
import { backoff, pause } from './retry.ts';

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
  const most = descriptor.size > 0 ? descriptor.size : limits.unsizedBlobBytes;
  let delivered = 0;
  const ending = (error: unknown) =>
    delivered > 0 && isPassing(error) ? tooShort(descriptor, delivered, messageOf(error)) : error;
  for (let tried = 1; ; tried++) {
    // The client tries a request again by itself; only bodies that break off are counted here.
    const answer = await ask(client, repository, descriptor, delivered, signal).catch((error: unknown) => {
      throw ending(error);
    });
    try {
      let known = knownBytes(answer, delivered);
      for await (const chunk of chunksOf(answer, limits)) {
        const fresh = chunk.subarray(Math.min(known, chunk.length));
        known -= chunk.length - fresh.length;
        const part = fresh.subarray(0, most - delivered);
        delivered += part.length;
        if (part.length > 0) yield part;
        if (part.length < fresh.length) throw tooLong(answer, descriptor, most);
      }
      if (descriptor.size <= 0 || delivered === descriptor.size) return;
      throw tooShort(descriptor, delivered, `${answer.url.host} sent no more`);
    } catch (error) {
      if (!isPassing(error) || tried >= limits.tries) throw ending(error);
    }
    await pause(backoff(tried, limits), signal);
  }
}

function ask(
  client: RegistryClient,
  repository: string,
  { digest }: Descriptor,
  from: number,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  return client.get({
    path: `/v2/${repository}/blobs/${digest}`,
    scope: `repository:${repository}:pull`,
    expected: [206, 416],
    signal,
    ...(from > 0 && { headers: { range: `bytes=${from}-` } }),
  });
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
