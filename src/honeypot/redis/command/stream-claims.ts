/** XCLAIM and XAUTOCLAIM: a consumer takes over what others were given and did not acknowledge. */
import { bigInteger, integer } from '../numbers.ts';
import { RedisError, type Reply, syntaxError } from '../reply.ts';
import { type Consumer, deliveryCost, type Group } from '../stream/group.ts';
import { type Id, idIn, idText, strictId } from '../stream/id.ts';
import type { Delivery } from '../stream/pending.ts';
import type { Entry } from '../stream/stream.ts';
import type { Call, Handlers } from './call.ts';
import { Allowance, activeConsumer, entryReply, startOf, streamAndGroup } from './stream-arguments.ts';

export const streamClaims: Handlers = { xclaim, xautoclaim };

interface ClaimOptions {
  /** Milliseconds since 1970, as if they had been delivered then. */
  deliveredAt: number;
  times: bigint | undefined;
  /** Takes also what nobody was given. */
  isForced: boolean;
  /** Answers ids alone, and does not count it as a delivery. */
  onlyIds: boolean;
  lastId: Id;
}

function xclaim(
  { db }: Call,
  key?: string,
  name?: string,
  by?: string,
  idle?: string,
  ...args: string[]
): Reply {
  const { stream, group } = streamAndGroup(db, key!, name!);
  const leastIdle = Math.max(0, integer(idle!, 'ERR Invalid min-idle-time argument for XCLAIM'));
  const now = Date.now();
  const firstOption = args.findIndex((text) => idIn(text) === undefined);
  const ids = args.slice(0, firstOption < 0 ? args.length : firstOption).map(strictId);
  const options = claimOptions(args.slice(ids.length), now);
  if (options.lastId > group.lastId) group.lastId = options.lastId;
  const consumer = memoized(() => activeConsumer(db, group, by!));
  const allowance = new Allowance();
  const claimed: Reply[] = [];
  for (const id of ids) {
    const entry = stream.get(id);
    if (entry === undefined) {
      group.forget(id);
      continue;
    }
    let delivery = group.pending.get(id);
    if (delivery === undefined) {
      if (!options.isForced) continue;
      db.keyspace.need(deliveryCost);
      delivery = group.deliver(id, consumer());
    } else if (isTooFresh(delivery, leastIdle, now)) continue;
    take(group, delivery, consumer(), options);
    claimed.push(...allowance.take([claimReply(entry, options.onlyIds)], 1));
  }
  db.changes += claimed.length;
  return claimed;
}

/** @throws RedisError */
function claimOptions(args: readonly string[], now: number): ClaimOptions {
  const options: ClaimOptions = {
    deliveredAt: now,
    times: undefined,
    isForced: false,
    onlyIds: false,
    lastId: 0n,
  };
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at]!.toUpperCase();
    const hasMore = at + 1 < args.length;
    if (word === 'FORCE') options.isForced = true;
    else if (word === 'JUSTID') options.onlyIds = true;
    else if (['IDLE', 'TIME', 'RETRYCOUNT'].includes(word) && hasMore) {
      at += 1;
      const value = bigInteger(args[at]!, `ERR Invalid ${word} option argument for XCLAIM`);
      if (word === 'IDLE') options.deliveredAt = now - Number(value);
      else if (word === 'TIME') options.deliveredAt = Number(value);
      else options.times = value < 0n ? undefined : value;
    } else if (word === 'LASTID' && hasMore) {
      at += 1;
      options.lastId = strictId(args[at]!);
    } else throw new RedisError(`ERR Unrecognized XCLAIM option '${args[at]!.split('\0', 1)[0]}'`);
  }
  if (options.deliveredAt < 0 || options.deliveredAt > now) options.deliveredAt = now;
  return options;
}

/** It is made with the first entry that it gets, not before. */
function memoized<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Of those that Redis looks at for each that it may answer. */
const attemptsEach = 10;

function xautoclaim(
  { db }: Call,
  key?: string,
  name?: string,
  by?: string,
  idle?: string,
  ...args: string[]
): Reply {
  const leastIdle = Math.max(0, integer(idle!, 'ERR Invalid min-idle-time argument for XAUTOCLAIM'));
  const start = startOf(args[0]!);
  let [most, onlyIds] = [100, false];
  for (let at = 1; at < args.length; at += 1) {
    const word = args[at]!.toLowerCase();
    if (word === 'count' && at + 1 < args.length) {
      at += 1;
      most = countOf(args[at]!);
    } else if (word === 'justid') onlyIds = true;
    else throw syntaxError();
  }
  const { stream, group } = streamAndGroup(db, key!, name!);
  const consumer = memoized(() => activeConsumer(db, group, by!));
  const now = Date.now();
  const claimed: Reply[] = [];
  const deleted: Id[] = [];
  let attempts = most * attemptsEach;
  let next: Id = 0n;
  for (const delivery of [...group.pending.from(start)]) {
    if (attempts === 0 || claimed.length + deleted.length === most) {
      next = delivery.id;
      break;
    }
    attempts -= 1;
    const entry = stream.get(delivery.id);
    if (entry === undefined) {
      group.forget(delivery.id);
      deleted.push(delivery.id);
    } else if (!isTooFresh(delivery, leastIdle, now)) {
      take(group, delivery, consumer(), { deliveredAt: now, times: undefined, onlyIds });
      claimed.push(claimReply(entry, onlyIds));
    }
  }
  db.changes += claimed.length + deleted.length;
  return [idText(next), claimed, deleted.map(idText)];
}

/** @throws RedisError */
function countOf(text: string): number {
  const complaint = 'ERR COUNT must be > 0';
  const value = bigInteger(text, complaint);
  // LONG_MAX by the bytes of an id.
  if (value < 1n || value > (2n ** 63n - 1n) / 16n) throw new RedisError(complaint);
  return Number(value);
}

function isTooFresh({ deliveredAt }: Delivery, leastIdle: number, now: number): boolean {
  return leastIdle > 0 && now - deliveredAt < leastIdle;
}

function take(
  group: Group,
  delivery: Delivery,
  consumer: Consumer,
  { deliveredAt, times, onlyIds }: Pick<ClaimOptions, 'deliveredAt' | 'times' | 'onlyIds'>,
): void {
  group.hand(delivery, consumer);
  delivery.deliveredAt = deliveredAt;
  delivery.times = times ?? (onlyIds ? delivery.times : delivery.times + 1n);
}

function claimReply(entry: Entry, onlyIds: boolean): Reply {
  return onlyIds ? idText(entry.id) : entryReply(entry);
}
