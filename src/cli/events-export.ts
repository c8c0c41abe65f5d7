/** Gives events away, as text or to a broker of hpfeeds. */
import { cidr } from '../api/cidr.ts';
import { formats } from '../honeypot/interchange/formats.ts';
import { createMessages, type Message } from '../honeypot/interchange/hpfeeds.ts';
import { type Broker, openPublisher } from '../honeypot/interchange/hpfeeds-publisher.ts';
import { maskEvent } from '../honeypot/session/credential.ts';
import { WaterguardError } from '../model/error.ts';
import type { DecoyEvent } from '../model/event.ts';
import { safeJson } from '../report/safe-text.ts';
import { streamEvents } from '../store/event-list.ts';
import { openStore } from '../store/open.ts';
import type { ExportFlags } from './events.ts';
import { exit } from './exit.ts';
import { checkWritable, writeParts } from './output.ts';
import { readSecret } from './short-file.ts';
import { stopOnSignals } from './signals.ts';

export async function exportEvents(flags: ExportFlags): Promise<number> {
  const { from, to, source, type, sensor, session, mask, output, quiet } = flags;
  const broker = brokerOf(flags);
  if (source !== undefined && !cidr.safeParse(source).success)
    throw new WaterguardError('usage', '--source: give an address or a network such as 198.51.100.0/24.');
  checkWritable(output);
  await using resources = new AsyncDisposableStack();
  const stop = stopOnSignals();
  resources.defer(() => stop.release());
  const place = { env: process.env, data: flags.data, mustExist: true };
  const store = await openStore({ ...place, command: 'events export' });
  resources.defer(() => store.close());
  let count = 0;
  const stored = streamEvents(store.db, {
    from: from?.toISOString(),
    to: to?.toISOString(),
    source,
    type,
    sensor,
    session,
  });
  const events = (async function* () {
    for await (const some of stored) {
      stop.signal.throwIfAborted();
      count += some.length;
      yield mask ? some.map(maskEvent) : some;
    }
  })();
  let tooLong = 0;
  try {
    if (broker === undefined) await write(events, flags);
    else tooLong = await publish(events, broker);
  } catch (error) {
    if (error !== stop.signal.reason) throw error;
    process.stderr.write('waterguard: interrupted before all was written\n');
    return exit.hole;
  }
  if (!quiet) process.stderr.write(`waterguard: ${count} events\n`);
  if (tooLong > 0)
    process.stderr.write(`waterguard: ${tooLong} messages are longer than brokers take and were left out\n`);
  return tooLong > 0 ? exit.hole : exit.done;
}

async function write(
  events: AsyncIterable<readonly DecoyEvent[]>,
  { format, output }: ExportFlags,
): Promise<void> {
  const writer = formats[format](safeJson);
  const parts = (async function* () {
    for await (const some of events) yield some.map((one) => writer.next(one)).join('');
    yield writer.end();
  })();
  await writeParts(parts, output);
}

/** @returns how many messages are too long */
async function publish(events: AsyncIterable<readonly DecoyEvent[]>, broker: Broker): Promise<number> {
  const publisher = await openPublisher(broker);
  const messages = createMessages();
  let tooLong = 0;
  const send = async (some: readonly Message[]): Promise<void> => {
    for (const { channel, payload } of some)
      if (!(await publisher.publish(channel, JSON.stringify(payload)))) tooLong += 1;
  };
  try {
    for await (const some of events) for (const one of some) await send(messages.next(one));
    await send(messages.rest());
  } finally {
    await publisher.close();
  }
  return tooLong;
}

/** @throws WaterguardError `usage` where something of it is missing, or does not go together */
function brokerOf({ format, output, broker, ident, secretFile }: ExportFlags): Broker | undefined {
  if (broker === undefined) return undefined;
  if (format !== 'hpfeeds' || output !== undefined)
    throw new WaterguardError('usage', '--broker goes with --format hpfeeds, and without --output.');
  if (ident === undefined || secretFile === undefined)
    throw new WaterguardError('usage', '--broker needs --ident NAME and --secret-file FILE.');
  return { ...broker, ident, secret: readSecret(secretFile, 'the secret') };
}
