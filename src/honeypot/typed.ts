/** What a visitor types into a terminal that lives longer than a connection: pushed by one, read by the shell. */

/** Bytes that were typed and not read yet; more is lost. */
const maxAhead = 64 * 1024;

export interface Typed {
  push(bytes: Uint8Array): void;
  chunks(): AsyncGenerator<Uint8Array>;
}

/** @param signal ends it */
export function createTyped(signal: AbortSignal): Typed {
  const ahead: Uint8Array[] = [];
  let wake: () => void = () => {};
  signal.addEventListener('abort', () => wake(), { once: true });
  return {
    push(bytes) {
      const waiting = ahead.reduce((sum, one) => sum + one.length, 0);
      if (waiting + bytes.length > maxAhead) return;
      ahead.push(bytes);
      wake();
    },
    async *chunks() {
      for (;;) {
        while (ahead.length > 0) yield ahead.shift()!;
        if (signal.aborted) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
