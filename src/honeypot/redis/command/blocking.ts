/** Waiting for a key to have something, as BLPOP does: until it has, time is over, or the client is gone. */
import type { Reply } from '../reply.ts';
import type { Call } from './call.ts';

/** Nobody is kept waiting for longer; milliseconds. */
const maxWait = 3_600_000;

/**
 * @param seconds 0 for as long as it takes
 * @param attempt gives undefined where there is nothing yet
 * @param otherwise what is answered when time is over, and inside a transaction, which never waits
 */
export function waitFor(
  { db, client }: Call,
  seconds: number,
  attempt: () => Reply | undefined,
  otherwise: Reply,
): Reply | Promise<Reply> {
  const first = attempt();
  if (first !== undefined) return first;
  if (client.isExecuting) return otherwise;
  return new Promise((resolve) => {
    const finish = (reply: Reply): void => {
      clearTimeout(timer);
      stop();
      client.unblock = undefined;
      resolve(reply);
    };
    const wait = seconds === 0 ? maxWait : Math.min(seconds * 1000, maxWait);
    const timer = setTimeout(() => finish(otherwise), wait);
    let isTrying = false;
    const stop = db.listen(() => {
      // Taking something changes the key as well.
      if (isTrying) return;
      isTrying = true;
      let reply: Reply | undefined;
      try {
        reply = attempt();
      } catch {
        // Another kind of value came; it goes on waiting.
      }
      isTrying = false;
      if (reply !== undefined) finish(reply);
    });
    client.unblock = (reply) => finish(reply ?? otherwise);
  });
}
