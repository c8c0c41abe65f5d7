/** Groups of streams: XGROUP, and what is pending in them. */
import { bigInteger, integer } from '../numbers.ts';
import { noArray, ok, RedisError, type Reply, syntaxError } from '../reply.ts';
import type { Group } from '../stream/group.ts';
import { boundId, idText, strictId } from '../stream/id.ts';
import { Stream } from '../stream/stream.ts';
import type { Call, Handlers } from './call.ts';
import {
  activeConsumer,
  endOf,
  noGroup,
  startOf,
  streamAndGroup,
  streamOf,
  subcommandError,
} from './stream-arguments.ts';

export const streamGroups: Handlers = {
  'xgroup|create': create,
  'xgroup|setid': setId,
  'xgroup|destroy': ({ db }, key, name) => {
    if (!requiredStream(db, key!).deleteGroup(name!)) return 0;
    db.changed(key!);
    return 1;
  },
  'xgroup|createconsumer': ({ db }, key, name, consumer) => {
    const group = requiredGroup(db, key!, name!);
    if (group.consumer(consumer!) !== undefined) return 0;
    activeConsumer(db, group, consumer!);
    db.changes += 1;
    return 1;
  },
  'xgroup|delconsumer': ({ db }, key, name, consumer) => {
    const group = requiredGroup(db, key!, name!);
    const found = group.consumer(consumer!);
    if (found === undefined) return 0;
    group.deleteConsumer(found);
    db.changes += 1;
    return found.pending.size;
  },
  xack({ db }, key, name, ...texts) {
    const group = streamOf(db, key!)?.group(name!);
    if (group === undefined) return 0;
    const ids = texts.map(strictId);
    const gone = ids.filter((id) => group.forget(id)).length;
    db.changes += gone;
    return gone;
  },
  xpending,
};

/** @throws RedisError where there is none */
function requiredStream(db: Call['db'], key: string): Stream {
  const stream = streamOf(db, key);
  if (stream === undefined)
    throw new RedisError(
      'ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.',
    );
  return stream;
}

/** @throws RedisError where there is no such stream or group */
function requiredGroup(db: Call['db'], key: string, name: string): Group {
  const group = requiredStream(db, key).group(name);
  if (group === undefined) throw noGroup(key, name);
  return group;
}

interface GroupOptions {
  makesStream: boolean;
  /** Undefined where nobody knows. */
  entriesRead: bigint | undefined;
}

/** @throws RedisError */
function groupOptions(call: Call, options: readonly string[], mayMake: boolean): GroupOptions {
  const given: GroupOptions = { makesStream: false, entriesRead: undefined };
  for (let at = 0; at < options.length; at += 1) {
    const option = options[at]!.toLowerCase();
    if (option === 'mkstream' && mayMake) given.makesStream = true;
    else if (option === 'entriesread' && at + 1 < options.length) {
      at += 1;
      const value = bigInteger(options[at]!);
      if (value < -1n) throw new RedisError('ERR value for ENTRIESREAD must be positive or -1');
      given.entriesRead = value < 0n ? undefined : value;
    } else throw subcommandError(call);
  }
  return given;
}

function create(call: Call, key?: string, name?: string, text?: string, ...options: string[]): Reply {
  const { db } = call;
  const { makesStream, entriesRead } = groupOptions(call, options, true);
  const before = makesStream ? streamOf(db, key!) : requiredStream(db, key!);
  if (options.length > 3) throw subcommandError(call);
  const lastId = text === '$' ? (before?.lastId ?? 0n) : strictId(text!);
  const stream = before ?? new Stream();
  if (before === undefined) db.put(key!, stream);
  if (stream.group(name!) !== undefined) throw new RedisError('BUSYGROUP Consumer Group name already exists');
  stream.addGroup(name!, lastId, entriesRead);
  db.changes += 1;
  return ok;
}

function setId(call: Call, key?: string, name?: string, text?: string, ...options: string[]): Reply {
  const { db } = call;
  const { entriesRead } = groupOptions(call, options, false);
  const group = requiredGroup(db, key!, name!);
  if (options.length !== 0 && options.length !== 2) throw subcommandError(call);
  group.lastId = text === '$' ? requiredStream(db, key!).lastId : boundId(text!, 'lowest');
  group.entriesRead = entriesRead;
  db.changes += 1;
  return ok;
}

/** `XPENDING key group [[IDLE min-idle] start end count [consumer]]`. */
function xpending({ db }: Call, key?: string, name?: string, ...args: string[]): Reply {
  if (args.length === 0) return summary(streamAndGroup(db, key!, name!).group);
  if (args.length < 3 || args.length > 6) throw syntaxError();
  const hasIdle = args[0]!.toLowerCase() === 'idle';
  const leastIdle = hasIdle ? integer(args[1]!) : 0;
  if (hasIdle && args.length < 5) throw syntaxError();
  const [start, end, limit, consumerName] = hasIdle ? args.slice(2) : args;
  const most = Math.max(0, integer(limit!));
  const [from, to] = [startOf(start!), endOf(end!)];
  const { group } = streamAndGroup(db, key!, name!);
  const consumer = consumerName === undefined ? undefined : group.consumer(consumerName);
  if (consumerName !== undefined && consumer === undefined) return [];
  const now = Date.now();
  const found: Reply[] = [];
  for (const { id, consumer: owner, deliveredAt, times } of (consumer ?? group).pending.from(from)) {
    if (id > to || found.length >= most) break;
    const idle = now - deliveredAt;
    if (leastIdle === 0 || idle >= leastIdle) found.push([idText(id), owner.name, Math.max(0, idle), times]);
  }
  return found;
}

function summary({ pending, consumers }: Group): Reply {
  const [first, last] = [pending.all[0], pending.all.at(-1)];
  if (first === undefined || last === undefined) return [0, null, null, noArray];
  const owners = consumers.filter((consumer) => consumer.pending.size > 0);
  return [
    pending.size,
    idText(first.id),
    idText(last.id),
    owners.map((consumer) => [consumer.name, String(consumer.pending.size)]),
  ];
}
