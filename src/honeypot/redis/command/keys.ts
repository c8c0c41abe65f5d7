/** Keys, whatever they hold. */
import { matcher } from '../glob.ts';
import { type Database, encodingOf, sizeOf, type Value } from '../keyspace.ts';
import { integer } from '../numbers.ts';
import { dumpValue } from '../rdb/dump.ts';
import { ok, RedisError, type Reply, status, syntaxError } from '../reply.ts';
import { SortedSet } from '../sorted-set.ts';
import type { Call, Handlers } from './call.ts';
import { scanOptions } from './scan.ts';

export const keys: Handlers = {
  del: ({ db }, ...names) => names.filter((name) => db.delete(name)).length,
  unlink: ({ db }, ...names) => names.filter((name) => db.delete(name)).length,
  exists: ({ db }, ...names) => names.filter((name) => db.peek(name) !== undefined).length,
  touch: ({ db }, ...names) => names.filter((name) => db.read(name) !== undefined).length,
  type: ({ db }, key) => status(db.peek(key!)?.value.kind ?? 'none'),
  keys({ db, server }, pattern) {
    const matches = matcher(pattern!);
    return server.scrambled([...db.keys()].map(([key]) => key).filter((key) => matches(key)));
  },
  scan({ db, server }, cursor, ...options) {
    const { from, count, matches, type } = scanOptions(cursor!, options, true);
    const all = server.scrambled([...db.keys()].map(([key]) => key));
    const chosen = all
      .slice(from, from + count)
      .filter((key) => matches(key) && (type === undefined || db.peek(key)?.value.kind === type));
    return [from + count >= all.length ? '0' : String(from + count), chosen];
  },
  randomkey({ db }) {
    const all = [...db.keys()];
    return all[Math.floor(Math.random() * all.length)]?.[0] ?? null;
  },
  dbsize: ({ db }) => db.size,
  rename({ db }, from, to) {
    rename(db, from!, to!);
    return ok;
  },
  renamenx({ db }, from, to) {
    if (db.peek(from!) === undefined) throw new RedisError('ERR no such key');
    if (db.peek(to!) !== undefined) return 0;
    rename(db, from!, to!);
    return 1;
  },
  copy,
  move({ db }, key, index) {
    const target = databaseAt(db, index!);
    if (target === db) throw new RedisError('ERR source and destination objects are the same');
    const entry = db.peek(key!);
    if (entry === undefined || target.peek(key!) !== undefined) return 0;
    target.put(key!, entry.value);
    if (entry.expiresAt !== undefined) target.peek(key!)!.expiresAt = entry.expiresAt;
    db.delete(key!);
    return 1;
  },
  swapdb({ db }, one, other) {
    const first = databaseAt(db, one!, 'ERR invalid first DB index');
    const second = databaseAt(db, other!, 'ERR invalid second DB index');
    if (first !== second) first.swap(second);
    return ok;
  },
  flushdb({ db }, ...how) {
    requireFlushOption(how);
    db.clear();
    return ok;
  },
  flushall({ db }, ...how) {
    requireFlushOption(how);
    for (const one of db.keyspace.databases) one.clear();
    return ok;
  },
  dump({ db }, key) {
    const value = db.read(key!)?.value;
    return value === undefined ? null : dumpValue(value);
  },
  'object|encoding': ({ db }, key) => {
    const value = db.peek(key!)?.value;
    return value === undefined ? null : encodingOf(value);
  },
  'object|refcount': ({ db }, key) => (db.peek(key!) === undefined ? null : 1),
  'object|idletime': ({ db }, key) => {
    const entry = db.peek(key!);
    return entry === undefined ? null : Math.floor((Date.now() - entry.usedAt) / 1000);
  },
  'object|freq': ({ db }, key) => {
    if (db.peek(key!) === undefined) return null;
    throw new RedisError(
      'ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.',
    );
  },
};

/** @throws RedisError */
export function databaseAt(
  db: Database,
  index: string,
  complaint = 'ERR value is not an integer or out of range',
): Database {
  const found = db.keyspace.databases[integer(index, complaint)];
  if (found === undefined) throw new RedisError('ERR DB index is out of range');
  return found;
}

function rename(db: Database, from: string, to: string): void {
  const entry = db.peek(from);
  if (entry === undefined) throw new RedisError('ERR no such key');
  if (from === to) return;
  db.put(to, entry.value);
  if (entry.expiresAt !== undefined) db.peek(to)!.expiresAt = entry.expiresAt;
  db.delete(from);
}

function copy({ db }: Call, from?: string, to?: string, ...options: string[]): Reply {
  let [target, replaces] = [db, false];
  for (let at = 0; at < options.length; at += 1) {
    const option = options[at]!.toLowerCase();
    if (option === 'replace') replaces = true;
    else if (option === 'db' && at + 1 < options.length) {
      at += 1;
      target = databaseAt(db, options[at]!);
    } else throw syntaxError();
  }
  if (target === db && from === to) throw new RedisError('ERR source and destination objects are the same');
  const entry = db.read(from!);
  if (entry === undefined || (!replaces && target.peek(to!) !== undefined)) return 0;
  db.keyspace.need(sizeOf(entry.value));
  target.put(to!, copyOf(entry.value));
  if (entry.expiresAt !== undefined) target.peek(to!)!.expiresAt = entry.expiresAt;
  return 1;
}

function copyOf(value: Value): Value {
  switch (value.kind) {
    case 'string':
      return value;
    case 'list':
      return { kind: 'list', items: [...value.items] };
    case 'hash':
      return { kind: 'hash', fields: new Map(value.fields) };
    case 'set':
      return { kind: 'set', members: new Set(value.members) };
    case 'zset':
      return new SortedSet(value.all.map(({ member, score }) => [member, score]));
    case 'stream':
      return value.copy();
  }
}

function requireFlushOption(how: readonly string[]): void {
  if (how.length > 1 || (how[0] !== undefined && !/^a?sync$/i.test(how[0]))) throw syntaxError();
}
