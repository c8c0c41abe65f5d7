/** A store behind the API and, where it is wanted, the console, on loopback and without limits of rate. */
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { buildApp } from '../../server/app.ts';
import { huntStore } from '../../store/hunts.ts';
import type { Store } from '../../store/open.ts';
import { openQueue } from '../../store/queue.ts';

export interface ServedStore {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  close(): Promise<void>;
}

export async function serveStore(store: Store, consoleFolder?: string): Promise<ServedStore> {
  const queue = await openQueue(store, { schedules: false, problem: () => {} });
  const context = {
    store,
    db: store.db,
    queue,
    hunts: huntStore(store.db, queue, hostname()),
    ruleset: 'sha256:bench',
    rules: 0,
  };
  const app = await buildApp(context, {
    logger: false,
    mostRequests: 1_000_000,
    ...(consoleFolder !== undefined && { consoleFolder }),
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    origin: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    async close() {
      await app.close();
      await queue.close();
    },
  };
}
