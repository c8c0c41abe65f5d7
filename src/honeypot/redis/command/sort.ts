/** SORT: the members of a list or set, in order of their numbers, texts, or what other keys say. */
import { type Database, outOfMemory } from '../keyspace.ts';
import { floatIn, integer } from '../numbers.ts';
import { RedisError, type Reply, syntaxError } from '../reply.ts';
import type { Call, Handlers } from './call.ts';

export const sorting: Handlers = {
  sort: (call, key, ...options) => sort(call, key!, options, true),
  sort_ro: (call, key, ...options) => sort(call, key!, options, false),
};

/** Values of other keys in one reply. */
const maxLookUps = 50_000;

function sort({ db }: Call, key: string, options: readonly string[], mayStore: boolean): Reply {
  let [isDescending, isAlpha, offset, limit] = [false, false, 0, -1];
  let [by, target] = [undefined as string | undefined, undefined as string | undefined];
  const gets: string[] = [];
  for (let at = 0; at < options.length; at += 1) {
    const option = options[at]!.toLowerCase();
    const left = options.length - at - 1;
    if (option === 'asc' || option === 'desc') isDescending = option === 'desc';
    else if (option === 'alpha') isAlpha = true;
    else if (option === 'limit' && left >= 2) {
      offset = Math.max(0, integer(options[at + 1]!));
      limit = integer(options[at + 2]!);
      at += 2;
    } else if (option === 'store' && mayStore && left >= 1) target = options[++at];
    else if (option === 'by' && left >= 1) by = options[++at];
    else if (option === 'get' && left >= 1) gets.push(options[++at]!);
    else throw syntaxError();
  }
  let members = membersOf(db, key);
  if (by === undefined || by.includes('*')) {
    const weighed = members.map((member) => {
      const text = by === undefined ? member : lookUp(db, by, member);
      return { member, text: text ?? '', weight: isAlpha ? 0 : weightOf(text) };
    });
    weighed.sort((a, b) => {
      const order = isAlpha ? compare(a.text, b.text) : a.weight - b.weight;
      return (order === 0 ? compare(a.member, b.member) : order) * (isDescending ? -1 : 1);
    });
    members = weighed.map(({ member }) => member);
  } else if (isDescending) members.reverse();
  const chosen = members.slice(offset, limit < 0 ? undefined : offset + limit);
  if (chosen.length * gets.length > maxLookUps) throw outOfMemory();
  const result =
    gets.length === 0
      ? chosen
      : chosen.flatMap((member) => gets.map((get) => lookUp(db, get, member) ?? null));
  if (target === undefined) return result;
  const items = result.map((one) => one ?? '');
  db.keyspace.need(items.reduce((sum, item) => sum + 64 + item.length, 0));
  if (items.length === 0) db.delete(target);
  else db.put(target, { kind: 'list', items });
  return items.length;
}

function membersOf(db: Database, key: string): string[] {
  const value = db.read(key)?.value;
  if (value === undefined) return [];
  if (value.kind === 'list') return [...value.items];
  if (value.kind === 'set') return [...value.members];
  if (value.kind === 'zset') return value.all.map(({ member }) => member);
  throw new RedisError('WRONGTYPE Operation against a key holding the wrong kind of value');
}

function weightOf(text: string | undefined): number {
  const value = text === undefined ? 0 : floatIn(text);
  if (value === undefined) throw new RedisError("ERR One or more scores can't be converted into double");
  return value;
}

/** The value of the key, or of the field behind `->`, that a pattern names with the member in place of its star. */
function lookUp(db: Database, pattern: string, member: string): string | undefined {
  if (pattern === '#') return member;
  const [before, ...after] = pattern.split('*');
  if (after.length === 0) return undefined;
  const rest = after.join('*');
  const arrow = rest.indexOf('->');
  const isField = arrow >= 0 && arrow + 2 < rest.length;
  const value = db.read(`${before}${member}${isField ? rest.slice(0, arrow) : rest}`)?.value;
  if (isField) return value?.kind === 'hash' ? value.fields.get(rest.slice(arrow + 2)) : undefined;
  return value?.kind === 'string' ? value.text : undefined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
