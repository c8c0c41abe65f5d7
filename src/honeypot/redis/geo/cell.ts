/**
 * Places as numbers: longitude and latitude cut in halves so many times, the bits of both in turns (geohash.c, 7.0). With
 * 26 cuts that is the score of a member of a sorted set.
 */

/** Degrees; those of latitude are where Web Mercator (EPSG:900913) ends. */
export const bounds = {
  longitude: { least: -180, most: 180 },
  latitude: { least: -85.05112878, most: 85.05112878 },
} as const;

interface Range {
  readonly least: number;
  readonly most: number;
}

/** In degrees. */
export interface Position {
  readonly longitude: number;
  readonly latitude: number;
}

export const maxStep = 26;

/** The whole world in 2^step columns and as many rows. */
export interface Cell {
  readonly step: number;
  /** From the west. */
  readonly column: number;
  /** From the south. */
  readonly row: number;
}

export function cellOf(
  { longitude, latitude }: Position,
  step: number,
  ranges: { readonly longitude: Range; readonly latitude: Range } = bounds,
): Cell {
  const part = (value: number, { least, most }: Range): number =>
    Math.trunc(((value - least) / (most - least)) * 2 ** step);
  return { step, column: part(longitude, ranges.longitude), row: part(latitude, ranges.latitude) };
}

/** What a cell covers. */
export interface Area {
  readonly longitude: Range;
  readonly latitude: Range;
}

export function areaOf({ step, column, row }: Cell): Area {
  const range = (index: number, { least, most }: Range): Range => ({
    least: least + (index / 2 ** step) * (most - least),
    most: least + ((index + 1) / 2 ** step) * (most - least),
  });
  return { longitude: range(column, bounds.longitude), latitude: range(row, bounds.latitude) };
}

/** The one so many columns and rows away; the world is round, and where it ends it begins. */
export function neighbourOf({ step, column, row }: Cell, columns: number, rows: number): Cell {
  const size = 2 ** step;
  return { step, column: (column + columns + size) % size, row: (row + rows + size) % size };
}

/** Bits of columns and rows in turns, those of rows the lower ones. */
export function bitsOf({ column, row }: Cell): number {
  const half = 1 << 13;
  const low = spread(row % half) + 2 * spread(column % half);
  const high = spread(Math.floor(row / half)) + 2 * spread(Math.floor(column / half));
  return high * 2 ** 26 + low;
}

/** The scores that a cell has: from, and up to but not with. */
export function scoresOf(cell: Cell): { readonly from: number; readonly to: number } {
  const size = 2 ** (2 * (maxStep - cell.step));
  const from = bitsOf(cell) * size;
  return { from, to: from + size };
}

/** The middle of the cell that a score is of. */
export function positionOf(score: number): Position {
  const bits = BigInt.asUintN(64, BigInt(Math.trunc(score)));
  const [low, high] = [Number(bits & 0x3ffffffn), Number((bits >> 26n) & 0x3fffffffn)];
  const row = gathered(high) * 2 ** 13 + gathered(low);
  const column = gathered(high >>> 1) * 2 ** 13 + gathered(low >>> 1);
  const area = areaOf({ step: maxStep, column, row });
  const middle = ({ least, most }: Range, range: Range): number =>
    Math.max(range.least, Math.min(range.most, (least + most) / 2));
  return {
    longitude: middle(area.longitude, bounds.longitude),
    latitude: middle(area.latitude, bounds.latitude),
  };
}

/** Up to sixteen bits, each with a zero before it. */
function spread(bits: number): number {
  let value = (bits | (bits << 8)) & 0x00ff00ff;
  value = (value | (value << 4)) & 0x0f0f0f0f;
  value = (value | (value << 2)) & 0x33333333;
  return (value | (value << 1)) & 0x55555555;
}

/** Every second of the bits, the lowest with them. */
function gathered(bits: number): number {
  let value = bits & 0x55555555;
  value = (value | (value >>> 1)) & 0x33333333;
  value = (value | (value >>> 2)) & 0x0f0f0f0f;
  value = (value | (value >>> 4)) & 0x00ff00ff;
  return (value | (value >>> 8)) & 0x0000ffff;
}
