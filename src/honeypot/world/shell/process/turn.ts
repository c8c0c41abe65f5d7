/**
 * Sharing the event loop. All shells of a process compute in slices; after a slice everything else gets its turn, and
 * then one of those who wait goes on: a thousand busy shells are a thousand slow ones, but no connection waits for
 * more than one slice.
 */

/** Milliseconds for which somebody may compute at a stretch. */
const slice = 8;

let begun = 0;
const waiting: (() => void)[] = [];

/** Whether it is time to let others run. */
export function isSliceOver(): boolean {
  return performance.now() - begun > slice;
}

/** Resolves when it is one's turn again. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(next);
  });
}

function next(): void {
  const resume = waiting.shift();
  begun = performance.now();
  resume?.();
  if (waiting.length > 0) setImmediate(next);
}
