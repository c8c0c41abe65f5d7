/** How RDB files write values (rdb.c, version 10 of the format). */
import { encodingOf, type Value } from '../keyspace.ts';
import { doubleText } from '../reply.ts';
import { entrySize, listpack } from './listpack.ts';
import { streamBytes } from './stream.ts';
import { fits, lengthBytes, rawBytes, stringBytes } from './string.ts';

/** RDB_TYPE_*. */
const types = {
  string: 0,
  set: 2,
  hash: 4,
  zset: 5,
  intset: 11,
  hashPack: 16,
  zsetPack: 17,
  list: 18,
  stream: 19,
};

/** Bytes of a node of a list, by list-max-listpack-size -2. */
const maxNode = 8192;
/** What Redis reckons for each element beside its bytes. */
const nodeOverhead = 8;

export interface ValueBytes {
  readonly type: number;
  readonly bytes: Buffer;
}

export function valueBytes(value: Value, compresses: boolean): ValueBytes {
  const text = (one: string): Buffer => stringBytes(one, compresses);
  const blob = (bytes: Buffer): Buffer => rawBytes(bytes, compresses);
  const encoding = encodingOf(value);
  switch (value.kind) {
    case 'string':
      return { type: types.string, bytes: text(value.text) };
    case 'list': {
      const nodes = nodesOf(value.items).flatMap((items) => [lengthBytes(2), blob(listpack(items))]);
      return { type: types.list, bytes: Buffer.concat([lengthBytes(nodes.length / 2), ...nodes]) };
    }
    case 'hash': {
      const parts = [...value.fields].flat();
      if (encoding === 'listpack') return { type: types.hashPack, bytes: blob(listpack(parts)) };
      return { type: types.hash, bytes: Buffer.concat([lengthBytes(parts.length / 2), ...parts.map(text)]) };
    }
    case 'set': {
      const members = [...value.members];
      if (encoding === 'intset') return { type: types.intset, bytes: blob(intset(members)) };
      return { type: types.set, bytes: Buffer.concat([lengthBytes(members.length), ...members.map(text)]) };
    }
    case 'stream':
      return { type: types.stream, bytes: streamBytes(value, compresses) };
    case 'zset': {
      if (encoding === 'listpack') {
        const parts = value.all.flatMap(({ member, score }) => [member, doubleText(score)]);
        return { type: types.zsetPack, bytes: blob(listpack(parts)) };
      }
      const parts = value.all.toReversed().flatMap(({ member, score }) => [text(member), doubleBytes(score)]);
      return { type: types.zset, bytes: Buffer.concat([lengthBytes(value.size), ...parts]) };
    }
  }
}

function nodesOf(items: readonly string[]): string[][] {
  const nodes: string[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const item of items) {
    if (size + item.length + nodeOverhead > maxNode) {
      nodes.push([]);
      size = 7;
    }
    nodes.at(-1)!.push(item);
    size += entrySize(item);
  }
  return nodes;
}

function intset(members: readonly string[]): Buffer {
  const values = members.map(BigInt).sort((a, b) => (a < b ? -1 : 1));
  const width = [2, 4, 8].find((bytes) => values.every((value) => fits(value, bytes)))!;
  const bytes = Buffer.alloc(8 + width * values.length);
  bytes.writeUInt32LE(width, 0);
  bytes.writeUInt32LE(values.length, 4);
  const whole = Buffer.alloc(8);
  for (const [index, value] of values.entries()) {
    whole.writeBigInt64LE(value);
    whole.copy(bytes, 8 + width * index, 0, width);
  }
  return bytes;
}

function doubleBytes(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}
