/** How far groups have come, as far as Redis 7.0 can tell where entries were deleted in the midst of a stream. */
import type { Group } from './group.ts';
import type { Id } from './id.ts';
import type { Entry, Stream } from './stream.ts';

/** Has to be called with each entry that a group is given. */
export function advance(stream: Stream, group: Group, { id }: Entry): void {
  if (id <= group.lastId) return;
  if (group.entriesRead !== undefined && !hasGapsFrom(stream, id)) group.entriesRead += 1n;
  else if (stream.entriesAdded > 0n) group.entriesRead = entriesUpTo(stream, id);
  group.lastId = id;
}

/** Entries that it has not been given; undefined where nobody knows. */
export function lagOf(stream: Stream, { entriesRead, lastId }: Group): bigint | undefined {
  if (stream.entriesAdded === 0n) return 0n;
  const read =
    entriesRead !== undefined && !hasGapsFrom(stream, lastId) ? entriesRead : entriesUpTo(stream, lastId);
  return read === undefined ? undefined : stream.entriesAdded - read;
}

function hasGapsFrom({ length, firstId, maxDeletedId }: Stream, id: Id): boolean {
  return length > 0 && maxDeletedId >= firstId && id <= maxDeletedId;
}

/** Counted from the first ever; undefined where nobody knows. */
function entriesUpTo(
  { entriesAdded, length, lastId, firstId, maxDeletedId }: Stream,
  id: Id,
): bigint | undefined {
  if (entriesAdded === 0n) return 0n;
  if (length === 0 && id <= lastId) return entriesAdded;
  if (id === lastId) return entriesAdded;
  if (id > lastId) return undefined;
  if (maxDeletedId > 0n && maxDeletedId >= firstId) return undefined;
  if (id < firstId) return entriesAdded - BigInt(length);
  return id === firstId ? entriesAdded - BigInt(length) + 1n : undefined;
}
