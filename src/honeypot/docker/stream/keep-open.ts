/** Answers that wait for something to happen are not silence: the real daemon never ends them. */
import type { Connection } from '../../decoy.ts';

const every = 60_000;

/** @returns to be called when the answer is over */
export function keepOpen(connection: Connection): () => void {
  connection.relax();
  // A client that has said all is not slow, either.
  connection.stream.once('end', () => connection.relax());
  const timer = setInterval(() => connection.relax(), every);
  timer.unref();
  const stop = (): void => clearInterval(timer);
  connection.stream.once('close', stop);
  return stop;
}
