/** Turns to ask one host: at its pace, until it gives no more answers. */
import { WaterguardError } from '../../model/error.ts';
import type { Pace } from './pace.ts';

export interface Turns {
  /** Set when the host is given up; whatever is asked later fails with it, without a request. */
  readonly gone: WaterguardError | undefined;
  /** @throws WaterguardError as `task`; the signal's reason */
  take<Result>(task: () => Promise<Result>): Promise<Result>;
}

/** Requests in a row without a usable answer after which a host is given up. */
const mostFailures = 20;

export function openTurns(host: string, pace: Pace, signal: AbortSignal | undefined): Turns {
  let failures = 0;
  let gone: WaterguardError | undefined;
  return {
    get gone() {
      return gone;
    },
    take: (task) =>
      pace.run(async () => {
        signal?.throwIfAborted();
        if (gone) throw gone;
        try {
          const result = await task();
          failures = 0;
          return result;
        } catch (error) {
          signal?.throwIfAborted();
          failures = isNoAnswer(error) ? failures + 1 : 0;
          if (failures >= mostFailures && error instanceof WaterguardError) gone ??= givenUp(host, error);
          throw error;
        }
      }),
  };
}

function isNoAnswer(error: unknown): boolean {
  return error instanceof WaterguardError && (error.code === 'network' || error.code === 'rate-limited');
}

function givenUp(host: string, last: WaterguardError): WaterguardError {
  return new WaterguardError(
    last.code,
    `${host} gave no usable answer to ${mostFailures} requests in a row and is not asked any more; hunt again ` +
      `later, what is done is kept. The last: ${last.message}`,
    { cause: last },
  );
}
