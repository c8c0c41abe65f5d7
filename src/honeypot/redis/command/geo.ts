/** Places on the Earth as members of sorted sets: adding them, and where they are. Searches have a file of their own. */
import { bitsOf, bounds, cellOf, maxStep, type Position, positionOf } from '../geo/cell.ts';
import { distance } from '../geo/distance.ts';
import { float } from '../numbers.ts';
import { noArray, RedisError, type Reply, syntaxError, withoutZeros } from '../reply.ts';
import type { Call, Handlers } from './call.ts';
import { sortedSet, sortedSets } from './sorted-sets.ts';

export const geo: Handlers = {
  geoadd,
  geopos({ db }, key, ...members) {
    const set = sortedSet(db, key!);
    return members.map((member) => {
      const score = set?.score(member);
      return score === undefined ? noArray : coordinates(positionOf(score));
    });
  },
  geohash({ db }, key, ...members) {
    const set = sortedSet(db, key!);
    return members.map((member) => {
      const score = set?.score(member);
      return score === undefined ? null : geohash(positionOf(score));
    });
  },
  geodist({ db }, key, one, other, unit, more) {
    if (more !== undefined) throw syntaxError();
    const metres = unit === undefined ? 1 : metresOf(unit);
    const set = sortedSet(db, key!);
    const [from, to] = [set?.score(one!), set?.score(other!)];
    if (from === undefined || to === undefined) return null;
    return distanceText(distance(positionOf(from), positionOf(to)) / metres);
  },
};

/** By the names of units. */
const units: ReadonlyMap<string, number> = new Map([
  ['m', 1],
  ['km', 1000],
  ['ft', 0.3048],
  ['mi', 1609.34],
]);

/** @throws RedisError */
export function metresOf(unit: string): number {
  const metres = units.get(unit.toLowerCase());
  if (metres === undefined) throw new RedisError('ERR unsupported unit provided. please use M, KM, FT, MI');
  return metres;
}

/** @throws RedisError */
export function positionIn(longitude: string, latitude: string): Position {
  const position = { longitude: float(longitude), latitude: float(latitude) };
  const isWithin = (name: keyof Position): boolean =>
    position[name] >= bounds[name].least && position[name] <= bounds[name].most;
  if (!isWithin('longitude') || !isWithin('latitude')) {
    const pair = [position.longitude, position.latitude].map(fixed);
    throw new RedisError(`ERR invalid longitude,latitude pair ${pair.join(',')}`);
  }
  return position;
}

/** As C prints `%f`. */
function fixed(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Math.abs(value) < 1e21) return value.toFixed(6);
  return `${BigInt(value)}.000000`;
}

export function distanceText(value: number): string {
  return value.toFixed(4);
}

/** Longitude and latitude, with all the digits that a double has before its seventeenth. */
export function coordinates({ longitude, latitude }: Position): Reply {
  return [longitude, latitude].map((value) => ({
    kind: 'double',
    value,
    text: withoutZeros(value.toFixed(17)),
  }));
}

const options: ReadonlySet<string> = new Set(['NX', 'XX', 'CH']);

function geoadd(call: Call, key?: string, ...args: string[]): Reply | Promise<Reply> {
  const first = args.findIndex((arg) => !options.has(arg.toUpperCase()));
  const given = first < 0 ? args : args.slice(0, first);
  const triples = first < 0 ? [] : args.slice(first);
  const words = new Set(given.map((option) => option.toUpperCase()));
  if (triples.length % 3 !== 0 || (words.has('NX') && words.has('XX'))) throw syntaxError();
  const pairs: string[] = [];
  for (let at = 0; at < triples.length; at += 3) {
    const position = positionIn(triples[at]!, triples[at + 1]!);
    pairs.push(String(bitsOf(cellOf(position, maxStep))), triples[at + 2]!);
  }
  return sortedSets.zadd!(call, key!, ...given, ...pairs);
}

/** As geohash.org writes it: with a world from pole to pole, and a last letter that means nothing. */
function geohash(position: Position): string {
  const world = { longitude: bounds.longitude, latitude: { least: -90, most: 90 } };
  const bits = bitsOf(cellOf(position, maxStep, world));
  let text = '';
  for (let letter = 1; letter <= 10; letter += 1)
    text += alphabet[Math.floor(bits / 2 ** (52 - 5 * letter)) % 32];
  return `${text}0`;
}

const alphabet = '0123456789bcdefghjkmnpqrstuvwxyz';
