/** Runs decoys until a signal: what to listen on, and where events go. */
import { join, resolve } from 'node:path';
import { makeFolder } from '../cache-folder.js';
import type { Delivery } from '../honeypot/delivery/delivery.ts';
import { type Enrolled, enrol, secretPrefix } from '../honeypot/delivery/enrol.ts';
import { postTo } from '../honeypot/delivery/post.ts';
import { keepCertificate } from '../honeypot/delivery/renew.ts';
import { decoys } from '../honeypot/list.ts';
import { runSensor } from '../honeypot/sensor/sensor.ts';
import type { Place } from '../honeypot/sensor/supervise.ts';
import { messageOf, WaterguardError } from '../model/error.ts';
import { printable } from '../model/printable.ts';
import { version } from '../package.ts';
import { takeLock } from '../store/embedded/lock.ts';
import { dataFolder } from '../store/open.ts';
import { type Server, serverOf } from './deliver.ts';
import { exit } from './exit.ts';
import type { HoneypotFlags } from './honeypot.ts';
import type { Listen } from './serving.ts';
import { stopOnSignals } from './signals.ts';

/** Added to the port of the real service where none is chosen, so that no root is needed and nothing is taken. */
const highPorts = 20_000;

export async function runHoneypot(flags: HoneypotFlags): Promise<number> {
  const chosen = placesOf(flags.decoy);
  const server = serverOf(flags, tokenOrSecret);
  const folder = resolve(flags.spool ?? join(dataFolder(process.env, flags.data), 'honeypot'));
  await using resources = new AsyncDisposableStack();
  const lock = lockFolder(folder);
  resources.defer(() => lock.release());
  const receiver = server && (await receiverOf(server, folder));
  const delivery = receiver === undefined ? await storeOf(flags, resources) : postTo(receiver);
  const stop = stopOnSignals();
  resources.defer(() => stop.release());
  const { signal } = stop;
  const tell = (message: string): void => {
    if (!flags.quiet) process.stderr.write(`waterguard: ${printable(message, 500)}\n`);
  };
  if (receiver !== undefined && 'secret' in receiver)
    void keepCertificate({ receiver, folder, signal, tell });
  await runSensor({
    folder,
    seed: flags.persona,
    decoys: chosen,
    ...(flags.events !== undefined && { eventsFile: flags.events }),
    ...(delivery !== undefined && { delivery }),
    signal,
    listening: ({ port, host, number }) => {
      const address = host.includes(':') ? `[${host}]` : host;
      process.stderr.write(`listening on ${port}=${address}:${number}\n`);
    },
    tell,
  });
  return exit.done;
}

/** A token, or the secret of an invitation, which is changed for one or for a certificate. */
const tokenOrSecret = /^wge?_[\w-]{20,100}$/;

async function receiverOf(server: Server, folder: string): Promise<Server | Enrolled> {
  return server.token.startsWith(secretPrefix) ? enrol(server, folder, version) : server;
}

/** The embedded store, or PostgreSQL; not where a file is all that was asked for. */
async function storeOf(flags: HoneypotFlags, resources: AsyncDisposableStack): Promise<Delivery | undefined> {
  if (flags.events !== undefined && flags.data === undefined && !process.env.DATABASE_URL) return undefined;
  const { openStoreDelivery } = await import('./honeypot-store.ts');
  return openStoreDelivery(flags, resources);
}

/** By decoy, where each of its ports listens. @throws WaterguardError `usage` for a name that is none */
function placesOf(asked: ReadonlyMap<string, Listen>): ReadonlyMap<string, readonly Place[]> {
  const places = new Map<string, Place[]>();
  const known = new Set<string>();
  for (const [decoy, { ports }] of Object.entries(decoys)) {
    for (const [port, real] of Object.entries(ports)) {
      known.add(port);
      const listen = asked.size === 0 ? { host: '127.0.0.1', port: real + highPorts } : asked.get(port);
      if (listen === undefined) continue;
      const place = { port, host: listen.host, number: listen.port };
      places.set(decoy, [...(places.get(decoy) ?? []), place]);
    }
  }
  const unknown = [...asked.keys()].find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new WaterguardError(
      'usage',
      `there is no decoy ${printable(unknown)}: choose of ${[...known].join(', ')}.`,
    );
  }
  return places;
}

function lockFolder(folder: string): { release(): void } {
  let lock: ReturnType<typeof takeLock>;
  try {
    makeFolder(folder);
    lock = takeLock(folder, { pid: process.pid, command: 'honeypot', since: new Date().toISOString() });
  } catch (error) {
    throw new WaterguardError(
      'usage',
      `the folder ${printable(folder)} cannot be used: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
  if (!('heldBy' in lock)) return lock;
  throw new WaterguardError(
    'usage',
    `${printable(folder)} is used by another sensor (process ${lock.heldBy.pid}): give this one a folder of its own with --spool.`,
  );
}
