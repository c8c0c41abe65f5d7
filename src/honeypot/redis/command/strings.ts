/** Values that are texts or numbers. */
import { type Database, outOfMemory } from '../keyspace.ts';
import { added, bigInteger, decimalText, float, integer } from '../numbers.ts';
import { ok, RedisError, type Reply, syntaxError } from '../reply.ts';
import type { Call, Handlers } from './call.ts';
import { deadline, type ExpireUnit } from './expiry.ts';

/** proto-max-bulk-len. */
const maxString = 512 << 20;
/** Bytes; one key may be asked for a thousand times. */
const maxReply = 8 << 20;

export const strings: Handlers = {
  get: ({ db }, key) => textOf(db, key) ?? null,
  strlen: ({ db }, key) => textOf(db, key)?.length ?? 0,
  getset({ db }, key, text) {
    const before = textOf(db, key) ?? null;
    putText(db, key, text!);
    return before;
  },
  getdel({ db }, key) {
    const text = textOf(db, key) ?? null;
    if (text !== null) db.delete(key!);
    return text;
  },
  getex: getAndExpire,
  set: setText,
  setnx({ db }, key, text) {
    if (db.peek(key!) !== undefined) return 0;
    putText(db, key, text!);
    return 1;
  },
  setex: (call, key, seconds, text) => setForTime(call, key!, seconds!, 'EX', text!),
  psetex: (call, key, milliseconds, text) => setForTime(call, key!, milliseconds!, 'PX', text!),
  mget({ db }, ...keys) {
    let size = 0;
    return keys.map((key) => {
      const value = db.read(key)?.value;
      if (value?.kind !== 'string') return null;
      size += value.text.length;
      if (size > maxReply) throw outOfMemory();
      return value.text;
    });
  },
  mset({ db, name }, ...pairs) {
    for (const [key, text] of inPairs(pairs, name)) putText(db, key, text);
    return ok;
  },
  msetnx({ db, name }, ...pairs) {
    const all = inPairs(pairs, name);
    if (all.some(([key]) => db.peek(key) !== undefined)) return 0;
    for (const [key, text] of all) putText(db, key, text);
    return 1;
  },
  append({ db }, key, text) {
    const whole = (textOf(db, key) ?? '') + text;
    db.put(key!, { kind: 'string', text: whole }, true);
    return whole.length;
  },
  getrange: ({ db }, key, start, end) => part(textOf(db, key) ?? '', start!, end!),
  substr: ({ db }, key, start, end) => part(textOf(db, key) ?? '', start!, end!),
  setrange({ db }, key, offset, text) {
    const at = integer(offset!);
    if (at < 0) throw new RedisError('ERR offset is out of range');
    const before = textOf(db, key) ?? '';
    if (text === '') return before.length;
    if (at + text!.length > maxString)
      throw new RedisError('ERR string exceeds maximum allowed size (proto-max-bulk-len)');
    db.keyspace.need(at);
    const whole = before.slice(0, at).padEnd(at, '\0') + text + before.slice(at + text!.length);
    db.put(key!, { kind: 'string', text: whole }, true);
    return whole.length;
  },
  incr: ({ db }, key) => increase(db, key!, 1n),
  decr: ({ db }, key) => increase(db, key!, -1n),
  incrby: ({ db }, key, by) => increase(db, key!, bigInteger(by!)),
  decrby({ db }, key, by) {
    const value = bigInteger(by!);
    if (value === -(2n ** 63n)) throw new RedisError('ERR decrement would overflow');
    return increase(db, key!, -value);
  },
  incrbyfloat({ db }, key, by) {
    const value = float(textOf(db, key) ?? '0') + float(by!);
    const text = decimalText(value);
    db.put(key!, { kind: 'string', text }, true);
    return text;
  },
};

export function textOf(db: Database, key: string | undefined): string | undefined {
  return db.valueOf(key!, 'string')?.text;
}

function putText(db: Database, key: string | undefined, text: string): void {
  db.put(key!, { kind: 'string', text });
}

function increase(db: Database, key: string, by: bigint): Reply {
  const value = added(bigInteger(textOf(db, key) ?? '0'), by);
  db.put(key, { kind: 'string', text: String(value) }, true);
  return value;
}

function part(text: string, start: string, end: string): string {
  const place = (one: string): number => {
    const at = integer(one);
    return at < 0 ? Math.max(0, at + text.length) : at;
  };
  const isBackwards = integer(start) < 0 && integer(end) < 0 && integer(start) > integer(end);
  return isBackwards ? '' : text.slice(place(start), place(end) + 1);
}

function inPairs(list: readonly string[], name: string): [string, string][] {
  if (list.length % 2 !== 0) throw new RedisError(`ERR wrong number of arguments for '${name}' command`);
  return Array.from({ length: list.length / 2 }, (_, index) => [list[2 * index]!, list[2 * index + 1]!]);
}

function setForTime({ db, name }: Call, key: string, time: string, unit: ExpireUnit, text: string): Reply {
  const expiresAt = deadline(time, unit, name);
  putText(db, key, text);
  db.peek(key)!.expiresAt = expiresAt;
  return ok;
}

const units: ReadonlySet<string> = new Set(['EX', 'PX', 'EXAT', 'PXAT']);

function setText({ db, name }: Call, key?: string, text?: string, ...options: string[]): Reply {
  const given = new Set<string>();
  let time: { readonly text: string; readonly unit: ExpireUnit } | undefined;
  for (let at = 0; at < options.length; at += 1) {
    const option = options[at]!.toUpperCase();
    const hasTime = time !== undefined || given.has('KEEPTTL');
    if (option === 'GET') given.add(option);
    else if (option === 'NX' && !given.has('XX')) given.add(option);
    else if (option === 'XX' && !given.has('NX')) given.add(option);
    else if (option === 'KEEPTTL' && time === undefined) given.add(option);
    else if (units.has(option) && !hasTime && at + 1 < options.length) {
      at += 1;
      time = { text: options[at]!, unit: option as ExpireUnit };
    } else throw syntaxError();
  }
  const expiresAt = time === undefined ? undefined : deadline(time.text, time.unit, name);
  const before = given.has('GET') ? (textOf(db, key) ?? null) : undefined;
  const isThere = db.peek(key!) !== undefined;
  if ((given.has('NX') && isThere) || (given.has('XX') && !isThere)) return before ?? null;
  db.put(key!, { kind: 'string', text: text! }, given.has('KEEPTTL'));
  if (expiresAt !== undefined) db.peek(key!)!.expiresAt = expiresAt;
  return before === undefined ? ok : before;
}

function getAndExpire(
  { db, name }: Call,
  key?: string,
  option?: string,
  time?: string,
  more?: string,
): Reply {
  const unit = option?.toUpperCase();
  const isPersist = unit === 'PERSIST' && time === undefined;
  if (unit !== undefined && !isPersist && !(units.has(unit) && time !== undefined && more === undefined))
    throw syntaxError();
  const text = textOf(db, key);
  if (text === undefined) return null;
  const entry = db.peek(key!)!;
  if (isPersist) delete entry.expiresAt;
  else if (unit !== undefined) entry.expiresAt = deadline(time!, unit as ExpireUnit, name);
  return text;
}
