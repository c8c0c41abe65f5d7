/** Who waits for a container to end, and what is typed to it before and while it runs. */
import { type Container, isRunning } from './container.ts';
import { TypedInput } from './input.ts';

interface Waiter {
  readonly until: 'next-exit' | 'removed' | 'not-running';
  readonly wake: (exitCode: number) => void;
}

const waiters = new WeakMap<Container, Set<Waiter>>();
const inputs = new WeakMap<Container, TypedInput>();

/** What is typed to a container: kept for it before it is started. */
export function inputOf(container: Container): TypedInput {
  let input = inputs.get(container);
  if (input === undefined) {
    input = new TypedInput();
    inputs.set(container, input);
  }
  return input;
}

/** @returns its exit code, once it has ended or is gone */
export function waitFor(
  container: Container,
  until: Waiter['until'],
): { readonly done: Promise<number>; cancel(): void } {
  const { promise, resolve } = Promise.withResolvers<number>();
  const isOver = until === 'not-running' && container.status !== 'restarting' && !isRunning(container);
  if (isOver) {
    resolve(container.exitCode);
    return { done: promise, cancel: () => {} };
  }
  const waiter = { until, wake: resolve };
  const all = waiters.get(container) ?? new Set();
  waiters.set(container, all);
  all.add(waiter);
  return { done: promise, cancel: () => all.delete(waiter) };
}

/** Tells those who wait that it has ended, or is gone. */
export function wake(container: Container, why: 'exit' | 'removed'): void {
  const all = waiters.get(container);
  for (const waiter of all ?? []) {
    if (waiter.until === 'removed' && why === 'exit') continue;
    all!.delete(waiter);
    waiter.wake(container.exitCode);
  }
}

/** What was typed and not read is not for its next process. */
export function forgetInput(container: Container): void {
  inputs.delete(container);
}
