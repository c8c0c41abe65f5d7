/** `waterguard worker`: takes jobs from a store that others use too. */
import { work } from '../jobs/worker.ts';
import { messageOf, WaterguardError } from '../model/error.ts';
import { printable } from '../model/printable.ts';
import { openStore } from '../store/open.ts';
import { openQueue } from '../store/queue.ts';
import { exit } from './exit.ts';
import type { ServeFlags } from './serve.ts';
import { stopOnSignals } from './signals.ts';
import { openWorkplace } from './workplace.ts';

export async function runWorker(flags: ServeFlags): Promise<number> {
  if (!process.env.DATABASE_URL) {
    throw new WaterguardError(
      'usage',
      'A worker shares a store with others, which the embedded one cannot: set DATABASE_URL=postgres://…, or use `waterguard up`.',
    );
  }
  await using resources = new AsyncDisposableStack();
  const store = await openStore({ env: process.env, command: 'worker' });
  resources.defer(() => store.close());
  const { indicators, session } = await openWorkplace(store, flags, resources);
  const problem = (error: unknown): void => {
    process.stderr.write(`waterguard: ${printable(messageOf(error), 500)}\n`);
  };
  const queue = await openQueue(store, { schedules: false, problem });
  resources.defer(() => queue.close());
  const stop = stopOnSignals();
  resources.defer(() => stop.release());
  if (!flags.quiet)
    process.stderr.write(`waterguard: working for ${store.place} with ruleset ${session.tool.ruleset}\n`);
  await work({
    store,
    queue,
    session,
    indicators,
    concurrency: flags.concurrency,
    signal: stop.signal,
    problem,
  });
  return exit.done;
}
