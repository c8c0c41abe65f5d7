/** When to try again, and how long to wait before. */
import { setTimeout as sleep } from 'node:timers/promises';
import { WaterguardError } from '../../model/error.ts';
import { retryAfter } from '../../model/retry-after.ts';
import { discard } from './body.ts';
import type { Answer } from './exchange.ts';
import { isPassing } from './failure.ts';
import type { RegistryLimits } from './limits.ts';

/**
 * Tries again after a broken connection and after 429, 502, 503 and 504; any other answer is returned.
 * @throws WaterguardError `rate-limited` where the registry asks for a longer wait than allowed; after the
 *   last try its failure, or its answer is returned
 */
export async function withRetries(
  send: () => Promise<Answer>,
  limits: RegistryLimits,
  signal?: AbortSignal,
): Promise<Answer> {
  for (let tried = 1; ; tried++) {
    const answer = await send().catch((error: unknown) => {
      if (tried >= limits.tries || !isPassing(error)) throw error;
      return undefined;
    });
    if (answer && (tried >= limits.tries || !passingStatuses.has(answer.status))) return answer;

    const asked = answer && askedToWait(answer, Date.now());
    if (answer) discard(answer);
    if (answer && asked !== undefined && asked > limits.retryAfterMs) {
      const seconds = Math.ceil(asked / 1000);
      const message = `${answer.url.host} answered ${answer.status} and asks to wait ${seconds} s: try again then, or log in for more`;
      throw new WaterguardError('rate-limited', message);
    }
    await pause(Math.max(asked ?? 0, backoff(tried, limits)), signal);
  }
}

/** @throws the signal's reason, where it comes first */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, signal && { signal }).catch((error: unknown) => {
    throw signal?.reason ?? error;
  });
}

/** Milliseconds before the try after `tried` ones; a quarter of chance keeps workers from marching in step. */
export function backoff(tried: number, limits: RegistryLimits): number {
  return limits.backoffMs * 2 ** (tried - 1) * (1 + Math.random() / 4);
}

/** Docker Hub's API says it in a field of its own (https://docs.docker.com/reference/api/hub/latest/, read 2026-11). */
function askedToWait({ headers }: Answer, now: number): number | undefined {
  const own = headers['x-retry-after'];
  return retryAfter(headers['retry-after'] ?? (typeof own === 'string' ? own : undefined), now);
}

const passingStatuses = new Set([429, 502, 503, 504]);
