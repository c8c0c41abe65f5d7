/** RDB files, and single values as DUMP gives them. */
import { type Keyspace, outOfMemory, type Value } from '../keyspace.ts';
import { crc64 } from './crc64.ts';
import { Reader } from './reader.ts';
import { lengthBytes, stringBytes } from './string.ts';
import { valueBytes } from './value.ts';

/** RDB_VERSION of Redis 7.0. */
const version = 10;
/** RDB_OPCODE_*. */
const codes = { functions: 0xf5, aux: 0xfa, resize: 0xfb, expires: 0xfc, database: 0xfe, end: 0xff };

export interface Origin {
  /** Seconds since 1970. */
  readonly createdAt: number;
  readonly usedMemory: number;
  /** Where replication is, if it is. */
  readonly replication?: { readonly id: string; readonly offset: number };
  readonly compresses: boolean;
  /** Code of the libraries of functions. */
  readonly libraries: readonly string[];
}

export function rdbFile(
  { databases }: Pick<Keyspace, 'databases'>,
  { createdAt, usedMemory, replication, compresses, libraries }: Origin,
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
  parts.push(...functionBytes(libraries, compresses));
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

/** Also what FUNCTION DUMP gives, with nothing else. */
export function functionBytes(libraries: readonly string[], compresses: boolean): Buffer[] {
  return libraries.flatMap((code) => [Buffer.of(codes.functions), stringBytes(code, compresses)]);
}

/**
 * What FUNCTION RESTORE reads; undefined where something else is among it.
 * @param most libraries, and bytes of all
 * @throws BadData, RedisError where there is more
 */
export function librariesIn(
  payload: Buffer,
  most: { readonly libraries: number; readonly bytes: number },
): string[] | undefined {
  const reader = new Reader(payload);
  const libraries: string[] = [];
  let bytes = 0;
  while (reader.left > 0) {
    if (reader.byte() !== codes.functions) return undefined;
    const code = reader.text();
    bytes += code.length;
    if (libraries.push(code) > most.libraries || bytes > most.bytes) throw outOfMemory();
  }
  return libraries;
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

/** Bytes of version and sum. */
export const footerSize = 10;

/** Whether the version is none to come, and the sum that of the bytes. */
export function isSigned(payload: Buffer): boolean {
  const end = payload.length - footerSize;
  if (end < 0 || payload.readUInt16LE(end) > version) return false;
  return crc64(payload.subarray(0, end + 2)).equals(payload.subarray(end + 2));
}
