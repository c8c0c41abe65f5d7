/** What the server tells of itself: its commands, its memory, its time. */
import { now } from '../../world/world.ts';
import { type Command, commands, describe, everyCommand, keysOf, takes } from '../commands.ts';
import { matcher } from '../glob.ts';
import { sizeOf } from '../keyspace.ts';
import { count, integer } from '../numbers.ts';
import { commandDocs } from '../reference/command-docs.ts';
import { double, map, ok, RedisError, type Reply, set, status, syntaxError } from '../reply.ts';
import type { Call, Handlers } from './call.ts';
import { usedMemory } from './info.ts';

export const introspection: Handlers = {
  command: ({ server }) =>
    server.scrambled([...commands.keys()]).map((name) => describe(commands.get(name)!)),
  'command|count': () => commands.size,
  'command|info': ({ server }, ...names) => {
    const wanted = names.length > 0 ? names : server.scrambled([...commands.keys()]);
    return wanted.map((name) => {
      const command = named(name);
      return command === undefined ? null : describe(command);
    });
  },
  'command|docs': ({ server }, ...names) => {
    const wanted = names.length > 0 ? names : server.scrambled([...commands.keys()]);
    return map(wanted.flatMap((name) => docsOf(name.toLowerCase()) ?? []));
  },
  'command|list': list,
  'command|getkeys': (_, ...args) => keysIn(args),
  'command|getkeysandflags': (_, ...args) => {
    const command = named(args[0]!)!;
    const flags = command.keySpecs[0]?.split(' ')[0]?.split(',') ?? [];
    return keysIn(args).map((key) => [key, set(flags.map(status))]);
  },
  time({ server }) {
    const time = now(server.world);
    const micros = (time % 1000) * 1000 + (Math.floor(performance.now() * 1000) % 1000);
    return [String(Math.floor(time / 1000)), String(micros)];
  },
  lolwut: () => ({ kind: 'verbatim', text: 'Redis ver. 7.0.15\n' }),
  monitor({ client }) {
    client.isMonitor = true;
    return ok;
  },
  'slowlog|get': (_, wanted) => {
    if (wanted !== undefined && integer(wanted) < -1)
      throw new RedisError('ERR count should be greater than or equal to -1');
    return [];
  },
  'slowlog|len': () => 0,
  'slowlog|reset': () => ok,
  'latency|latest': () => [],
  'latency|history': () => [],
  'latency|reset': () => 0,
  'latency|graph': (_, event) => {
    throw new RedisError(`ERR No samples available for event '${event}'`);
  },
  'latency|doctor': () => ({
    kind: 'verbatim',
    text: "I'm sorry, Dave, I can't do that. Latency monitoring is disabled in this Redis instance. You may use \"CONFIG SET latency-monitor-threshold <milliseconds>.\" in order to enable it. If we weren't in a deep space mission I'd suggest to take a look at https://redis.io/topics/latency-monitor.\n",
  }),
  'latency|histogram': ({ server }, ...names) => {
    const wanted = names.length === 0 ? undefined : new Set(names.map((name) => name.toLowerCase()));
    const chosen = [...server.statistics.calls].filter(([name]) => wanted?.has(name) ?? true);
    return map(
      chosen.map(([name, calls]) => [
        name,
        map([
          ['calls', calls],
          ['histogram_usec', map([[4, calls]])],
        ]),
      ]),
    );
  },
  'memory|usage': ({ db }, key, ...options) => {
    if (options.length > 0 && (options.length !== 2 || options[0]!.toLowerCase() !== 'samples'))
      throw syntaxError();
    if (options.length > 0 && count(options[1]!, 'ERR syntax error') < 0) throw syntaxError();
    const value = db.peek(key!)?.value;
    return value === undefined ? null : 48 + 16 * Math.ceil((key!.length + sizeOf(value)) / 16);
  },
  'memory|doctor': () => ({
    kind: 'verbatim',
    text: "Hi Sam, this instance is empty or is using very little memory, my issues detector can't be used in these conditions. Please, leave for your mission on Earth and fill it with some data. The new Sam and I will be back to our programming as soon as I finished rebooting.\n",
  }),
  'memory|purge': () => ok,
  'memory|malloc-stats': ({ server }) => ({
    kind: 'verbatim',
    text: `___ Begin jemalloc statistics ___\nVersion: "5.3.0-0-g54eaed1d8b56b1aa528be3bdd1877e59c56fa90c"\nAllocated: ${usedMemory(server)}, active: ${usedMemory(server) + 428_000}, metadata: 2684544 (n_thp 0), resident: ${usedMemory(server) + 3_100_000}, mapped: 8388608, retained: 2621440\n--- End jemalloc statistics ---\n`,
  }),
  'memory|stats': memoryStats,
  cluster: noCluster,
  asking: noCluster,
  readonly: noCluster,
  readwrite: noCluster,
};

function named(name: string): Command | undefined {
  const [container = '', own] = name.toLowerCase().split('|');
  const command = commands.get(container);
  return own === undefined ? command : command?.subcommands.get(own);
}

function noCluster(): Reply {
  throw new RedisError('ERR This instance has cluster support disabled');
}

/** Every subcommand of CLUSTER says the same. */
export const cluster: Handlers = Object.fromEntries(
  [...commands.get('cluster')!.subcommands.values()].map(({ name }) => [name, noCluster]),
);

function list({ server }: Call, ...args: string[]): Reply {
  let names = [...everyCommand()].map(({ name }) => name);
  if (args.length > 0) {
    const [filter, kind, value, ...more] = args.map((arg, index) => (index < 2 ? arg.toLowerCase() : arg));
    if (filter !== 'filterby' || value === undefined || more.length > 0) throw syntaxError();
    const all = [...everyCommand()];
    if (kind === 'pattern') {
      const matches = matcher(value, { ignoresCase: true });
      names = all.map(({ name }) => name).filter((name) => matches(name));
    } else if (kind === 'aclcat') {
      const category = value.toLowerCase();
      names = all.filter(({ categories }) => categories.includes(category)).map(({ name }) => name);
    } else if (kind === 'module') names = [];
    else throw syntaxError();
  }
  return server.scrambled(names);
}

function keysIn(args: readonly string[]): string[] {
  const container = named(args[0]!);
  const command = container?.subcommands.get(args[1]?.toLowerCase() ?? '') ?? container;
  if (command === undefined) throw new RedisError('ERR Invalid command specified');
  if (command.keySpecs.length === 0) throw new RedisError('ERR The command has no key arguments');
  if (!takes(command, args.length))
    throw new RedisError('ERR Invalid number of arguments specified for command');
  return keysOf(command, args);
}

const docs = new Map<string, Reply>();

function docsOf(name: string): readonly (readonly [Reply, Reply])[] | undefined {
  if (docs.size === 0)
    for (const line of commandDocs.split('\n')) {
      const space = line.indexOf(' ');
      docs.set(line.slice(0, space), docReply(JSON.parse(line.slice(space + 1))));
    }
  const [container = '', own] = name.split('|');
  const found = own === undefined ? docs.get(container) : undefined;
  return found === undefined ? undefined : [[container, found]];
}

/** Flags are statuses, flags and history are sets, all else as it stands in JSON. */
function docReply(value: unknown, name = ''): Reply {
  if (typeof value === 'string' && name.endsWith('flags')) return status(value);
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => docReply(item, name));
    return /flags$|^history$/.test(name) && !items.some((item) => typeof item === 'string')
      ? set(items)
      : items;
  }
  return map(Object.entries(value as object).map(([key, item]) => [key, docReply(item, key)] as const));
}

function memoryStats({ server }: Call): Reply {
  const used = usedMemory(server);
  const { startupMemory: startup } = server.identity;
  const overhead = startup + 224 + 1800 * server.clients.size;
  const keys = server.keyspace.databases.reduce((sum, { size }) => sum + size, 0);
  const databases = server.keyspace.databases
    .filter(({ size }) => size > 0)
    .map(
      ({ index, size }) =>
        [
          `db.${index}`,
          map([
            ['overhead.hashtable.main', 56 * size],
            ['overhead.hashtable.expires', 0],
            ['overhead.hashtable.slot-to-keys', 0],
          ]),
        ] as const,
    );
  return map([
    ['peak.allocated', Math.max(used, startup + 380_000)],
    ['total.allocated', used],
    ['startup.allocated', startup],
    ['replication.backlog', 0],
    ['clients.slaves', 0],
    ['clients.normal', 1800 * server.clients.size],
    ['cluster.links', 0],
    ['aof.buffer', 0],
    ['lua.caches', 0],
    ['functions.caches', 200],
    ...databases,
    ['overhead.total', overhead],
    ['keys.count', keys],
    ['keys.bytes-per-key', keys === 0 ? 0 : Math.floor((used - startup) / keys)],
    ['dataset.bytes', used - overhead],
    ['dataset.percentage', double((100 * (used - overhead)) / (used - startup))],
    ['peak.percentage', double((100 * used) / Math.max(used, startup + 380_000))],
    ['allocator.allocated', used + 96_000],
    ['allocator.active', used + 428_000],
    ['allocator.resident', used + 3_128_000],
    ['allocator-fragmentation.ratio', double((used + 428_000) / (used + 96_000))],
    ['allocator-fragmentation.bytes', 332_000],
    ['allocator-rss.ratio', double((used + 3_128_000) / (used + 428_000))],
    ['allocator-rss.bytes', 2_700_000],
    ['rss-overhead.ratio', double((used + 8_028_000) / (used + 3_128_000))],
    ['rss-overhead.bytes', 4_900_000],
    ['fragmentation', double((used + 8_028_000) / used)],
    ['fragmentation.bytes', 8_028_000],
  ]);
}
