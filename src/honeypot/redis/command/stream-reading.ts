/** XREAD and XREADGROUP: what came after an id, or what a group has not handed out; both may wait for it. */
import { integer } from '../numbers.ts';
import { map, noArray, RedisError, type Reply, syntaxError } from '../reply.ts';
import { type Consumer, deliveryCost, type Group } from '../stream/group.ts';
import { greatestId, type Id, idText, strictId } from '../stream/id.ts';
import { advance } from '../stream/progress.ts';
import type { Stream } from '../stream/stream.ts';
import { waitFor } from './blocking.ts';
import type { Call, Handlers } from './call.ts';
import { Allowance, activeConsumer, entryReply, streamAndGroup, streamOf } from './stream-arguments.ts';

export const streamReading: Handlers = {
  xread: (call, ...args) => read(call, options(call, args, false), args),
  xreadgroup: (call, ...args) => read(call, options(call, args, true), args),
};

interface Options {
  /** Seconds to wait, 0 for as long as it takes; undefined for not at all. */
  readonly wait: number | undefined;
  /** Of each stream; 0 for all. */
  readonly most: number;
  readonly group: { readonly name: string; readonly consumer: string } | undefined;
  /** What is handed out needs no acknowledgement. */
  readonly isSure: boolean;
  /** Where keys begin among the arguments. */
  readonly keysAt: number;
}

/** @throws RedisError */
function options(call: Call, args: readonly string[], isGroup: boolean): Options {
  const onlyForGroups = (option: string): RedisError =>
    new RedisError(`ERR The ${option} option is only supported by XREADGROUP. You called XREAD instead.`);
  const given: { -readonly [K in keyof Options]: Options[K] } = {
    wait: undefined,
    most: 0,
    group: undefined,
    isSure: false,
    keysAt: 0,
  };
  for (let at = 0; at < args.length && given.keysAt === 0; at += 1) {
    const word = args[at]!.toLowerCase();
    const more = args.length - 1 - at;
    if (word === 'block' && more > 0) {
      if (call.client.isScripting)
        throw new RedisError(`ERR ${call.word} command is not allowed with BLOCK option from scripts`);
      at += 1;
      given.wait = milliseconds(args[at]!) / 1000;
    } else if (word === 'count' && more > 0) {
      at += 1;
      given.most = Math.max(0, integer(args[at]!));
    } else if (word === 'streams' && more > 0) {
      given.keysAt = at + 1;
      if (more % 2 !== 0)
        throw new RedisError(
          "ERR Unbalanced XREAD list of streams: for each stream key an ID or '$' must be specified.",
        );
    } else if (word === 'group' && more > 1) {
      if (!isGroup) throw onlyForGroups('GROUP');
      given.group = { name: args[at + 1]!, consumer: args[at + 2]! };
      at += 2;
    } else if (word === 'noack') {
      if (!isGroup) throw onlyForGroups('NOACK');
      given.isSure = true;
    } else throw syntaxError();
  }
  if (given.keysAt === 0) throw syntaxError();
  if (isGroup && given.group === undefined) throw new RedisError('ERR Missing GROUP option for XREADGROUP');
  return given;
}

/** @throws RedisError */
function milliseconds(text: string): number {
  const value = integer(text, 'ERR timeout is not an integer or out of range');
  if (value < 0) throw new RedisError('ERR timeout is negative');
  return value;
}

interface Wanted {
  readonly key: string;
  /** What is wanted comes after it; of a group, undefined for what it has handed out to nobody. */
  readonly after: Id | undefined;
}

function read(call: Call, given: Options, args: readonly string[]): Reply | Promise<Reply> {
  const rest = args.slice(given.keysAt);
  const count = rest.length / 2;
  const wanted = rest.slice(0, count).map((key, index): Wanted => {
    return { key, after: afterOf(call, key, rest[count + index]!, given) };
  });
  const reply = answer(call, wanted, given, lastThere);
  if (reply !== undefined || given.wait === undefined) return reply ?? noArray;
  return waitFor(
    call,
    given.wait,
    () => gone(call, wanted, given) ?? answer(call, wanted, given, lastEver),
    noArray,
  );
}

/** @throws RedisError for what is no id here, and where there is no such group */
function afterOf({ db }: Call, key: string, text: string, { group }: Options): Id | undefined {
  const stream = streamOf(db, key);
  if (group !== undefined) streamAndGroup(db, key, group.name, ' in XREADGROUP with GROUP option');
  if (text === '$') {
    if (group !== undefined)
      throw new RedisError(
        'ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set.',
      );
    return stream?.lastId ?? 0n;
  }
  if (text === '>') {
    if (group === undefined)
      throw new RedisError(
        'ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.',
      );
    return undefined;
  }
  const id = strictId(text);
  // Redis takes the greatest for a sign of `>`.
  return group !== undefined && id === greatestId ? undefined : id;
}

/** What ends a group's waiting although nothing came. */
function gone({ db }: Call, wanted: readonly Wanted[], { group }: Options): Reply | undefined {
  if (group === undefined) return undefined;
  for (const { key } of wanted) {
    const value = db.peek(key)?.value;
    if (value?.kind !== 'stream') return { kind: 'error', text: 'UNBLOCKED the stream key no longer exists' };
    if (value.group(group.name) === undefined)
      return {
        kind: 'error',
        text: 'NOGROUP the consumer group this client was blocked on no longer exists',
      };
  }
  return undefined;
}

/** What tells at once whether there is anything new. */
function lastThere(stream: Stream): Id {
  return stream.last()?.id ?? 0n;
}

/** What tells those that wait, who are answered even where all that came is gone again. */
function lastEver(stream: Stream): Id {
  return stream.lastId;
}

/** @returns undefined where there is nothing yet */
function answer(
  call: Call,
  wanted: readonly Wanted[],
  given: Options,
  lastOf: (stream: Stream) => Id,
): Reply | undefined {
  const { db, client } = call;
  const allowance = new Allowance();
  const answers: (readonly [string, Reply])[] = [];
  for (const { key, after } of wanted) {
    const stream = streamOf(db, key);
    if (stream === undefined) continue;
    if (given.group !== undefined) {
      const group = stream.group(given.group.name);
      if (group === undefined) continue;
      const isHistory = after !== undefined;
      if (!isHistory && lastOf(stream) <= group.lastId) continue;
      const consumer = activeConsumer(db, group, given.group.consumer);
      const entries = isHistory
        ? history(stream, consumer, after, given.most, allowance)
        : handOut(call, stream, group, consumer, given, allowance);
      db.changes += 1;
      answers.push([key, entries]);
    } else if (lastOf(stream) > after!) {
      const entries = stream.range(after! + 1n, greatestId);
      answers.push([key, allowance.take(entries, given.most).map(entryReply)]);
    }
  }
  if (answers.length === 0) return undefined;
  return client.protocol === 3 ? map(answers) : answers;
}

function handOut(
  { db }: Call,
  stream: Stream,
  group: Group,
  consumer: Consumer,
  { most, isSure }: Options,
  allowance: Allowance,
): Reply {
  const entries = allowance.take(stream.range(group.lastId + 1n, greatestId), most);
  if (!isSure) db.keyspace.need(deliveryCost * entries.length);
  for (const entry of entries) {
    advance(stream, group, entry);
    if (!isSure) group.deliver(entry.id, consumer);
  }
  return entries.map(entryReply);
}

/** What this consumer was given and did not acknowledge, once more. */
function history(
  stream: Stream,
  { pending }: Consumer,
  after: Id,
  most: number,
  allowance: Allowance,
): Reply {
  return allowance.take(pending.from(after + 1n), most).map((delivery) => {
    const entry = stream.get(delivery.id);
    if (entry === undefined) return [idText(delivery.id), noArray];
    delivery.deliveredAt = Date.now();
    delivery.times += 1n;
    return entryReply(entry);
  });
}
