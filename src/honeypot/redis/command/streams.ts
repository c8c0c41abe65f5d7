/** Streams: entries that come, are read by their ids, and go. Groups and waiting have files of their own. */
import { bigInteger, integer } from '../numbers.ts';
import { noArray, ok, RedisError, type Reply, syntaxError } from '../reply.ts';
import { greatestId, type Id, idText, millisecondsOf, strictId } from '../stream/id.ts';
import { Stream } from '../stream/stream.ts';
import { trim } from '../stream/trim.ts';
import type { Call, Handlers } from './call.ts';
import { Allowance, endOf, entryReply, existingStream, startOf, streamOf } from './stream-arguments.ts';
import { type AddOptions, addOptions, trimOptions } from './trim-options.ts';

export const streams: Handlers = {
  xadd,
  xlen: ({ db }, key) => streamOf(db, key!)?.length ?? 0,
  xrange: (call, key, start, end, ...options) => range(call, key!, start!, end!, options, false),
  xrevrange: (call, key, end, start, ...options) => range(call, key!, start!, end!, options, true),
  xdel({ db }, key, ...texts) {
    const stream = streamOf(db, key!);
    if (stream === undefined) return 0;
    const ids = texts.map(strictId);
    const gone = ids.filter((id) => stream.delete(id)).length;
    if (gone > 0) db.changed(key!);
    return gone;
  },
  xtrim({ db }, key, ...options) {
    const how = trimOptions(options);
    const stream = streamOf(db, key!);
    if (stream === undefined) return 0;
    const gone = trim(stream, how);
    if (gone > 0) db.changed(key!);
    return gone;
  },
  xsetid,
};

function xadd({ db, name }: Call, key?: string, ...args: string[]): Reply {
  const { id: wanted, parts, makesStream, trim: how } = addOptions(args);
  if (parts.length < 2 || parts.length % 2 !== 0)
    throw new RedisError(`ERR wrong number of arguments for '${name}' command`);
  if (wanted?.isWhole && wanted.id === 0n)
    throw new RedisError('ERR The ID specified in XADD must be greater than 0-0');
  const before = streamOf(db, key!);
  if (before === undefined && !makesStream) return null;
  const stream = before ?? new Stream();
  if (stream.lastId === greatestId)
    throw new RedisError('ERR The stream has exhausted the last possible ID, unable to add more items');
  const id = idFor(stream, wanted);
  if (id === undefined || id <= stream.lastId)
    throw new RedisError('ERR The ID specified in XADD is equal or smaller than the target stream top item');
  stream.append(id, parts);
  if (how !== undefined) trim(stream, how);
  if (before === undefined) db.put(key!, stream);
  else db.changed(key!);
  return idText(id);
}

function idFor(stream: Stream, wanted: AddOptions['id']): Id | undefined {
  if (wanted === undefined) return stream.nextId();
  return wanted.isWhole ? wanted.id : stream.nextIn(millisecondsOf(wanted.id));
}

function range(
  { db }: Call,
  key: string,
  start: string,
  end: string,
  options: readonly string[],
  isReversed: boolean,
): Reply {
  const [from, to] = [startOf(start), endOf(end)];
  let most = Number.POSITIVE_INFINITY;
  for (let at = 0; at < options.length; at += 2) {
    const value = options[at + 1];
    if (options[at]!.toLowerCase() !== 'count' || value === undefined) throw syntaxError();
    most = integer(value);
  }
  const stream = streamOf(db, key);
  if (stream === undefined) return [];
  if (most <= 0) return noArray;
  return new Allowance().take(stream.range(from, to, isReversed), most).map(entryReply);
}

function xsetid({ db }: Call, key?: string, text?: string, ...options: string[]): Reply {
  const id = strictId(text!);
  let added: bigint | undefined;
  let deleted = 0n;
  for (let at = 0; at < options.length; at += 2) {
    const [option, value] = [options[at]!.toLowerCase(), options[at + 1]];
    if (value === undefined) throw syntaxError();
    if (option === 'entriesadded') {
      added = bigInteger(value);
      if (added < 0n) throw new RedisError('ERR entries_added must be positive');
    } else if (option === 'maxdeletedid') {
      deleted = strictId(value);
      if (id < deleted)
        throw new RedisError(
          'ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id',
        );
    } else throw syntaxError();
  }
  const stream = existingStream(db, key!);
  if (stream.length > 0) {
    if (id < stream.last()!.id)
      throw new RedisError('ERR The ID specified in XSETID is smaller than the target stream top item');
    if (added !== undefined && BigInt(stream.length) > added)
      throw new RedisError(
        'ERR The entries_added specified in XSETID is smaller than the target stream length',
      );
  }
  stream.lastId = id;
  stream.entriesAdded = added ?? stream.entriesAdded;
  if (deleted > 0n) stream.maxDeletedId = deleted;
  db.changes += 1;
  return ok;
}
