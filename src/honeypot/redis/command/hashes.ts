/** Values with fields. */
import type { Database } from '../keyspace.ts';
import { added, bigInteger, decimalText, float, integer } from '../numbers.ts';
import { map, ok, RedisError, type Reply, syntaxError } from '../reply.ts';
import type { Call, Handlers } from './call.ts';
import { scanReply } from './scan.ts';

export const hashes: Handlers = {
  hset: ({ db, name }, key, ...pairs) => setFields(db, key!, pairs, name),
  hmset({ db, name }, key, ...pairs) {
    setFields(db, key!, pairs, name);
    return ok;
  },
  hsetnx({ db, name }, key, field, text) {
    return fieldsOf(db, key!)?.has(field!) ? 0 : setFields(db, key!, [field!, text!], name);
  },
  hget: ({ db }, key, field) => fieldsOf(db, key!)?.get(field!) ?? null,
  hmget({ db }, key, ...names) {
    const fields = fieldsOf(db, key!);
    return names.map((name) => fields?.get(name) ?? null);
  },
  hgetall: ({ db }, key) => map([...(fieldsOf(db, key!) ?? [])]),
  hkeys: ({ db }, key) => [...(fieldsOf(db, key!)?.keys() ?? [])],
  hvals: ({ db }, key) => [...(fieldsOf(db, key!)?.values() ?? [])],
  hlen: ({ db }, key) => fieldsOf(db, key!)?.size ?? 0,
  hexists: ({ db }, key, field) => (fieldsOf(db, key!)?.has(field!) ? 1 : 0),
  hstrlen: ({ db }, key, field) => fieldsOf(db, key!)?.get(field!)?.length ?? 0,
  hdel({ db }, key, ...names) {
    const fields = fieldsOf(db, key!);
    const gone = names.filter((name) => fields?.delete(name)).length;
    if (gone > 0) db.changed(key!);
    return gone;
  },
  hincrby({ db }, key, field, by) {
    const increment = bigInteger(by!);
    const before = fieldsOf(db, key!)?.get(field!) ?? '0';
    const value = added(bigInteger(before, 'ERR hash value is not an integer'), increment);
    setFields(db, key!, [field!, String(value)]);
    return value;
  },
  hincrbyfloat({ db }, key, field, by) {
    const increment = float(by!);
    const before = fieldsOf(db, key!)?.get(field!) ?? '0';
    const text = decimalText(float(before, 'ERR hash value is not a float') + increment);
    setFields(db, key!, [field!, text]);
    return text;
  },
  hrandfield,
  hscan: ({ db }, key, cursor, ...options) =>
    scanReply([...(fieldsOf(db, key!) ?? [])], ([field]) => field, cursor!, options),
};

function fieldsOf(db: Database, key: string): Map<string, string> | undefined {
  return db.valueOf(key, 'hash')?.fields;
}

/** @returns how many were not there before */
function setFields(db: Database, key: string, pairs: readonly string[], name = ''): number {
  if (pairs.length % 2 !== 0) throw new RedisError(`ERR wrong number of arguments for '${name}' command`);
  const fields = fieldsOf(db, key) ?? new Map<string, string>();
  const before = fields.size;
  for (let at = 0; at < pairs.length; at += 2) fields.set(pairs[at]!, pairs[at + 1]!);
  if (before === 0) db.put(key, { kind: 'hash', fields });
  else db.changed(key);
  return fields.size - before;
}

function hrandfield(
  { db, client }: Call,
  key?: string,
  most?: string,
  option?: string,
  more?: string,
): Reply {
  if (option !== undefined && (option.toLowerCase() !== 'withvalues' || more !== undefined))
    throw syntaxError();
  const pairs = [...(fieldsOf(db, key!) ?? [])];
  if (most === undefined) return some(pairs, 1)[0]?.[0] ?? null;
  const chosen = some(pairs, integer(most));
  if (option === undefined) return chosen.map(([field]) => field);
  return client.protocol === 3 ? chosen.map((pair) => [...pair]) : chosen.flat();
}

/** Most of what is drawn with repetition. */
const maxDraws = 10_000;

/** So many of a list by chance; with repetition where negative. */
export function some<T>(list: readonly T[], wanted: number): T[] {
  if (list.length === 0) return [];
  if (wanted >= list.length) return [...list];
  if (wanted < 0)
    return Array.from(
      { length: Math.min(-wanted, maxDraws) },
      () => list[Math.floor(Math.random() * list.length)]!,
    );
  const rest = [...list];
  const chosen: T[] = [];
  while (chosen.length < wanted && rest.length > 0) {
    const at = Math.floor(Math.random() * rest.length);
    chosen.push(rest[at]!);
    rest[at] = rest.at(-1)!;
    rest.pop();
  }
  return chosen;
}
