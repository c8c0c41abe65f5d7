/** Messages between the connections of one source. */
import type { Client } from '../client.ts';
import { matcher } from '../glob.ts';
import { push, type Reply } from '../reply.ts';
import type { Server } from '../server.ts';
import type { Call, Handlers } from './call.ts';

type Kind = 'channels' | 'patterns' | 'shardChannels';

/** Subscriptions of one client; others are acknowledged and not kept. */
const maxSubscriptions = 1000;
/** Characters that are looked at for one pattern. */
const maxSteps = 5000;

export const pubsub: Handlers = {
  subscribe: ({ client }, ...names) => subscribe(client, 'channels', 'subscribe', names),
  psubscribe: ({ client }, ...names) => subscribe(client, 'patterns', 'psubscribe', names),
  ssubscribe: ({ client }, ...names) => subscribe(client, 'shardChannels', 'ssubscribe', names),
  unsubscribe: ({ client }, ...names) => unsubscribe(client, 'channels', 'unsubscribe', names),
  punsubscribe: ({ client }, ...names) => unsubscribe(client, 'patterns', 'punsubscribe', names),
  sunsubscribe: ({ client }, ...names) => unsubscribe(client, 'shardChannels', 'sunsubscribe', names),
  publish({ server }, channel, message) {
    let receivers = 0;
    for (const client of server.clients.values()) {
      if (client.channels.has(channel!)) {
        client.wire.send(push('message', channel!, message!));
        receivers += 1;
      }
      for (const pattern of client.patterns)
        if (matcher(pattern, { most: maxSteps })(channel!)) {
          client.wire.send(push('pmessage', pattern, channel!, message!));
          receivers += 1;
        }
    }
    return receivers;
  },
  spublish({ server }, channel, message) {
    const receivers = [...server.clients.values()].filter((one) => one.shardChannels.has(channel!));
    for (const { wire } of receivers) wire.send(push('smessage', channel!, message!));
    return receivers.length;
  },
  'pubsub|channels': ({ server }, pattern) => named(server, 'channels', pattern),
  'pubsub|shardchannels': ({ server }, pattern) => named(server, 'shardChannels', pattern),
  'pubsub|numpat': ({ server }) => named(server, 'patterns').length,
  'pubsub|numsub': (call, ...names) => counts(call, 'channels', names),
  'pubsub|shardnumsub': (call, ...names) => counts(call, 'shardChannels', names),
};

/** All three kinds count channels and patterns together, shard channels apart. */
function countOf(client: Client, kind: Kind): number {
  return kind === 'shardChannels' ? client.shardChannels.size : client.channels.size + client.patterns.size;
}

function subscribe(client: Client, kind: Kind, word: string, names: readonly string[]): Reply {
  const replies = names.map((name) => {
    if (client[kind].size < maxSubscriptions) client[kind].add(name);
    return push(word, name, countOf(client, kind));
  });
  return { kind: 'several', replies };
}

function unsubscribe(client: Client, kind: Kind, word: string, names: readonly string[]): Reply {
  const gone = names.length > 0 ? names : [...client[kind]];
  if (gone.length === 0) return push(word, null, countOf(client, kind));
  const replies = gone.map((name) => {
    client[kind].delete(name);
    return push(word, name, countOf(client, kind));
  });
  return { kind: 'several', replies };
}

export function unsubscribeAll(client: Client): void {
  for (const kind of ['channels', 'patterns', 'shardChannels'] as const) client[kind].clear();
}

function named(server: Server, kind: Kind, pattern?: string): string[] {
  const all = new Set([...server.clients.values()].flatMap((client) => [...client[kind]]));
  const matches = pattern === undefined ? () => true : matcher(pattern);
  return [...all].filter((name) => matches(name));
}

function counts({ server }: Call, kind: Kind, names: readonly string[]): Reply {
  return names.flatMap((name) => [
    name,
    [...server.clients.values()].filter((client) => client[kind].has(name)).length,
  ]);
}
