/** Distances on a globe, in metres (geohash_helper.c, 7.0). */
import type { Position } from './cell.ts';

/** Of the Earth, in metres. */
export const earthRadius = 6372797.560856;
/** One degree. */
const degree = Math.PI / 180;

export const radians = (degrees: number): number => degrees * degree;
export const degrees = (angle: number): number => angle / degree;

/** By the formula of half versed sines. */
export function distance(one: Position, other: Position): number {
  const v = Math.sin((radians(other.longitude) - radians(one.longitude)) / 2);
  if (v === 0) return latitudeDistance(one.latitude, other.latitude);
  const [from, to] = [radians(one.latitude), radians(other.latitude)];
  const u = Math.sin((to - from) / 2);
  const a = u * u + Math.cos(from) * Math.cos(to) * v * v;
  return 2 * earthRadius * Math.asin(Math.sqrt(a));
}

export function latitudeDistance(one: number, other: number): number {
  return earthRadius * Math.abs(radians(other) - radians(one));
}
