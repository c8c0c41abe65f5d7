/** Reading an answer's body without trusting its length, its pace or its end. */
import { WaterguardError } from '../../model/error.ts';
import type { Answer } from './exchange.ts';
import { connectionFailure } from './failure.ts';
import type { RegistryLimits } from './limits.ts';

/**
 * The body in chunks as they arrive. Only time spent waiting for the registry counts: a slow consumer is not
 * its fault.
 * @throws WaterguardError `network` for a body that stalls, drips or breaks off; the signal's reason
 */
export async function* chunksOf(answer: Answer, limits: RegistryLimits): AsyncGenerator<Buffer> {
  const { body, url, signal } = answer;
  const encoding = answer.headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity') {
    body.destroy();
    throw new WaterguardError('unsupported', `${url.host} sent a body with content-encoding ${encoding}`);
  }
  const iterator: AsyncIterator<Buffer> = body[Symbol.asyncIterator]();
  let waited = 0;
  let arrived = 0;
  try {
    for (;;) {
      const since = performance.now();
      const stalled = setTimeout(() => body.destroy(stall(url, limits.idleMs)), limits.idleMs);
      const next = await iterator.next().finally(() => clearTimeout(stalled));
      if (next.done) break;
      waited += performance.now() - since;
      arrived += next.value.length;
      if (waited >= limits.slowestMs) {
        if (arrived < limits.slowestBytes) throw drip(url, arrived, waited);
        waited = 0;
        arrived = 0;
      }
      yield next.value;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw connectionFailure(url, error);
  } finally {
    // Bytes that nobody will read must not hold the connection.
    if (!body.readableEnded) body.destroy();
  }
}

/**
 * A small body as a whole.
 * @param what names it in errors: `manifest`, `token`
 * @throws WaterguardError `limit` past `most` bytes or `limits.wholeMs`
 */
export async function readWhole(
  answer: Answer,
  most: number,
  what: string,
  limits: RegistryLimits,
): Promise<Buffer> {
  const { host } = answer.url;
  const parts: Buffer[] = [];
  let length = 0;
  const late = setTimeout(() => {
    const seconds = limits.wholeMs / 1000;
    answer.body.destroy(new WaterguardError('limit', `${host} took more than ${seconds} s for a ${what}`));
  }, limits.wholeMs);
  try {
    for await (const part of chunksOf(answer, limits)) {
      length += part.length;
      if (length > most)
        throw new WaterguardError('limit', `${host} sent a ${what} of more than ${most} bytes`);
      parts.push(part);
    }
  } finally {
    clearTimeout(late);
  }
  return Buffer.concat(parts, length);
}

const brief = { idleMs: 2000, slowestMs: 2000 };

/** The beginning of an error's body, for its message; never fails. */
export async function readBeginning(answer: Answer, limits: RegistryLimits): Promise<string> {
  const most = 4096;
  let text = '';
  try {
    for await (const part of chunksOf(answer, { ...limits, ...brief, slowestBytes: most })) {
      text += part.subarray(0, most).toString();
      if (text.length >= most) break;
    }
  } catch {
    // What arrived so far is all that can be told; the status is the failure that counts.
  }
  return text.slice(0, most);
}

/** Ends an answer whose body does not matter, without reading whatever a hostile one sends. */
export function discard(answer: Answer): void {
  const length = Number(answer.headers['content-length'] ?? Number.NaN);
  if (length <= 16 * 1024) answer.body.resume();
  else answer.body.destroy();
}

function stall(url: URL, idleMs: number): WaterguardError {
  return new WaterguardError('network', `${url.host} sent nothing for ${idleMs / 1000} s`);
}

function drip(url: URL, arrived: number, waited: number): WaterguardError {
  const seconds = Math.round(waited / 1000);
  return new WaterguardError('network', `${url.host} sent only ${arrived} bytes in ${seconds} s`);
}
