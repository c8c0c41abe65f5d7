/** What commands of streams have in common: the stream and its groups, intervals of ids, entries as they are told. */
import { type Database, outOfMemory } from '../keyspace.ts';
import { RedisError, type Reply } from '../reply.ts';
import { type Consumer, type Group, memberCost } from '../stream/group.ts';
import { boundId, greatestId, type Id, idText, strictId } from '../stream/id.ts';
import type { Entry, Stream } from '../stream/stream.ts';
import type { Call } from './call.ts';

export function streamOf(db: Database, key: string): Stream | undefined {
  return db.valueOf(key, 'stream');
}

/** @throws RedisError where there is none */
export function existingStream(db: Database, key: string): Stream {
  const stream = streamOf(db, key);
  if (stream === undefined) throw new RedisError('ERR no such key');
  return stream;
}

/** @throws RedisError where there is no such stream or group */
export function streamAndGroup(
  db: Database,
  key: string,
  name: string,
  where = '',
): { readonly stream: Stream; readonly group: Group } {
  const stream = streamOf(db, key);
  const group = stream?.group(name);
  if (stream === undefined || group === undefined)
    throw new RedisError(`NOGROUP No such key '${shown(key)}' or consumer group '${shown(name)}'${where}`);
  return { stream, group };
}

/** To be thrown where a stream has no such group. */
export function noGroup(key: string, name: string): RedisError {
  return new RedisError(`NOGROUP No such consumer group '${shown(name)}' for key name '${shown(key)}'`);
}

/** As C prints a text: not what is behind a zero byte. */
function shown(text: string): string {
  return text.split('\0', 1)[0]!;
}

/** The one of this name, made where there is none; it was just seen. @throws RedisError where there is no room */
export function activeConsumer(db: Database, group: Group, name: string): Consumer {
  const known = group.consumer(name);
  if (known === undefined) {
    db.keyspace.need(memberCost + name.length);
    return group.addConsumer(name);
  }
  known.seenAt = Date.now();
  return known;
}

/** `(5-1` is behind it. @throws RedisError */
export function startOf(text: string): Id {
  if (!isExclusive(text)) return boundId(text, 'lowest');
  const id = strictId(text.slice(1));
  if (id === greatestId) throw new RedisError('ERR invalid start ID for the interval');
  return id + 1n;
}

/** `(5-1` is before it. @throws RedisError */
export function endOf(text: string): Id {
  if (!isExclusive(text)) return boundId(text, 'highest');
  const id = boundIdBehind(text);
  if (id === 0n) throw new RedisError('ERR invalid end ID for the interval');
  return id - 1n;
}

function boundIdBehind(text: string): Id {
  const rest = text.slice(1);
  // Neither `-` nor `+` is one here.
  return rest === '-' || rest === '+' ? strictId(rest) : boundId(rest, 'highest');
}

function isExclusive(text: string): boolean {
  return text.length > 1 && text.startsWith('(');
}

export function entryReply({ id, parts }: Entry): Reply {
  return [idText(id), parts];
}

/** Entries of one reply, of however many streams; more than a decoy ever holds. */
const maxAnswered = 100_000;

/** Bounds what one command answers that names the same stream again and again. */
export class Allowance {
  private left = maxAnswered;

  /** Up to so many; all where `most` is 0. @throws RedisError where it becomes too much */
  take<T>(all: Iterable<T>, most: number): T[] {
    const taken: T[] = [];
    for (const one of all) {
      if (this.left === 0) throw outOfMemory();
      this.left -= 1;
      taken.push(one);
      if (taken.length === most) break;
    }
    return taken;
  }
}

/** Of subcommands whose arguments are not what they take. */
export function subcommandError({ name, word }: Call): RedisError {
  const command = name.split('|', 1)[0]!.toUpperCase();
  return new RedisError(
    `ERR unknown subcommand or wrong number of arguments for '${shown(word).slice(0, 128)}'. Try ${command} HELP.`,
  );
}
