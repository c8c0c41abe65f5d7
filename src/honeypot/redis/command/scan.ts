/** What SCAN and its kin have in common: a cursor, a count and a pattern. */
import { matcher } from '../glob.ts';
import { integer } from '../numbers.ts';
import { RedisError, type Reply, syntaxError } from '../reply.ts';

export interface ScanOptions {
  readonly from: number;
  readonly count: number;
  readonly matches: (text: string) => boolean;
  readonly type: string | undefined;
}

/** @param knowsType TYPE is for SCAN alone. @throws RedisError */
export function scanOptions(cursor: string, options: readonly string[], knowsType = false): ScanOptions {
  if (!/^ *\d{1,20}$/.test(cursor)) throw new RedisError('ERR invalid cursor');
  let count = 10;
  let matches: ScanOptions['matches'] = () => true;
  let type: string | undefined;
  for (let at = 0; at < options.length; at += 2) {
    const value = options[at + 1];
    if (value === undefined) throw syntaxError();
    switch (options[at]!.toLowerCase()) {
      case 'count':
        count = integer(value);
        if (count < 1) throw syntaxError();
        break;
      case 'match':
        matches = matcher(value);
        break;
      case 'type':
        if (!knowsType) throw syntaxError();
        type = value.toLowerCase();
        break;
      default:
        throw syntaxError();
    }
  }
  return { from: Number(cursor), count, matches, type };
}

/** The parts of one value: all at once where it is small, as for values in one piece of memory. */
export function scanReply<T extends Reply>(
  parts: readonly T[],
  nameOf: (part: T) => string,
  cursor: string,
  options: readonly string[],
): Reply {
  const { from, count, matches } = scanOptions(cursor, options);
  const end = parts.length <= 128 ? parts.length : from + count;
  const chosen = parts.slice(from, end).filter((part) => matches(nameOf(part)));
  return [end >= parts.length ? '0' : String(end), chosen.flat() as Reply[]];
}
