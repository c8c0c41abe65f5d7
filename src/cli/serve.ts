/** `up` and `server`: the store opened for good, the API and console on it, and with `up` a worker beside them. */
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { work } from '../jobs/worker.ts';
import { openLocations } from '../location/locations.ts';
import { messageOf, WaterguardError } from '../model/error.ts';
import { buildApp } from '../server/app.ts';
import { oidcSettings, openProvider } from '../server/oidc.ts';
import { firstLink } from '../store/first-user.ts';
import { huntStore, listingQueueName } from '../store/hunts.ts';
import { imageQueueName } from '../store/image-queue.ts';
import { openStore } from '../store/open.ts';
import { openQueue } from '../store/queue.ts';
import { setConsoleUrl } from '../store/settings.ts';
import { exit } from './exit.ts';
import type { ScanningFlags } from './scanning.ts';
import type { ServingFlags } from './serving.ts';
import { stopOnSignals } from './signals.ts';
import { readTls } from './tls-files.ts';
import { openWorkplace } from './workplace.ts';

export interface ServeFlags extends ServingFlags, ScanningFlags {
  readonly concurrency: number;
}

export interface ServeOptions {
  readonly command: 'up' | 'server';
  /** Also scans, here. */
  readonly works: boolean;
  /** Begins once the server listens. */
  readonly onStart?: (started: Started) => Promise<void>;
}

export interface Started {
  readonly url: string;
  readonly ruleset: string;
  readonly hunts: ReturnType<typeof huntStore>;
  readonly queue: Awaited<ReturnType<typeof openQueue>>;
  readonly store: Awaited<ReturnType<typeof openStore>>;
  readonly signal: AbortSignal;
}

export async function serve(flags: ServeFlags, { command, works, onStart }: ServeOptions): Promise<number> {
  const https = readTls(flags);
  const single = oidcSettings(process.env);
  await using resources = new AsyncDisposableStack();
  const locating = openLocations();
  locating.catch(() => {});
  const store = await openStore({ env: process.env, data: flags.data, command, exclusive: true });
  resources.defer(() => store.close());
  const log = pino(
    { level: process.env.WATERGUARD_LOG_LEVEL ?? (process.stderr.isTTY ? 'warn' : 'info'), base: null },
    pino.destination(2),
  );
  const problem = (error: unknown): void => log.warn({ reason: messageOf(error) }, 'in the background');
  const { indicators, session } = await openWorkplace(store, flags, resources);
  const queue = await openQueue(store, { schedules: true, problem });
  resources.defer(() => queue.close());
  const hunts = huntStore(store.db, queue, hostname());
  const { ruleset } = session.tool;
  // Made before any transaction that puts something into them.
  for (const name of [
    imageQueueName(ruleset, undefined),
    imageQueueName(ruleset, hostname()),
    listingQueueName(ruleset),
  ])
    await queue.ready(name);
  const locations = await locating;
  for (const name of locations.missing)
    log.warn({ package: name }, 'not installed, so locations are unknown');
  const rules = session.rules.accepted;
  const context = { store, db: store.db, queue, hunts, ruleset, rules, locate: locations.of };
  const app = await buildApp(context, {
    publicUrl: flags.publicUrl,
    logger: { level: log.level, stream: pino.destination(2), base: null } as never,
    consoleFolder: consoleFolder(),
    ...(single !== undefined && { oidc: openProvider(single) }),
    ...(https !== undefined && { https }),
  });
  resources.defer(() => app.close());
  const stop = stopOnSignals();
  resources.defer(() => stop.release());
  const url = await listen(app, flags, https !== undefined);
  process.stderr.write(`listening on ${url}\n`);
  await setConsoleUrl(store.db, flags.publicUrl ?? url);
  const link = await firstLink(store.db);
  if (!flags.quiet) {
    process.stderr.write(
      `\n  Console   ${flags.publicUrl ?? url}\n  Sign in   ${flags.publicUrl ?? url}/sign-in#${link.secret}\n            (one use, until ${link.expiresAt.slice(11, 16)} UTC)\n\n`,
    );
  }
  const working = works
    ? work({
        store,
        queue,
        session,
        indicators,
        concurrency: flags.concurrency,
        signal: stop.signal,
        problem,
      })
    : stopped(stop.signal);
  await onStart?.({ url, ruleset, hunts, queue, store, signal: stop.signal });
  await working;
  return exit.done;
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

async function listen(
  app: Awaited<ReturnType<typeof buildApp>>,
  { listen: { host, port } }: ServeFlags,
  isTls: boolean,
): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw new WaterguardError(
      'usage',
      `cannot listen on ${host}:${port}: ${messageOf(error)}. Give another place with --listen ADDR:PORT.`,
      { cause: error },
    );
  }
  const bound = app.server.address() as AddressInfo;
  const shown = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
  return `${isTls ? 'https' : 'http'}://${shown}:${bound.port}`;
}

/** Of the build: beside the sources in a checkout, beside the code once installed. */
function consoleFolder(): string | undefined {
  for (const place of ['../../web/dist', '../web']) {
    const folder = fileURLToPath(new URL(place, import.meta.url));
    if (existsSync(folder)) return folder;
  }
  return undefined;
}
