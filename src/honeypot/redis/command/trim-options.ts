/** The options of XADD and XTRIM: what is to be let go of. */
import { count, integer } from '../numbers.ts';
import { RedisError, syntaxError } from '../reply.ts';
import { type Id, newId, strictId } from '../stream/id.ts';
import { maxEntries } from '../stream/node.ts';
import type { Trim } from '../stream/trim.ts';

export interface AddOptions {
  readonly trim: Trim | undefined;
  readonly makesStream: boolean;
  /** Undefined for `*`. */
  readonly id: { readonly id: Id; readonly isWhole: boolean } | undefined;
  /** What is behind the id. */
  readonly parts: readonly string[];
}

/** Nodes that rough trimming lets go of at once where no LIMIT is given. */
const nodesAtOnce = 100;

/** XADD: options, the id, then fields and values. @throws RedisError */
export function addOptions(args: readonly string[]): AddOptions {
  const { given, at } = read(args, true);
  const text = args[at];
  const id = text === undefined || text === '*' ? undefined : newId(text);
  return { trim: trimOf(given), makesStream: given.makesStream, id, parts: args.slice(at + 1) };
}

/** XTRIM. @throws RedisError */
export function trimOptions(args: readonly string[]): Trim {
  const { given } = read(args, false);
  const trim = trimOf(given, 'ERR syntax error, XTRIM must be called with a trimming strategy');
  return trim!;
}

interface Given {
  bound: Trim['bound'] | undefined;
  isRough: boolean;
  limit: number | undefined;
  makesStream: boolean;
}

/** @returns where the id of XADD is, or the end */
function read(args: readonly string[], isAdding: boolean): { readonly given: Given; readonly at: number } {
  const given: Given = { bound: undefined, isRough: false, limit: undefined, makesStream: true };
  let at = 0;
  for (; at < args.length; at += 1) {
    const word = args[at]!.toLowerCase();
    const hasMore = at + 1 < args.length;
    if ((word === 'maxlen' || word === 'minid') && hasMore) {
      if (given.bound !== undefined)
        throw new RedisError(
          'ERR syntax error, MAXLEN and MINID options at the same time are not compatible',
        );
      const isMarked = at + 2 < args.length && /^[~=]$/.test(args[at + 1]!);
      given.isRough = isMarked && args[at + 1] === '~';
      at += isMarked ? 2 : 1;
      given.bound = boundOf(word, args[at]!);
    } else if (word === 'limit' && hasMore) {
      at += 1;
      given.limit = atLeastZero(args[at]!, 'ERR The LIMIT argument must be >= 0.');
    } else if (isAdding && word === 'nomkstream') given.makesStream = false;
    else if (isAdding) break;
    else throw syntaxError();
  }
  return { given, at };
}

function boundOf(word: 'maxlen' | 'minid', text: string): Trim['bound'] {
  if (word === 'minid') return { kind: 'id', least: strictId(text) };
  return { kind: 'length', most: atLeastZero(text, 'ERR The MAXLEN argument must be >= 0.') };
}

function atLeastZero(text: string, complaint: string): number {
  integer(text);
  return count(text, complaint);
}

function trimOf({ bound, isRough, limit }: Given, missing?: string): Trim | undefined {
  if (bound === undefined && (limit ?? 0) > 0)
    throw new RedisError('ERR syntax error, LIMIT cannot be used without specifying a trimming strategy');
  if (bound === undefined && missing !== undefined) throw new RedisError(missing);
  if (limit !== undefined && !isRough)
    throw new RedisError('ERR syntax error, LIMIT cannot be used without the special ~ option');
  return bound && { bound, isRough, limit: isRough ? (limit ?? nodesAtOnce * maxEntries) : 0 };
}
