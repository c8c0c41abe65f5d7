/** Sets: members in no order, but numbers in theirs while all are numbers. */
import { type Database, encodingOf } from '../keyspace.ts';
import { count, integer } from '../numbers.ts';
import { RedisError, set, syntaxError } from '../reply.ts';
import type { Call, Handlers } from './call.ts';
import { some } from './hashes.ts';
import { scanReply } from './scan.ts';

export const sets: Handlers = {
  sadd({ db }, key, ...added) {
    const members = membersOf(db, key!) ?? new Set<string>();
    const before = members.size;
    for (const member of added) members.add(member);
    if (before === 0) db.put(key!, { kind: 'set', members });
    else if (members.size > before) db.changed(key!);
    return members.size - before;
  },
  srem({ db }, key, ...names) {
    const members = membersOf(db, key!);
    const gone = names.filter((name) => members?.delete(name)).length;
    if (gone > 0) db.changed(key!);
    return gone;
  },
  smembers: (call, key) => set(listed(call, key!)),
  scard: ({ db }, key) => membersOf(db, key!)?.size ?? 0,
  sismember: ({ db }, key, member) => (membersOf(db, key!)?.has(member!) ? 1 : 0),
  smismember({ db }, key, ...names) {
    const members = membersOf(db, key!);
    return names.map((name) => (members?.has(name) ? 1 : 0));
  },
  smove({ db }, source, target, member) {
    const from = membersOf(db, source!);
    const to = membersOf(db, target!) ?? new Set<string>();
    if (!from?.has(member!)) return 0;
    if (source === target) return 1;
    from.delete(member!);
    db.changed(source!);
    to.add(member!);
    if (to.size === 1) db.put(target!, { kind: 'set', members: to });
    else db.changed(target!);
    return 1;
  },
  spop({ db }, key, most, more) {
    if (more !== undefined) throw syntaxError();
    const wanted = most === undefined ? 1 : count(most);
    const members = membersOf(db, key!);
    const chosen = some([...(members ?? [])], wanted);
    for (const member of chosen) members!.delete(member);
    if (chosen.length > 0) db.changed(key!);
    return most === undefined ? (chosen[0] ?? null) : set(chosen);
  },
  srandmember({ db }, key, most, more) {
    if (more !== undefined) throw syntaxError();
    const members = [...(membersOf(db, key!) ?? [])];
    return most === undefined ? (some(members, 1)[0] ?? null) : some(members, integer(most));
  },
  sunion: ({ db, server }, ...keys) => set(server.scrambled([...combine(db, 'union', keys)])),
  sinter: ({ db, server }, ...keys) => set(server.scrambled([...combine(db, 'inter', keys)])),
  sdiff: ({ db, server }, ...keys) => set(server.scrambled([...combine(db, 'diff', keys)])),
  sunionstore: ({ db }, target, ...keys) => store(db, target!, combine(db, 'union', keys)),
  sinterstore: ({ db }, target, ...keys) => store(db, target!, combine(db, 'inter', keys)),
  sdiffstore: ({ db }, target, ...keys) => store(db, target!, combine(db, 'diff', keys)),
  sintercard({ db }, numkeys, ...rest) {
    const { keys, limit } = cardinalityArgs(numkeys!, rest);
    const { size } = combine(db, 'inter', keys);
    return limit > 0 ? Math.min(size, limit) : size;
  },
  sscan: (call, key, cursor, ...options) =>
    scanReply(listed(call, key!), (member) => member, cursor!, options),
};

function membersOf(db: Database, key: string): Set<string> | undefined {
  return db.valueOf(key, 'set')?.members;
}

/** Numbers in their order, as they lie in one piece of memory; others in none. */
function listed({ db, server }: Call, key: string): string[] {
  const members = membersOf(db, key) ?? new Set<string>();
  if (encodingOf({ kind: 'set', members }) !== 'intset') return server.scrambled([...members]);
  return [...members].sort((a, b) => Number(BigInt(a) - BigInt(b)));
}

export type Combination = 'union' | 'inter' | 'diff';

function combine(db: Database, how: Combination, keys: readonly string[]): Set<string> {
  // A key that is named again changes nothing.
  const [first = new Set<string>(), ...others] = [...new Set(keys)].map(
    (key) => membersOf(db, key) ?? new Set<string>(),
  );
  if (how === 'diff' && keys.slice(1).includes(keys[0]!)) return new Set();
  const result = new Set(first);
  for (const other of others) {
    if (how === 'union') for (const member of other) result.add(member);
    else for (const member of result) if (other.has(member) === (how === 'diff')) result.delete(member);
  }
  return result;
}

function store(db: Database, target: string, members: Set<string>): number {
  db.keyspace.need([...members].reduce((sum, member) => sum + 64 + member.length, 0));
  if (members.size === 0) db.delete(target);
  else db.put(target, { kind: 'set', members });
  return members.size;
}

/** `numkeys key [key …] [LIMIT n]`. */
export function cardinalityArgs(
  numkeys: string,
  rest: readonly string[],
): { readonly keys: readonly string[]; readonly limit: number } {
  const wanted = integer(numkeys, 'ERR numkeys should be greater than 0');
  if (wanted <= 0) throw new RedisError('ERR numkeys should be greater than 0');
  if (wanted > rest.length) throw new RedisError("ERR Number of keys can't be greater than number of args");
  const [option, limit, ...more] = rest.slice(wanted);
  if (option !== undefined && (option.toLowerCase() !== 'limit' || limit === undefined || more.length > 0))
    throw syntaxError();
  return { keys: rest.slice(0, wanted), limit: count(limit ?? '0', "ERR LIMIT can't be negative") };
}
