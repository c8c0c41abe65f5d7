/** Streams in RDB files (RDB_TYPE_STREAM_LISTPACKS_2): nodes as they are, then counts, groups and what is pending. */
import type { Consumer, Group } from '../stream/group.ts';
import { type Id, millisecondsOf, sequenceOf } from '../stream/id.ts';
import type { Pending } from '../stream/pending.ts';
import type { Stream } from '../stream/stream.ts';
import { listpack } from './listpack.ts';
import { lengthBytes, rawBytes, stringBytes } from './string.ts';

/** In bytes; of a length at most. */
const [idSize, timeSize, maxLength] = [16, 8, 9];

export function streamBytes(stream: Stream, compresses: boolean): Buffer {
  const { nodes, groups } = stream;
  return Buffer.concat([
    lengthBytes(nodes.length),
    ...nodes.flatMap(({ id, elements }) => [
      rawBytes(wholeId(id), compresses),
      rawBytes(listpack(elements), compresses),
    ]),
    lengthBytes(stream.length),
    ...[stream.lastId, stream.firstId, stream.maxDeletedId].map(idLengths),
    lengthBytes(stream.entriesAdded),
    lengthBytes(groups.length),
    ...groups.map((group) => groupBytes(group, compresses)),
  ]);
}

function groupBytes({ name, lastId, entriesRead, pending, consumers }: Group, compresses: boolean): Buffer {
  return Buffer.concat([
    stringBytes(name, compresses),
    idLengths(lastId),
    lengthBytes(BigInt.asUintN(64, entriesRead ?? -1n)),
    pendingBytes(pending, true),
    lengthBytes(consumers.length),
    ...consumers.map((consumer) => consumerBytes(consumer, compresses)),
  ]);
}

function consumerBytes({ name, seenAt, pending }: Consumer, compresses: boolean): Buffer {
  return Buffer.concat([stringBytes(name, compresses), timeBytes(seenAt), pendingBytes(pending, false)]);
}

/** Of a group with when and how often; of a consumer ids alone. */
function pendingBytes({ all }: Pending, isWhole: boolean): Buffer {
  const head = lengthBytes(all.length);
  const bytes = Buffer.allocUnsafe(
    head.length + all.length * (isWhole ? idSize + timeSize + maxLength : idSize),
  );
  let at = head.copy(bytes);
  for (const { id, deliveredAt, times } of all) {
    at = putId(bytes, at, id);
    if (!isWhole) continue;
    at = bytes.writeBigInt64LE(BigInt(Math.trunc(deliveredAt)), at);
    at += lengthBytes(BigInt.asUintN(64, times)).copy(bytes, at);
  }
  return bytes.subarray(0, at);
}

function putId(bytes: Buffer, at: number, id: Id): number {
  bytes.writeBigUInt64BE(millisecondsOf(id), at);
  return bytes.writeBigUInt64BE(sequenceOf(id), at + 8);
}

function wholeId(id: Id): Buffer {
  const bytes = Buffer.allocUnsafe(idSize);
  putId(bytes, 0, id);
  return bytes;
}

function idLengths(id: Id): Buffer {
  return Buffer.concat([lengthBytes(millisecondsOf(id)), lengthBytes(sequenceOf(id))]);
}

/** @param at milliseconds since 1970 */
function timeBytes(at: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(Math.trunc(at)));
  return bytes;
}
