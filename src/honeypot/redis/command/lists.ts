/** Lists, and what waits for something to be in them. */
import type { Database } from '../keyspace.ts';
import { count, float, integer, range } from '../numbers.ts';
import { noArray, ok, RedisError, type Reply, syntaxError } from '../reply.ts';
import { waitFor } from './blocking.ts';
import type { Call, Handlers } from './call.ts';

type End = 'left' | 'right';

export const lists: Handlers = {
  lpush: ({ db }, key, ...items) => push(db, key!, items, 'left'),
  rpush: ({ db }, key, ...items) => push(db, key!, items, 'right'),
  lpushx: ({ db }, key, ...items) => (itemsOf(db, key!) === undefined ? 0 : push(db, key!, items, 'left')),
  rpushx: ({ db }, key, ...items) => (itemsOf(db, key!) === undefined ? 0 : push(db, key!, items, 'right')),
  lpop: ({ db, name }, key, ...args) => popSome(db, key!, 'left', args, name),
  rpop: ({ db, name }, key, ...args) => popSome(db, key!, 'right', args, name),
  llen: ({ db }, key) => itemsOf(db, key!)?.length ?? 0,
  lrange({ db }, key, start, end) {
    const items = itemsOf(db, key!) ?? [];
    const part = range(start!, end!, items.length);
    return part === undefined ? [] : items.slice(part.from, part.to + 1);
  },
  lindex: ({ db }, key, index) => (itemsOf(db, key!) ?? []).at(integer(index!)) ?? null,
  lset({ db }, key, index, item) {
    const items = itemsOf(db, key!);
    if (items === undefined) throw new RedisError('ERR no such key');
    const at = integer(index!);
    const place = at < 0 ? at + items.length : at;
    if (place < 0 || place >= items.length) throw new RedisError('ERR index out of range');
    items[place] = item!;
    db.changed(key!);
    return ok;
  },
  ltrim({ db }, key, start, end) {
    const items = itemsOf(db, key!) ?? [];
    const part = range(start!, end!, items.length);
    const rest = part === undefined ? [] : items.slice(part.from, part.to + 1);
    if (items.length > 0) db.put(key!, { kind: 'list', items: rest }, true);
    return ok;
  },
  linsert({ db }, key, where, pivot, item) {
    if (!/^(?:before|after)$/i.test(where!)) throw syntaxError();
    const items = itemsOf(db, key!);
    if (items === undefined) return 0;
    const at = items.indexOf(pivot!);
    if (at < 0) return -1;
    items.splice(where!.toLowerCase() === 'before' ? at : at + 1, 0, item!);
    db.changed(key!);
    return items.length;
  },
  lrem({ db }, key, times, item) {
    const items = itemsOf(db, key!) ?? [];
    const limit = integer(times!);
    const ordered = limit < 0 ? [...items].reverse() : items;
    let removed = 0;
    const rest = ordered.filter((one) => {
      const goes = one === item && (limit === 0 || removed < Math.abs(limit));
      if (goes) removed += 1;
      return !goes;
    });
    if (removed > 0) db.put(key!, { kind: 'list', items: limit < 0 ? rest.reverse() : rest }, true);
    return removed;
  },
  lpos,
  rpoplpush: ({ db }, source, target) => move(db, source!, target!, 'right', 'left') ?? null,
  lmove({ db }, source, target, from, to) {
    return move(db, source!, target!, endOf(from!), endOf(to!)) ?? null;
  },
  lmpop: ({ db }, ...args) => popFirst(db, args) ?? noArray,
  blpop: (call, ...args) => blockedPop(call, args, 'left'),
  brpop: (call, ...args) => blockedPop(call, args, 'right'),
  brpoplpush: (call, source, target, timeout) =>
    waitFor(call, seconds(timeout!), () => move(call.db, source!, target!, 'right', 'left'), noArray),
  blmove: (call, source, target, from, to, timeout) => {
    const ends = [endOf(from!), endOf(to!)] as const;
    return waitFor(call, seconds(timeout!), () => move(call.db, source!, target!, ...ends), noArray);
  },
  blmpop: (call, timeout, ...args) =>
    waitFor(call, seconds(timeout!), () => popFirst(call.db, args), noArray),
};

/** @throws RedisError for what is no time to wait */
export function seconds(text: string): number {
  const value = float(text, 'ERR timeout is not a float or out of range');
  if (value < 0) throw new RedisError('ERR timeout is negative');
  return value;
}

function itemsOf(db: Database, key: string): string[] | undefined {
  return db.valueOf(key, 'list')?.items;
}

function endOf(word: string): End {
  const end = word.toLowerCase();
  if (end !== 'left' && end !== 'right') throw syntaxError();
  return end;
}

function push(db: Database, key: string, added: readonly string[], end: End): number {
  const items = itemsOf(db, key) ?? [];
  if (items.length === 0)
    db.put(key, { kind: 'list', items: [...(end === 'left' ? added.toReversed() : added)] });
  else {
    if (end === 'left') items.unshift(...added.toReversed());
    else items.push(...added);
    db.changed(key);
  }
  return items.length === 0 ? added.length : items.length;
}

function pop(db: Database, key: string, end: End, most = 1): string[] {
  const items = itemsOf(db, key);
  if (items === undefined) return [];
  const taken =
    end === 'left' ? items.splice(0, most) : items.splice(Math.max(0, items.length - most)).reverse();
  db.changed(key);
  return taken;
}

function popSome(
  db: Database,
  key: string,
  end: End,
  [most, ...more]: readonly string[],
  name: string,
): Reply {
  if (more.length > 0) throw new RedisError(`ERR wrong number of arguments for '${name}' command`);
  if (most === undefined) return pop(db, key, end)[0] ?? null;
  const wanted = count(most);
  if (itemsOf(db, key) === undefined) return noArray;
  return wanted === 0 ? [] : pop(db, key, end, wanted);
}

function move(db: Database, source: string, target: string, from: End, to: End): string | undefined {
  if (itemsOf(db, source) === undefined) return undefined;
  itemsOf(db, target);
  const [item] = pop(db, source, from);
  push(db, target, [item!], to);
  return item;
}

/** `numkeys key [key …] LEFT|RIGHT [COUNT n]`. */
function popFirst(db: Database, [numkeys, ...rest]: readonly string[]): Reply | undefined {
  const complaint = 'ERR numkeys should be greater than 0';
  const keys = rest.slice(0, count(numkeys!, complaint));
  if (numkeys === '0') throw new RedisError(complaint);
  const [where, option, most, ...more] = rest.slice(keys.length);
  if (where === undefined || keys.length < Number(numkeys)) throw syntaxError();
  const end = endOf(where);
  if (option !== undefined && (option.toLowerCase() !== 'count' || most === undefined || more.length > 0))
    throw syntaxError();
  const wanted = integer(most ?? '1', 'ERR count should be greater than 0');
  if (wanted <= 0) throw new RedisError('ERR count should be greater than 0');
  for (const key of keys) if (itemsOf(db, key) !== undefined) return [key, pop(db, key, end, wanted)];
  return undefined;
}

function blockedPop(call: Call, args: readonly string[], end: End): Reply | Promise<Reply> {
  const keys = args.slice(0, -1);
  const { db } = call;
  const attempt = (): Reply | undefined => {
    for (const key of keys) if (itemsOf(db, key) !== undefined) return [key, pop(db, key, end)[0]!];
    return undefined;
  };
  return waitFor(call, seconds(args.at(-1)!), attempt, noArray);
}

function lpos({ db }: Call, key?: string, item?: string, ...options: string[]): Reply {
  let [rank, most, longest] = [1, undefined as number | undefined, 0];
  for (let at = 0; at < options.length; at += 2) {
    const [option, value] = [options[at]!.toUpperCase(), options[at + 1]];
    if (value === undefined || !['RANK', 'COUNT', 'MAXLEN'].includes(option)) throw syntaxError();
    if (option === 'RANK') {
      rank = integer(value);
      if (rank === 0)
        throw new RedisError(
          "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list",
        );
    } else if (option === 'COUNT') most = count(value, "ERR COUNT can't be negative");
    else longest = count(value, "ERR MAXLEN can't be negative");
  }
  const items = itemsOf(db, key!) ?? [];
  const found: number[] = [];
  let passed = 0;
  const looks = longest === 0 ? items.length : Math.min(longest, items.length);
  for (let step = 0; step < looks; step += 1) {
    const at = rank > 0 ? step : items.length - 1 - step;
    if (items[at] !== item) continue;
    passed += 1;
    if (passed < Math.abs(rank)) continue;
    if (most === undefined) return at;
    found.push(at);
    if (most > 0 && found.length >= most) break;
  }
  return most === undefined ? null : found;
}
