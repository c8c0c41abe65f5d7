/** Sorted sets, and sets, put together: union, intersection, difference, with weights. */
import { type Database, outOfMemory } from '../keyspace.ts';
import { float, integer } from '../numbers.ts';
import { RedisError, type Reply, syntaxError } from '../reply.ts';
import { SortedSet } from '../sorted-set.ts';
import type { Call, Handlers } from './call.ts';
import { type Combination, cardinalityArgs } from './sets.ts';
import { listed } from './sorted-sets.ts';

/** Members that one command looks at, all its keys together. */
const maxWork = 200_000;

export const sortedSetCombinations: Handlers = {
  zunion: (call, ...args) => answer(call, 'union', args),
  zinter: (call, ...args) => answer(call, 'inter', args),
  zdiff: (call, ...args) => answer(call, 'diff', args),
  zunionstore: (call, target, ...args) => store(call, 'union', target!, args),
  zinterstore: (call, target, ...args) => store(call, 'inter', target!, args),
  zdiffstore: (call, target, ...args) => store(call, 'diff', target!, args),
  zintercard({ db }, numkeys, ...rest) {
    const { keys, limit } = cardinalityArgs(numkeys!, rest);
    const { size } = combine(db, 'inter', { keys, weights: keys.map(() => 1), aggregate: 'sum' });
    return limit > 0 ? Math.min(size, limit) : size;
  },
};

interface Sources {
  readonly keys: readonly string[];
  readonly weights: readonly number[];
  readonly aggregate: string;
}

function answer({ db, name, client }: Call, how: Combination, args: readonly string[]): Reply {
  const { hasScores, ...sources } = sourcesOf(args, how, name, false);
  return listed(combine(db, how, sources).all, hasScores, client.protocol);
}

function store({ db, name }: Call, how: Combination, target: string, args: readonly string[]): Reply {
  const set = combine(db, how, sourcesOf(args, how, name, true));
  db.keyspace.need(set.all.reduce((sum, { member }) => sum + 64 + member.length, 0));
  if (set.size > 0) db.put(target, set);
  else db.delete(target);
  return set.size;
}

/** `numkeys key [key …] [WEIGHTS …] [AGGREGATE SUM|MIN|MAX] [WITHSCORES]`. */
function sourcesOf(
  [numkeys, ...rest]: readonly string[],
  how: Combination,
  name: string,
  isStored: boolean,
): Sources & { readonly hasScores: boolean } {
  const wanted = integer(numkeys!);
  if (wanted < 1) throw new RedisError(`ERR at least 1 input key is needed for '${name}' command`);
  if (wanted > rest.length) throw syntaxError();
  const keys = rest.slice(0, wanted);
  let weights = keys.map(() => 1);
  let [aggregate, hasScores] = ['sum', false];
  for (let at = wanted; at < rest.length; at += 1) {
    const option = rest[at]!.toLowerCase();
    if (option === 'weights' && how !== 'diff' && at + wanted < rest.length) {
      weights = rest
        .slice(at + 1, at + 1 + wanted)
        .map((one) => float(one, 'ERR weight value is not a float'));
      at += wanted;
    } else if (option === 'aggregate' && how !== 'diff' && at + 1 < rest.length) {
      at += 1;
      aggregate = rest[at]!.toLowerCase();
      if (!['sum', 'min', 'max'].includes(aggregate)) throw syntaxError();
    } else if (option === 'withscores' && !isStored) hasScores = true;
    else throw syntaxError();
  }
  return { keys, weights, aggregate, hasScores };
}

function combine(db: Database, how: Combination, { keys, weights, aggregate }: Sources): SortedSet {
  const sources = keys.map((key, index) => scoresOf(db, key, weights[index]!));
  if (sources.reduce((sum, { size }) => sum + size, 0) > maxWork) throw outOfMemory();
  const [first = new Map<string, number>(), ...others] = sources;
  const scores = new Map(first);
  for (const other of others) {
    if (how === 'inter') for (const member of scores.keys()) if (!other.has(member)) scores.delete(member);
    for (const [member, score] of other) {
      const before = scores.get(member);
      if (how === 'diff') scores.delete(member);
      else if (before !== undefined) scores.set(member, joined(before, score, aggregate));
      else if (how === 'union') scores.set(member, score);
    }
  }
  return new SortedSet(scores);
}

/** Of a set, each member has the score 1. */
function scoresOf(db: Database, key: string, weight: number): Map<string, number> {
  const value = db.read(key)?.value;
  if (value === undefined) return new Map();
  if (value.kind === 'set') return new Map([...value.members].map((member) => [member, weight]));
  if (value.kind === 'zset')
    return new Map(value.all.map(({ member, score }) => [member, score * weight || 0]));
  throw new RedisError('WRONGTYPE Operation against a key holding the wrong kind of value');
}

function joined(a: number, b: number, aggregate: string): number {
  if (aggregate === 'min') return Math.min(a, b);
  if (aggregate === 'max') return Math.max(a, b);
  return a + b || 0;
}
