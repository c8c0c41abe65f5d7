/** GEOSEARCH and the older GEORADIUS: which members of a sorted set are near, told or kept under another key. */
import { type Position, positionOf } from '../geo/cell.ts';
import { type Found, search } from '../geo/search.ts';
import type { Shape } from '../geo/shape.ts';
import { float, integer } from '../numbers.ts';
import { RedisError, type Reply, syntaxError } from '../reply.ts';
import { SortedSet } from '../sorted-set.ts';
import type { Call, Handlers } from './call.ts';
import { coordinates, distanceText, metresOf, positionIn } from './geo.ts';
import { sortedSet } from './sorted-sets.ts';

export const geoSearches: Handlers = {
  georadius: (call, ...args) => byPlace(call, args, true),
  georadius_ro: (call, ...args) => byPlace(call, args, false),
  georadiusbymember: (call, ...args) => byMember(call, args, true),
  georadiusbymember_ro: (call, ...args) => byMember(call, args, false),
  geosearch: (call, key, ...args) => answer(call, sortedSet(call.db, key!), {}, args, 'search'),
  geosearchstore: (call, target, key, ...args) =>
    answer(call, sortedSet(call.db, key!), { target: target! }, args, 'store'),
};

/** Lengths are told, and given, in units of so many metres. */
interface Wanted {
  /** Undefined where a member was named that is in no set. */
  centre?: Position;
  from?: 'member' | 'place';
  size?:
    | { readonly kind: 'circle'; readonly radius: number }
    | { readonly kind: 'box'; readonly width: number; readonly height: number };
  unit?: number;
  /** 0 for all. */
  count?: number;
  isAny?: boolean;
  order?: 'asc' | 'desc';
  hasDistances?: boolean;
  hasHashes?: boolean;
  hasPositions?: boolean;
  /** The key that the members are kept under. */
  target?: string;
  keepsDistances?: boolean;
}

/** What is allowed: options of GEORADIUS, the same with STORE, or those of GEOSEARCH and GEOSEARCHSTORE. */
type Form = 'radius' | 'radius-store' | 'search' | 'store';

function byPlace(call: Call, args: readonly string[], mayStore: boolean): Reply {
  const [key, longitude, latitude, radius, unit, ...options] = args as [
    string,
    string,
    string,
    string,
    string,
  ];
  const set = sortedSet(call.db, key);
  const centre = positionIn(longitude, latitude);
  const wanted = { centre, ...circle(radius, unit) };
  return answer(call, set, wanted, options, mayStore ? 'radius-store' : 'radius');
}

function byMember(call: Call, args: readonly string[], mayStore: boolean): Reply {
  const [key, member, radius, unit, ...options] = args as [string, string, string, string];
  const set = sortedSet(call.db, key);
  const wanted = set === undefined ? {} : { centre: placeOf(set, member), ...circle(radius, unit) };
  return answer(call, set, wanted, options, mayStore ? 'radius-store' : 'radius');
}

function placeOf(set: SortedSet, member: string): Position {
  const score = set.score(member);
  if (score === undefined) throw new RedisError('ERR could not decode requested zset member');
  return positionOf(score);
}

function circle(radius: string, unit: string): Pick<Wanted, 'size' | 'unit'> {
  const value = float(radius, 'ERR need numeric radius');
  if (value < 0) throw new RedisError('ERR radius cannot be negative');
  return { unit: metresOf(unit), size: { kind: 'circle', radius: value } };
}

function box(width: string, height: string, unit: string): Pick<Wanted, 'size' | 'unit'> {
  const size = {
    kind: 'box',
    width: float(width, 'ERR need numeric width'),
    height: float(height, 'ERR need numeric height'),
  } as const;
  if (size.width < 0 || size.height < 0) throw new RedisError('ERR height or width cannot be negative');
  return { unit: metresOf(unit), size };
}

/** @throws RedisError */
function read(wanted: Wanted, set: SortedSet | undefined, options: readonly string[], form: Form): void {
  const isSearch = form === 'search' || form === 'store';
  for (let at = 0; at < options.length; at += 1) {
    const option = options[at]!.toLowerCase();
    const [a = '', b = '', c = ''] = options.slice(at + 1, at + 4);
    const left = options.length - at - 1;
    if (option === 'withdist') wanted.hasDistances = true;
    else if (option === 'withhash') wanted.hasHashes = true;
    else if (option === 'withcoord') wanted.hasPositions = true;
    else if (option === 'any') wanted.isAny = true;
    else if (option === 'asc' || option === 'desc') wanted.order = option;
    else if (option === 'count' && left >= 1) {
      wanted.count = integer(a);
      if (wanted.count <= 0) throw new RedisError('ERR COUNT must be > 0');
      at += 1;
    } else if ((option === 'store' || option === 'storedist') && left >= 1 && form === 'radius-store') {
      wanted.target = a;
      wanted.keepsDistances = option === 'storedist';
      at += 1;
    } else if (option === 'storedist' && form === 'store') wanted.keepsDistances = true;
    else if (option === 'frommember' && left >= 1 && isSearch && wanted.from !== 'place') {
      wanted.from = 'member';
      if (set !== undefined) wanted.centre = placeOf(set, a);
      at += 1;
    } else if (option === 'fromlonlat' && left >= 2 && isSearch && wanted.from !== 'member') {
      wanted.from = 'place';
      wanted.centre = positionIn(a, b);
      at += 2;
    } else if (option === 'byradius' && left >= 2 && isSearch && wanted.size?.kind !== 'box') {
      Object.assign(wanted, circle(a, b));
      at += 2;
    } else if (option === 'bybox' && left >= 3 && isSearch && wanted.size?.kind !== 'circle') {
      Object.assign(wanted, box(a, b, c));
      at += 3;
    } else throw syntaxError();
  }
}

function answer(
  { db, word }: Call,
  set: SortedSet | undefined,
  given: Wanted,
  options: readonly string[],
  form: Form,
): Reply {
  const wanted = { ...given };
  read(wanted, set, options, form);
  const { centre, size, unit = 1, count = 0, target } = wanted;
  if (target !== undefined && (wanted.hasDistances || wanted.hasHashes || wanted.hasPositions)) {
    const what = form === 'store' ? 'GEOSEARCHSTORE' : 'STORE option in GEORADIUS';
    throw new RedisError(`ERR ${what} is not compatible with WITHDIST, WITHHASH and WITHCOORD options`);
  }
  const isSearch = form === 'search' || form === 'store';
  if (isSearch && wanted.from === undefined)
    throw new RedisError(`ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for ${word}`);
  if (isSearch && size === undefined)
    throw new RedisError(`ERR exactly one of BYRADIUS and BYBOX can be specified for ${word}`);
  if (wanted.isAny && count === 0) throw new RedisError('ERR the ANY argument requires COUNT argument');
  const chosen =
    set === undefined || centre === undefined || size === undefined
      ? []
      : choose(set, inMetres(centre, size, unit), wanted);
  if (target === undefined) return chosen.map((found) => described(found, wanted, unit));
  db.keyspace.need(chosen.reduce((sum, { member }) => sum + 64 + member.length, 0));
  const scores = chosen.map(
    ({ member, score, distance }) => [member, wanted.keepsDistances ? distance / unit : score] as const,
  );
  if (chosen.length > 0) db.put(target, new SortedSet(scores));
  else db.delete(target);
  return chosen.length;
}

function inMetres(centre: Position, size: NonNullable<Wanted['size']>, unit: number): Shape {
  if (size.kind === 'circle') return { centre, kind: 'circle', radius: size.radius * unit };
  return { centre, kind: 'box', width: size.width * unit, height: size.height * unit };
}

/** The nearest where only some are wanted, if not just any. */
function choose(set: SortedSet, shape: Shape, { count = 0, isAny, order }: Wanted): Found[] {
  const found = search(set.all, shape, isAny && count > 0 ? count : undefined);
  const sorted = order ?? (count > 0 && !isAny ? 'asc' : undefined);
  if (sorted !== undefined) found.sort((a, b) => (a.distance - b.distance) * (sorted === 'asc' ? 1 : -1));
  return count > 0 ? found.slice(0, count) : found;
}

function described(
  { member, score, distance, position }: Found,
  { hasDistances, hasHashes, hasPositions }: Wanted,
  unit: number,
): Reply {
  const more: Reply[] = [];
  if (hasDistances) more.push(distanceText(distance / unit));
  if (hasHashes) more.push(score);
  if (hasPositions) more.push(coordinates(position));
  return more.length === 0 ? member : [member, ...more];
}
