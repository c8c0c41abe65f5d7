/** RESTORE: a value as DUMP gave it becomes a key (cluster.c, 7.0). */
import { partCost } from '../keyspace.ts';
import { bigInteger } from '../numbers.ts';
import { isSigned } from '../rdb/dump.ts';
import { readValue } from '../rdb/read.ts';
import { BadData } from '../rdb/reader.ts';
import { ok, RedisError, type Reply, syntaxError } from '../reply.ts';
import type { Call, Handlers } from './call.ts';

export const restoring: Handlers = { restore, 'restore-asking': restore };

interface Options {
  replaces?: boolean;
  isAbsolute?: boolean;
  /** Seconds. */
  idle?: bigint;
  frequency?: bigint;
}

function restore({ db }: Call, key?: string, time?: string, payload?: string, ...words: string[]): Reply {
  const { replaces, isAbsolute, idle } = optionsOf(words);
  if (!replaces && db.peek(key!) !== undefined)
    throw new RedisError('BUSYKEY Target key name already exists.');
  const ttl = bigInteger(time!);
  if (ttl < 0n) throw new RedisError('ERR Invalid TTL value, must be >= 0');
  // What is read may run into the signature, as it does in Redis.
  const bytes = Buffer.from(payload!, 'latin1');
  if (!isSigned(bytes)) throw new RedisError('ERR DUMP payload version or checksum are wrong');
  const value = valueIn(bytes, (length) => db.keyspace.need(partCost + length));
  if (replaces) db.delete(key!);
  const expiresAt = Number(ttl) + (isAbsolute ? 0 : Date.now());
  if (ttl > 0n && expiresAt <= Date.now()) return ok;
  db.put(key!, value);
  const entry = db.peek(key!)!;
  if (ttl > 0n) entry.expiresAt = expiresAt;
  if (idle !== undefined) entry.usedAt -= Number(idle) * 1000;
  return ok;
}

function valueIn(bytes: Buffer, keep: (length: number) => void) {
  try {
    return readValue(bytes, keep);
  } catch (error) {
    if (!(error instanceof BadData)) throw error;
    throw new RedisError('ERR Bad data format');
  }
}

function optionsOf(words: readonly string[]): Options {
  const options: Options = {};
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!.toLowerCase();
    const value = words[at + 1];
    if (word === 'replace') options.replaces = true;
    else if (word === 'absttl') options.isAbsolute = true;
    else if (word === 'idletime' && value !== undefined && options.frequency === undefined) {
      options.idle = bigInteger(value);
      if (options.idle < 0n) throw new RedisError('ERR Invalid IDLETIME value, must be >= 0');
      at += 1;
    } else if (word === 'freq' && value !== undefined && options.idle === undefined) {
      options.frequency = bigInteger(value);
      if (options.frequency < 0n || options.frequency > 255n)
        throw new RedisError('ERR Invalid FREQ value, must be >= 0 and <= 255');
      at += 1;
    } else throw syntaxError();
  }
  return options;
}
