/** When keys end. */
import type { Database, Entry } from '../keyspace.ts';
import { bigInteger } from '../numbers.ts';
import { RedisError, type Reply } from '../reply.ts';
import type { Call, Handlers } from './call.ts';

export type ExpireUnit = 'EX' | 'PX' | 'EXAT' | 'PXAT';

/** @returns milliseconds since 1970. @throws RedisError for what is no time, or none to come */
export function deadline(text: string, unit: ExpireUnit, command: string): number {
  const value = bigInteger(text);
  const at = absolute(value, unit);
  if (value <= 0n || at === undefined)
    throw new RedisError(`ERR invalid expire time in '${command}' command`);
  return at;
}

/** Undefined where 64 bits do not hold it. */
function absolute(value: bigint, unit: ExpireUnit): number | undefined {
  const milliseconds = unit.startsWith('EX') ? value * 1000n : value;
  const at = unit.endsWith('AT') ? milliseconds : milliseconds + BigInt(Date.now());
  const most = 2n ** 63n;
  return milliseconds >= most || milliseconds < -most || at >= most ? undefined : Number(at);
}

export const expiry: Handlers = {
  expire: (call, key, time, ...options) => expire(call, key!, time!, 'EX', options),
  pexpire: (call, key, time, ...options) => expire(call, key!, time!, 'PX', options),
  expireat: (call, key, time, ...options) => expire(call, key!, time!, 'EXAT', options),
  pexpireat: (call, key, time, ...options) => expire(call, key!, time!, 'PXAT', options),
  ttl: ({ db }, key) => left(db.peek(key!), (at) => Math.round((at - Date.now()) / 1000)),
  pttl: ({ db }, key) => left(db.peek(key!), (at) => at - Date.now()),
  expiretime: ({ db }, key) => left(db.peek(key!), (at) => Math.round(at / 1000)),
  pexpiretime: ({ db }, key) => left(db.peek(key!), (at) => at),
  persist({ db }, key) {
    const entry = db.peek(key!);
    if (entry?.expiresAt === undefined) return 0;
    delete entry.expiresAt;
    db.changed(key!);
    return 1;
  },
};

function left(entry: Entry | undefined, of: (at: number) => number): Reply {
  if (entry === undefined) return -2;
  return entry.expiresAt === undefined ? -1 : of(entry.expiresAt);
}

function expire(
  { db, name }: Call,
  key: string,
  time: string,
  unit: ExpireUnit,
  options: readonly string[],
): Reply {
  const given = new Set<string>();
  for (const option of options) {
    const word = option.toUpperCase();
    if (!['NX', 'XX', 'GT', 'LT'].includes(word)) throw new RedisError(`ERR Unsupported option ${option}`);
    given.add(word);
  }
  if (given.has('NX') && given.size > 1)
    throw new RedisError('ERR NX and XX, GT or LT options at the same time are not compatible');
  if (given.has('GT') && given.has('LT'))
    throw new RedisError('ERR GT and LT options at the same time are not compatible');
  const at = absolute(bigInteger(time), unit);
  if (at === undefined) throw new RedisError(`ERR invalid expire time in '${name}' command`);
  return setExpiry(db, key, at, given);
}

function setExpiry(db: Database, key: string, at: number, given: ReadonlySet<string>): Reply {
  const entry = db.peek(key);
  if (entry === undefined) return 0;
  const before = entry.expiresAt;
  if (given.has('NX') && before !== undefined) return 0;
  if (given.has('XX') && before === undefined) return 0;
  if (given.has('GT') && (before === undefined || at <= before)) return 0;
  if (given.has('LT') && before !== undefined && at >= before) return 0;
  entry.expiresAt = at;
  if (at <= Date.now()) db.delete(key);
  else db.changed(key);
  return 1;
}
