/** What is searched: all within a distance, or in a rectangle; and which cells may have it (geohash_helper.c, 7.0). */
import { type Area, areaOf, type Cell, cellOf, maxStep, neighbourOf, type Position } from './cell.ts';
import { degrees, distance, earthRadius, latitudeDistance, radians } from './distance.ts';

/** Lengths in metres. */
export type Shape = { readonly centre: Position } & (
  | { readonly kind: 'circle'; readonly radius: number }
  | { readonly kind: 'box'; readonly width: number; readonly height: number }
);

/** @returns metres from the centre; undefined for what is not in the shape */
export function distanceWithin(shape: Shape, place: Position): number | undefined {
  const { centre } = shape;
  if (shape.kind === 'box') {
    if (latitudeDistance(place.latitude, centre.latitude) > shape.height / 2) return undefined;
    const { latitude } = place;
    const across = distance(place, { longitude: centre.longitude, latitude });
    return across > shape.width / 2 ? undefined : distance(centre, place);
  }
  const far = distance(centre, place);
  return far > shape.radius ? undefined : far;
}

/** Half of the Earth's circumference in Mercator's projection, in metres. */
const farthest = 20037726.37;

/** Cuts that make cells about as large as the shape. */
function stepFor(radius: number, latitude: number): number {
  if (radius === 0) return maxStep;
  let step = 1;
  for (let range = radius; range < farthest; range *= 2) step += 1;
  step -= 2;
  // Towards the poles, columns are narrower.
  if (Math.abs(latitude) > 66) step -= 1;
  if (Math.abs(latitude) > 80) step -= 1;
  return Math.max(1, Math.min(maxStep, step));
}

function extentOf(shape: Shape): Area {
  const { longitude, latitude } = shape.centre;
  const [width, height] =
    shape.kind === 'circle' ? [shape.radius, shape.radius] : [shape.width / 2, shape.height / 2];
  const north = degrees(height / earthRadius);
  const edge = latitude < 0 ? latitude - north : latitude + north;
  const east = degrees(width / earthRadius / Math.cos(radians(edge)));
  return {
    longitude: { least: longitude - east, most: longitude + east },
    latitude: { least: latitude - north, most: latitude + north },
  };
}

/** Columns and rows from the middle, in the order in which cells are looked through. */
const around = [
  [0, 0],
  [0, 1],
  [0, -1],
  [1, 0],
  [-1, 0],
  [1, 1],
  [-1, 1],
  [1, -1],
  [-1, -1],
] as const;

/** The cells in which members of the shape may be. */
export function cellsOf(shape: Shape): Cell[] {
  const extent = extentOf(shape);
  const radius =
    shape.kind === 'circle' ? shape.radius : Math.sqrt((shape.width / 2) ** 2 + (shape.height / 2) ** 2);
  let step = stepFor(radius, shape.centre.latitude);
  let middle = cellOf(shape.centre, step);
  if (step > 1 && isTooSmall(middle, extent)) {
    step -= 1;
    middle = cellOf(shape.centre, step);
  }
  const area = areaOf(middle);
  const isUseless = (columns: number, rows: number): boolean =>
    step >= 2 &&
    ((rows < 0 && area.latitude.least < extent.latitude.least) ||
      (rows > 0 && area.latitude.most > extent.latitude.most) ||
      (columns < 0 && area.longitude.least < extent.longitude.least) ||
      (columns > 0 && area.longitude.most > extent.longitude.most));
  const cells: Cell[] = [];
  for (const [columns, rows] of around) {
    if (isUseless(columns, rows)) continue;
    const cell = neighbourOf(middle, columns, rows);
    const last = cells.at(-1);
    // Of a small world, neighbours may be the same; the middle one never counts as such (`last_processed` is 0 then).
    if (cells.length > 1 && last!.column === cell.column && last!.row === cell.row) continue;
    cells.push(cell);
  }
  return cells;
}

/** The cell and its neighbours do not reach as far as the shape. */
function isTooSmall(middle: Cell, extent: Area): boolean {
  return (
    areaOf(neighbourOf(middle, 0, 1)).latitude.most < extent.latitude.most ||
    areaOf(neighbourOf(middle, 0, -1)).latitude.least > extent.latitude.least ||
    areaOf(neighbourOf(middle, 1, 0)).longitude.most < extent.longitude.most ||
    areaOf(neighbourOf(middle, -1, 0)).longitude.least > extent.longitude.least
  );
}
