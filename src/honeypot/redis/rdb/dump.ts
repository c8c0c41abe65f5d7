/** RDB files, and single values as DUMP gives them. */
import type { Keyspace, Value } from '../keyspace.ts';
import { crc64 } from './crc64.ts';
import { lengthBytes, stringBytes, valueBytes } from './value.ts';

/** RDB_VERSION of Redis 7.0. */
const version = 10;
/** RDB_OPCODE_*. */
const codes = { aux: 0xfa, resize: 0xfb, expires: 0xfc, database: 0xfe, end: 0xff };

export interface Origin {
  /** Seconds since 1970. */
  readonly createdAt: number;
  readonly usedMemory: number;
  /** Where replication is, if it is. */
  readonly replication?: { readonly id: string; readonly offset: number };
  readonly compresses: boolean;
}

export function rdbFile(
  { databases }: Pick<Keyspace, 'databases'>,
  { createdAt, usedMemory, replication, compresses }: Origin,
): Buffer {
  const text = (one: string): Buffer => stringBytes(one, compresses);
  const parts: Buffer[] = [Buffer.from(`REDIS${String(version).padStart(4, '0')}`)];
  const aux = (name: string, value: string): void => {
    parts.push(Buffer.of(codes.aux), text(name), text(value));
  };
  aux('redis-ver', '7.0.15');
  aux('redis-bits', '64');
  aux('ctime', String(createdAt));
  aux('used-mem', String(usedMemory));
  if (replication !== undefined) {
    aux('repl-stream-db', '0');
    aux('repl-id', replication.id);
    aux('repl-offset', String(replication.offset));
  }
  aux('aof-base', '0');
  for (const database of databases) {
    const entries = [...database.keys()];
    if (entries.length === 0) continue;
    const ending = entries.filter(([, { expiresAt }]) => expiresAt !== undefined).length;
    parts.push(Buffer.of(codes.database), lengthBytes(database.index));
    parts.push(Buffer.of(codes.resize), lengthBytes(entries.length), lengthBytes(ending));
    for (const [key, { value, expiresAt }] of entries) {
      if (expiresAt !== undefined) parts.push(expiry(expiresAt));
      const { type, bytes } = valueBytes(value, compresses);
      parts.push(Buffer.of(type), text(key), bytes);
    }
  }
  parts.push(Buffer.of(codes.end));
  const file = Buffer.concat(parts);
  return Buffer.concat([file, crc64(file)]);
}

function expiry(at: number): Buffer {
  const bytes = Buffer.alloc(9, codes.expires);
  bytes.writeBigInt64LE(BigInt(at), 1);
  return bytes;
}

export function dumpValue(value: Value): string {
  const { type, bytes } = valueBytes(value, true);
  return signed(Buffer.concat([Buffer.of(type), bytes]));
}

/** With the version and the sum that RESTORE looks at. */
export function signed(payload: Buffer): string {
  const versioned = Buffer.concat([payload, Buffer.of(version, 0)]);
  return Buffer.concat([versioned, crc64(versioned)]).toString('latin1');
}
