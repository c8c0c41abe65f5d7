/** The longest time for one target, as a signal whose reason says in words which limit was reached. */

export interface TimeLimit {
  /** Its reason is a `TimeoutError`, by which readers tell it from a failure of what they read. */
  readonly signal: AbortSignal;
  /** For messages: `90 s`. */
  readonly words: string;
  /** The work is done. */
  end(): void;
}

/** @param milliseconds what is more than a timer can hold, 24 days, counts as that */
export function startTimeLimit(milliseconds: number): TimeLimit {
  const words = milliseconds < 1000 ? `${milliseconds} ms` : `${Math.round(milliseconds / 1000)} s`;
  const message = `the time limit of ${words} for one target was reached (--timeout)`;
  const controller = new AbortController();
  const end = (): void => controller.abort(new DOMException(message, 'TimeoutError'));
  const timer = setTimeout(end, Math.min(milliseconds, 2 ** 31 - 1)).unref();
  return { signal: controller.signal, words, end: () => clearTimeout(timer) };
}
