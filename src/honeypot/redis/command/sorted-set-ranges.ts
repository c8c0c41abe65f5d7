/** Parts of sorted sets: by rank, by score, by the bytes of members. */
import { floatIn, integer, range } from '../numbers.ts';
import { RedisError, type Reply, syntaxError } from '../reply.ts';
import { type Scored, SortedSet } from '../sorted-set.ts';
import type { Call, Handlers } from './call.ts';
import { listed, sortedSet } from './sorted-sets.ts';

type By = 'rank' | 'score' | 'lex';

interface Wanted {
  readonly by: By;
  readonly isReverse: boolean;
  readonly start: string;
  readonly end: string;
  readonly offset: number;
  /** Negative for all. */
  readonly limit: number;
}

export const sortedSetRanges: Handlers = {
  zrange: (call, key, start, end, ...options) => answer(call, key!, [start!, end!], options, true),
  zrevrange: (call, key, start, end, ...options) =>
    answer(call, key!, [start!, end!], options, false, 'rank', true),
  zrangebyscore: (call, key, start, end, ...options) =>
    answer(call, key!, [start!, end!], options, false, 'score', false),
  zrevrangebyscore: (call, key, start, end, ...options) =>
    answer(call, key!, [start!, end!], options, false, 'score', true),
  zrangebylex: (call, key, start, end, ...options) =>
    answer(call, key!, [start!, end!], options, false, 'lex', false),
  zrevrangebylex: (call, key, start, end, ...options) =>
    answer(call, key!, [start!, end!], options, false, 'lex', true),
  zrangestore({ db }, target, source, start, end, ...options) {
    const { wanted, hasScores } = wantedOf([start!, end!], options, true, 'rank', false);
    if (hasScores) throw syntaxError();
    const all = select(sortedSet(db, source!)?.all ?? [], wanted);
    db.keyspace.need(all.reduce((sum, { member }) => sum + 64 + member.length, 0));
    const set = new SortedSet(all.map(({ member, score }) => [member, score]));
    if (set.size > 0) db.put(target!, set);
    else db.delete(target!);
    return set.size;
  },
  zcount: ({ db }, key, start, end) => part(sortedSet(db, key!), 'score', start!, end!).length,
  zlexcount: ({ db }, key, start, end) => part(sortedSet(db, key!), 'lex', start!, end!).length,
  zremrangebyrank: (call, key, start, end) => remove(call, key!, 'rank', start!, end!),
  zremrangebyscore: (call, key, start, end) => remove(call, key!, 'score', start!, end!),
  zremrangebylex: (call, key, start, end) => remove(call, key!, 'lex', start!, end!),
};

function answer(
  { db, client }: Call,
  key: string,
  bounds: readonly [string, string],
  options: readonly string[],
  choosesBy: boolean,
  by: By = 'rank',
  isReverse = false,
): Reply {
  const { wanted, hasScores } = wantedOf(bounds, options, choosesBy, by, isReverse);
  // Bounds that are none are complained of before the key is looked at.
  select([], wanted);
  return listed(select(sortedSet(db, key)?.all ?? [], wanted), hasScores, client.protocol);
}

/** @param choosesBy BYSCORE, BYLEX and REV are for the newer commands */
function wantedOf(
  [start, end]: readonly [string, string],
  options: readonly string[],
  choosesBy: boolean,
  defaultBy: By,
  defaultReverse: boolean,
): { readonly wanted: Wanted; readonly hasScores: boolean } {
  let [by, isReverse, hasScores] = [defaultBy, defaultReverse, false];
  let [offset, limit, hasLimit] = [0, -1, false];
  for (let at = 0; at < options.length; at += 1) {
    const option = options[at]!.toLowerCase();
    if (option === 'withscores') hasScores = true;
    else if (option === 'limit' && at + 2 < options.length) {
      offset = integer(options[at + 1]!);
      limit = integer(options[at + 2]!);
      hasLimit = true;
      at += 2;
    } else if (choosesBy && option === 'rev') isReverse = true;
    else if (choosesBy && option === 'byscore' && by === 'rank') by = 'score';
    else if (choosesBy && option === 'bylex' && by === 'rank') by = 'lex';
    else throw syntaxError();
  }
  if (hasLimit && by === 'rank')
    throw new RedisError(
      'ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX',
    );
  if (hasScores && by === 'lex')
    throw new RedisError('ERR syntax error, WITHSCORES not supported in combination with BYLEX');
  return { wanted: { by, isReverse, start, end, offset, limit }, hasScores };
}

function select(all: readonly Scored[], { by, isReverse, start, end, offset, limit }: Wanted): Scored[] {
  if (by === 'rank') {
    const ordered = isReverse ? all.toReversed() : all;
    const places = range(start, end, ordered.length);
    return places === undefined ? [] : ordered.slice(places.from, places.to + 1);
  }
  const [low, high] = isReverse ? [end, start] : [start, end];
  const within = between(by, low, high);
  const chosen = all.filter(within);
  const ordered = isReverse ? chosen.reverse() : chosen;
  if (offset < 0) return [];
  return ordered.slice(offset, limit < 0 ? undefined : offset + limit);
}

function part(set: SortedSet | undefined, by: By, start: string, end: string): Scored[] {
  return select(set?.all ?? [], { by, isReverse: false, start, end, offset: 0, limit: -1 });
}

function remove({ db }: Call, key: string, by: By, start: string, end: string): number {
  part(undefined, by, start, end);
  const set = sortedSet(db, key);
  const gone = part(set, by, start, end);
  for (const { member } of gone) set!.delete(member);
  if (gone.length > 0) db.changed(key);
  return gone.length;
}

function between(by: 'score' | 'lex', low: string, high: string): (one: Scored) => boolean {
  if (by === 'lex') {
    const [from, to] = [lexBound(low), lexBound(high)];
    return ({ member }) => isAbove(member, from) && !isAbove(member, { ...to, isOpen: !to.isOpen });
  }
  const [from, to] = [scoreBound(low), scoreBound(high)];
  return ({ score }) =>
    (from.isOpen ? score > from.value : score >= from.value) &&
    (to.isOpen ? score < to.value : score <= to.value);
}

function scoreBound(text: string): { readonly value: number; readonly isOpen: boolean } {
  const isOpen = text.startsWith('(');
  const value = floatIn(isOpen ? text.slice(1) : text);
  if (value === undefined) throw new RedisError('ERR min or max is not a float');
  return { value, isOpen };
}

/** `-` and `+` stand for what is before and behind all members. */
interface LexBound {
  readonly text: string | '-' | '+';
  readonly isEnd: boolean;
  readonly isOpen: boolean;
}

function lexBound(text: string): LexBound {
  if (text === '-' || text === '+') return { text, isEnd: true, isOpen: false };
  if (!text.startsWith('(') && !text.startsWith('['))
    throw new RedisError('ERR min or max not valid string range item');
  return { text: text.slice(1), isEnd: false, isOpen: text.startsWith('(') };
}

function isAbove(member: string, { text, isEnd, isOpen }: LexBound): boolean {
  if (isEnd) return text === '-';
  return isOpen ? member > text : member >= text;
}
