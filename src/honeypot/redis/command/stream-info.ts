/** XINFO: what a stream, its groups and their consumers are like. */
import { integer } from '../numbers.ts';
import { map, type Reply } from '../reply.ts';
import type { Consumer, Group } from '../stream/group.ts';
import { greatestId, idText } from '../stream/id.ts';
import type { Delivery } from '../stream/pending.ts';
import { lagOf } from '../stream/progress.ts';
import { radixNodes } from '../stream/radix-tree.ts';
import type { Stream } from '../stream/stream.ts';
import type { Call, Handlers } from './call.ts';
import { Allowance, entryReply, existingStream, noGroup, subcommandError } from './stream-arguments.ts';

export const streamInfo: Handlers = {
  'xinfo|stream': (call, key, ...options) => {
    const stream = existingStream(call.db, key!);
    return map([
      ...summary(stream),
      ...(options.length === 0 ? ends(stream) : whole(stream, countOf(call, options))),
    ]);
  },
  'xinfo|groups': ({ db }, key) => {
    const stream = existingStream(db, key!);
    return stream.groups.map((group) =>
      map([
        ['name', group.name],
        ['consumers', group.consumers.length],
        ['pending', group.pending.size],
        ...progress(stream, group),
      ]),
    );
  },
  'xinfo|consumers': ({ db }, key, name) => {
    const group = existingStream(db, key!).group(name!);
    if (group === undefined) throw noGroup(key!, name!);
    const now = Date.now();
    return group.consumers.map((consumer) =>
      map([
        ['name', consumer.name],
        ['pending', consumer.pending.size],
        ['idle', Math.max(0, now - consumer.seenAt)],
      ]),
    );
  },
};

type Fields = readonly (readonly [Reply, Reply])[];

function summary({ length, nodes, lastId, maxDeletedId, entriesAdded, firstId }: Stream): Fields {
  return [
    ['length', length],
    ['radix-tree-keys', nodes.length],
    ['radix-tree-nodes', radixNodes(nodes.map(({ id }) => id))],
    ['last-generated-id', idText(lastId)],
    ['max-deleted-entry-id', idText(maxDeletedId)],
    ['entries-added', entriesAdded],
    ['recorded-first-entry-id', idText(firstId)],
  ];
}

function ends(stream: Stream): Fields {
  const [first, last] = [stream.first(), stream.last()];
  return [
    ['groups', stream.groups.length],
    ['first-entry', first === undefined ? null : entryReply(first)],
    ['last-entry', last === undefined ? null : entryReply(last)],
  ];
}

/** FULL [COUNT n]: how many of each list. @throws RedisError */
function countOf(call: Call, [full, option, value, ...more]: readonly string[]): number {
  if (full!.toLowerCase() !== 'full' || more.length > 0) throw subcommandError(call);
  if (option === undefined) return 10;
  if (option.toLowerCase() !== 'count' || value === undefined) throw subcommandError(call);
  const wanted = integer(value);
  if (wanted === 0) return Number.POSITIVE_INFINITY;
  return wanted < 0 ? 10 : wanted;
}

function whole(stream: Stream, most: number): Fields {
  return [
    ['entries', new Allowance().take(stream.range(0n, greatestId), most).map(entryReply)],
    ['groups', stream.groups.map((group) => wholeGroup(stream, group, most))],
  ];
}

function wholeGroup(stream: Stream, group: Group, most: number): Reply {
  return map([
    ['name', group.name],
    ...progress(stream, group),
    ['pel-count', group.pending.size],
    [
      'pending',
      group.pending.all.slice(0, most).map((one) => [idText(one.id), one.consumer.name, ...delivered(one)]),
    ],
    ['consumers', group.consumers.map((consumer) => wholeConsumer(consumer, most))],
  ]);
}

function wholeConsumer({ name, seenAt, pending }: Consumer, most: number): Reply {
  return map([
    ['name', name],
    ['seen-time', seenAt],
    ['pel-count', pending.size],
    ['pending', pending.all.slice(0, most).map((one) => [idText(one.id), ...delivered(one)])],
  ]);
}

function delivered({ deliveredAt, times }: Delivery): readonly Reply[] {
  return [deliveredAt, times];
}

function progress(stream: Stream, group: Group): Fields {
  return [
    ['last-delivered-id', idText(group.lastId)],
    ['entries-read', group.entriesRead ?? null],
    ['lag', lagOf(stream, group) ?? null],
  ];
}
