/** Values out of RDB files and payloads of DUMP, bounded by what may be kept. */
import { outOfMemory, type Value } from '../keyspace.ts';
import { floatIn } from '../numbers.ts';
import { SortedSet } from '../sorted-set.ts';
import { readListpack } from './listpack-read.ts';
import { BadData, Reader } from './reader.ts';
import { readZiplist } from './ziplist.ts';

/** RDB_TYPE_*; those of modules and streams are not known here, nor the zipmaps of Redis 2.4. */
const types = {
  string: 0,
  list: 1,
  set: 2,
  textZset: 3,
  hash: 4,
  zset: 5,
  ziplist: 10,
  intset: 11,
  zsetZiplist: 12,
  hashZiplist: 13,
  quicklist: 14,
  hashPack: 16,
  zsetPack: 17,
  packedList: 18,
} as const;

/** Members of a sorted set, which are put in order in one go: 40,000 held the loop for 294 ms (2 cores, both busy). */
const maxMembers = 20_000;

/** Told of the length of each part before it is kept; throws where there is no room. */
export type Keep = (length: number) => void;

/** @throws BadData, or what `keep` throws */
export function readValue(bytes: Buffer, keep: Keep): Value {
  const reader = new Reader(bytes);
  return valueOfType(reader, reader.byte(), keep);
}

function valueOfType(reader: Reader, type: number, keep: Keep): Value {
  const kept = (text: string): string => {
    keep(text.length);
    return text;
  };
  const text = (): string => kept(reader.text());
  const several = (count: number): string[] => Array.from({ length: count }, text);
  const packed = (read: (bytes: Buffer) => Iterable<string>): string[] =>
    Array.from(read(reader.string()), kept);
  switch (type) {
    case types.string:
      return { kind: 'string', text: text() };
    case types.list:
      return listOf(several(reader.count()));
    case types.ziplist:
      return listOf(packed(readZiplist));
    case types.quicklist:
    case types.packedList: {
      const items: string[] = [];
      for (let nodes = reader.count(); nodes > 0; nodes -= 1) {
        const container = type === types.packedList ? reader.length() : 2;
        if (container === 1) items.push(text());
        else if (container !== 2) throw new BadData();
        else
          for (const item of packed(type === types.packedList ? readListpack : readZiplist)) items.push(item);
      }
      return listOf(items);
    }
    case types.set:
      return setOf(several(reader.count()));
    case types.intset:
      return setOf(packed(readIntset));
    case types.hash:
      return hashOf(several(2 * reader.count()));
    case types.hashPack:
      return hashOf(packed(readListpack));
    case types.hashZiplist:
      return hashOf(packed(readZiplist));
    case types.zset:
    case types.textZset: {
      const score = (): number => (type === types.zset ? reader.double() : textDouble(reader));
      return zsetOf(
        Array.from({ length: reader.count() }, () => [text(), score()] as const),
        false,
      );
    }
    case types.zsetPack:
      return zsetOf(scored(packed(readListpack)), true);
    case types.zsetZiplist:
      return zsetOf(scored(packed(readZiplist)), true);
    default:
      throw new BadData();
  }
}

/** A value without parts is none. */
function required<T extends Value>(value: T, size: number, expected = size): T {
  if (size === 0 || size !== expected) throw new BadData();
  return value;
}

const listOf = (items: string[]): Value => required({ kind: 'list', items }, items.length);

function setOf(list: readonly string[]): Value {
  const members = new Set(list);
  return required({ kind: 'set', members }, members.size, list.length);
}

/** Fields that come twice are looked for only where there are too many for a listpack. */
function hashOf(parts: readonly string[]): Value {
  const pairs = pairsOf(parts);
  const fields = new Map<string, string>();
  for (const [field, text] of pairs) if (!fields.has(field)) fields.set(field, text);
  return required({ kind: 'hash', fields }, fields.size, pairs.length > 512 ? pairs.length : fields.size);
}

/** @param isPacked then members that come twice are not looked for */
function zsetOf(pairs: readonly (readonly [member: string, score: number])[], isPacked: boolean): Value {
  if (pairs.length > maxMembers) throw outOfMemory();
  if (pairs.some(([, score]) => Number.isNaN(score))) throw new BadData();
  const scores = new Map(pairs);
  if (!isPacked && scores.size !== pairs.length) throw new BadData();
  return required(new SortedSet(scores), scores.size);
}

function scored(parts: readonly string[]): (readonly [string, number])[] {
  return pairsOf(parts).map(([member, score]) => [member, floatIn(score) ?? Number.NaN]);
}

function pairsOf(parts: readonly string[]): [string, string][] {
  if (parts.length % 2 !== 0) throw new BadData();
  return Array.from({ length: parts.length / 2 }, (_, index) => [parts[2 * index]!, parts[2 * index + 1]!]);
}

/** Digits with their count before them, or a mark. */
function textDouble(reader: Reader): number {
  const length = reader.byte();
  if (length === 253) return Number.NaN;
  if (length >= 254) return length === 254 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  return floatIn(reader.take(length).toString('latin1')) ?? Number.NaN;
}

function* readIntset(bytes: Buffer): Generator<string> {
  if (bytes.length < 8) throw new BadData();
  const [width, count] = [bytes.readUInt32LE(0), bytes.readUInt32LE(4)];
  if (![2, 4, 8].includes(width) || bytes.length !== 8 + width * count) throw new BadData();
  for (let at = 8; at < bytes.length; at += width)
    yield String(width === 8 ? bytes.readBigInt64LE(at) : bytes.readIntLE(at, width));
}
