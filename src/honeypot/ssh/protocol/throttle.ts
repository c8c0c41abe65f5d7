/**
 * Signing and key exchange cost milliseconds, and a client may ask for them as often as it likes. Nine times as long as
 * they took, the next has to wait, so that no connection has more than a tenth of a processor.
 */
import { setTimeout as pause } from 'node:timers/promises';

export interface Throttle {
  /** Does the work at once. */
  now(work: () => void): void;
  /** Does the work once the earlier is paid for: at once, or when the promise resolves. */
  inTurn(work: () => void): void | Promise<void>;
}

const restFactor = 9;

export function createThrottle(): Throttle {
  let restUntil = 0;
  const now = (work: () => void): void => {
    const begin = performance.now();
    work();
    restUntil = Math.max(restUntil, begin) + (1 + restFactor) * (performance.now() - begin);
  };
  return {
    now,
    inTurn(work) {
      const rest = restUntil - performance.now();
      if (rest > 0) return pause(rest, undefined, { ref: false }).then(() => now(work));
      return now(work);
    },
  };
}
