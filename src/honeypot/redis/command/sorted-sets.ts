/** Sorted sets: one member at a time. Ranges and combinations of several have files of their own. */
import { type Database, outOfMemory } from '../keyspace.ts';
import { count, float, integer } from '../numbers.ts';
import { double, noArray, RedisError, type Reply, syntaxError } from '../reply.ts';
import { type Scored, SortedSet } from '../sorted-set.ts';
import { waitFor } from './blocking.ts';
import type { Call, Handlers } from './call.ts';
import { some } from './hashes.ts';
import { seconds } from './lists.ts';
import { scanReply } from './scan.ts';

export const sortedSets: Handlers = {
  zadd,
  zincrby({ db }, key, by, member) {
    const set = sortedSet(db, key!) ?? new SortedSet();
    const score = increased(set.score(member!) ?? 0, float(by!));
    change(db, key!, set, member!, score);
    return double(score);
  },
  zrem({ db }, key, ...members) {
    const set = sortedSet(db, key!);
    const gone = members.filter((member) => set?.delete(member)).length;
    if (gone > 0) db.changed(key!);
    return gone;
  },
  zcard: ({ db }, key) => sortedSet(db, key!)?.size ?? 0,
  zscore: ({ db }, key, member) => scoreOf(sortedSet(db, key!), member!),
  zmscore({ db }, key, ...members) {
    const set = sortedSet(db, key!);
    return members.map((member) => scoreOf(set, member));
  },
  zrank: ({ db }, key, member) => sortedSet(db, key!)?.rank(member!) ?? null,
  zrevrank({ db }, key, member) {
    const set = sortedSet(db, key!);
    const rank = set?.rank(member!);
    return rank === undefined ? null : set!.size - 1 - rank;
  },
  zpopmin: (call, key, ...most) => popSome(call, key!, 'min', most),
  zpopmax: (call, key, ...most) => popSome(call, key!, 'max', most),
  zmpop: ({ db }, ...args) => popFirst(db, args) ?? noArray,
  bzpopmin: (call, ...args) => blockedPop(call, args, 'min'),
  bzpopmax: (call, ...args) => blockedPop(call, args, 'max'),
  bzmpop: (call, timeout, ...args) =>
    waitFor(call, seconds(timeout!), () => popFirst(call.db, args), noArray),
  zrandmember({ db, client }, key, most, option, more) {
    if (option !== undefined && (option.toLowerCase() !== 'withscores' || more !== undefined))
      throw syntaxError();
    const all = sortedSet(db, key!)?.all ?? [];
    if (most === undefined) return some(all, 1)[0]?.member ?? null;
    return listed(some(all, integer(most)), option !== undefined, client.protocol);
  },
  zscan: ({ db }, key, cursor, ...options) => {
    const pairs = (sortedSet(db, key!)?.all ?? []).map(
      ({ member, score }) => [member, double(score)] as const,
    );
    return scanReply(pairs, ([member]) => member, cursor!, options);
  },
};

export function sortedSet(db: Database, key: string): SortedSet | undefined {
  return db.valueOf(key, 'zset');
}

/** Members, or members and scores; RESP3 pairs them. */
export function listed(all: readonly Scored[], hasScores: boolean, protocol: 2 | 3): Reply {
  if (!hasScores) return all.map(({ member }) => member);
  const pairs = all.map(({ member, score }) => [member, double(score)] as const);
  return protocol === 3 ? pairs : pairs.flat();
}

function scoreOf(set: SortedSet | undefined, member: string): Reply {
  const score = set?.score(member);
  return score === undefined ? null : double(score);
}

function increased(score: number, by: number): number {
  const sum = score + by;
  if (Number.isNaN(sum)) throw new RedisError('ERR resulting score is not a number (NaN)');
  return sum;
}

/** Members whose places may have to be made in an array of others; some milliseconds. */
const maxMembers = 50_000;

function change(db: Database, key: string, set: SortedSet, member: string, score: number): void {
  if (set.size >= maxMembers) throw outOfMemory();
  set.set(member, score);
  if (set.size === 1) db.put(key, set, true);
  else db.changed(key);
}

const options = ['NX', 'XX', 'GT', 'LT', 'CH', 'INCR'];

function zadd({ db }: Call, key?: string, ...args: string[]): Reply {
  const given = new Set<string>();
  let at = 0;
  for (; options.includes(args[at]?.toUpperCase() ?? ''); at += 1) given.add(args[at]!.toUpperCase());
  const pairs = args.slice(at);
  if (pairs.length === 0 || pairs.length % 2 !== 0) throw syntaxError();
  if (given.has('NX') && given.has('XX'))
    throw new RedisError('ERR XX and NX options at the same time are not compatible');
  if ([given.has('GT'), given.has('LT'), given.has('NX')].filter((one) => one).length > 1)
    throw new RedisError('ERR GT, LT, and/or NX options at the same time are not compatible');
  if (given.has('INCR') && pairs.length > 2)
    throw new RedisError('ERR INCR option supports a single increment-element pair');
  const scored = Array.from({ length: pairs.length / 2 }, (_, index) => ({
    score: float(pairs[2 * index]!),
    member: pairs[2 * index + 1]!,
  }));

  const set = sortedSet(db, key!) ?? new SortedSet();
  let [added, changed] = [0, 0];
  let last: Reply = null;
  for (const { member, score } of scored) {
    const before = set.score(member);
    const next = given.has('INCR') ? increased(before ?? 0, score) : score;
    if (before === undefined ? given.has('XX') : given.has('NX')) continue;
    if (before !== undefined && given.has('GT') && next <= before) continue;
    if (before !== undefined && given.has('LT') && next >= before) continue;
    last = double(next);
    if (before === next) continue;
    if (before === undefined) added += 1;
    else changed += 1;
    change(db, key!, set, member, next);
  }
  if (given.has('INCR')) return last;
  return given.has('CH') ? added + changed : added;
}

type End = 'min' | 'max';

function pop(db: Database, key: string, set: SortedSet, end: End, most: number): Scored[] {
  const taken = end === 'min' ? set.all.slice(0, most) : set.all.slice(-most).reverse();
  for (const { member } of taken) set.delete(member);
  db.changed(key);
  return taken;
}

function popSome({ db, client }: Call, key: string, end: End, [most, ...more]: readonly string[]): Reply {
  if (more.length > 0) throw syntaxError();
  const wanted = count(most ?? '1');
  const set = sortedSet(db, key);
  if (set === undefined || wanted === 0) return [];
  const taken = pop(db, key, set, end, wanted);
  if (most !== undefined) return listed(taken, true, client.protocol);
  return taken.flatMap(({ member, score }) => [member, double(score)]);
}

/** `numkeys key [key …] MIN|MAX [COUNT n]`. */
function popFirst(db: Database, [numkeys, ...rest]: readonly string[]): Reply | undefined {
  const complaint = 'ERR numkeys should be greater than 0';
  const wanted = integer(numkeys!, complaint);
  if (wanted <= 0) throw new RedisError(complaint);
  const keys = rest.slice(0, wanted);
  const [where, option, most, ...more] = rest.slice(wanted);
  const end = where?.toLowerCase();
  if (end !== 'min' && end !== 'max') throw syntaxError();
  if (option !== undefined && (option.toLowerCase() !== 'count' || most === undefined || more.length > 0))
    throw syntaxError();
  const limit = integer(most ?? '1', 'ERR count should be greater than 0');
  if (limit <= 0) throw new RedisError('ERR count should be greater than 0');
  for (const key of keys) {
    const set = sortedSet(db, key);
    if (set !== undefined)
      return [key, pop(db, key, set, end, limit).map(({ member, score }) => [member, double(score)])];
  }
  return undefined;
}

function blockedPop(call: Call, args: readonly string[], end: End): Reply | Promise<Reply> {
  const attempt = (): Reply | undefined => {
    for (const key of args.slice(0, -1)) {
      const set = sortedSet(call.db, key);
      if (set === undefined) continue;
      const [first] = pop(call.db, key, set, end, 1);
      return [key, first!.member, double(first!.score)];
    }
    return undefined;
  };
  return waitFor(call, seconds(args.at(-1)!), attempt, noArray);
}
