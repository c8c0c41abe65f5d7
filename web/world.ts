/**
 * The map of the world, made when the console is built, so that the browser loads neither what it does not draw nor the
 * means to unpack it. Shapes of countries and a place for each come from Natural Earth (public domain) as world-atlas
 * packs it; countries that are too small for a shape have a place all the same.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { feature } from 'topojson-client';
import type { Plugin } from 'vite';
import type { Position, World } from './src/charts/world.ts';

const name = 'virtual:world';

export function world(): Plugin {
  return {
    name: 'world',
    resolveId: (source) => (source === name ? `\0${name}` : undefined),
    load: (id) => (id === `\0${name}` ? `export default ${JSON.stringify(readWorld())};` : undefined),
  };
}

function readWorld(): World {
  const coarse = countriesOf('110m').filter(({ code }) => code !== 'AQ');
  return {
    shapes: {
      type: 'FeatureCollection',
      features: coarse.map(({ code = '', polygons }) => ({
        type: 'Feature',
        properties: { name: code },
        geometry: { type: 'MultiPolygon', coordinates: polygons.map((rings) => rings.map(rounded)) },
      })),
    },
    places: Object.fromEntries(
      countriesOf('50m').flatMap(({ code, polygons }) =>
        code === undefined ? [] : [[code, placeOf(polygons)]],
      ),
    ),
  };
}

type Ring = readonly Position[];

interface Country {
  /** ISO 3166-1 alpha-2; undefined for what has none. */
  readonly code: string | undefined;
  /** Of each the first ring is its border. */
  readonly polygons: readonly (readonly Ring[])[];
}

function countriesOf(scale: '50m' | '110m'): Country[] {
  const file = createRequire(import.meta.url).resolve(`world-atlas/countries-${scale}.json`);
  const topology = JSON.parse(readFileSync(file, 'utf8'));
  const { features } = feature(topology, topology.objects.countries) as unknown as Collection;
  return features.map(({ id, geometry: { type, coordinates } }) => {
    const polygons = type === 'Polygon' ? [coordinates as Ring[]] : (coordinates as Ring[][]);
    return {
      code: id === undefined ? undefined : codeOf(id),
      polygons: polygons.map((rings) => rings.map(unwrapped)),
    };
  });
}

interface Collection {
  readonly features: readonly {
    /** ISO 3166-1, three digits. */
    readonly id?: string;
    readonly geometry: { readonly type: string; readonly coordinates: unknown };
  }[];
}

/** The digits are another spelling of the letters, which Unicode knows (UTS 35, territory aliases). */
function codeOf(digits: string): string | undefined {
  const { region } = new Intl.Locale(`und-${digits}`);
  return region !== undefined && /^[A-Z]{2}$/.test(region) ? region : undefined;
}

/** In one piece also across the 180th meridian, beyond which it then goes on. */
function unwrapped(ring: Ring): Ring {
  let before = ring[0]?.[0] ?? 0;
  const whole = ring.map(([x, y]): Position => {
    before = x - 360 * Math.round((x - before) / 360);
    return [before, y];
  });
  const turns = Math.round(centroid(whole).x / 360);
  return turns === 0 ? whole : whole.map(([x, y]): Position => [x - 360 * turns, y]);
}

/** To a tenth of a degree: less than a pixel. What falls together is drawn once. */
function rounded(ring: Ring): Position[] {
  const out: Position[] = [];
  for (const [x, y] of ring) {
    const point = [Math.round(x * 10) / 10, Math.round(y * 10) / 10] as const;
    const before = out.at(-1);
    if (before === undefined || before[0] !== point[0] || before[1] !== point[1]) out.push(point);
  }
  return out;
}

/** The middle of the largest part. */
function placeOf(polygons: Country['polygons']): Position {
  const parts = polygons.map(([border = []]) => centroid(border));
  const largest = parts.reduce((best, one) => (one.area > best.area ? one : best));
  return [Math.round(largest.x * 10) / 10, Math.round(largest.y * 10) / 10];
}

/** Of a polygon in the plane (the shoelace formula). */
function centroid(ring: Ring): { readonly area: number; readonly x: number; readonly y: number } {
  let area = 0;
  let x = 0;
  let y = 0;
  for (const [at, [x1, y1]] of ring.entries()) {
    const [x2, y2] = ring[(at + 1) % ring.length]!;
    const cross = x1 * y2 - x2 * y1;
    area += cross;
    x += (x1 + x2) * cross;
    y += (y1 + y2) * cross;
  }
  return { area: Math.abs(area / 2), x: x / (3 * area), y: y / (3 * area) };
}
