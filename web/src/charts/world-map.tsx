/** Sources by country on a map: a circle for each, whose area is how many. */

import world from 'virtual:world';
import { ScatterChart } from 'echarts/charts';
import { GeoComponent } from 'echarts/components';
import { registerMap, use } from 'echarts/core';
import { type ReactNode, useCallback } from 'react';
import type { HoneypotOverview } from '../../../src/api/events.ts';
import { countWords } from '../../../src/report/wording.ts';
import { countryName } from '../parts/country.ts';
import { Drawing, type Ink } from './drawing.tsx';

use([ScatterChart, GeoComponent]);
registerMap('world', { geoJSON: world.shapes as never, specialAreas: {} });

type Countries = HoneypotOverview['countries'];

/** Diameters in pixels, of one source and of the most. */
const circle = { least: 5, most: 34 } as const;

/** Countries that are told to who does not see the map; the table has all. */
const mostTold = 5;

export default function WorldMap({ countries }: { readonly countries: Countries }): ReactNode {
  const option = useCallback((ink: Ink) => optionOf(countries, ink), [countries]);
  const told = countries
    .slice(0, mostTold)
    .map(({ country, sources }) => `${countryName(country)} ${sources}`)
    .join(', ');
  return (
    <Drawing
      option={option}
      label={`Map of sources by country: ${told}. The table has the numbers.`}
      className="aspect-[15/8]"
    />
  );
}

/** Those that the map has a place for. */
export function isOnMap({ country }: Countries[number]): boolean {
  return country !== undefined && country in world.places;
}

function optionOf(countries: Countries, ink: Ink) {
  const shown = countries.filter(isOnMap);
  const most = Math.max(1, ...shown.map((one) => one.sources));
  const text = { color: ink.ink, fontFamily: ink.font, fontSize: 12 };
  return {
    tooltip: {
      // Drawn on the canvas, as in the other charts.
      renderMode: 'richText',
      backgroundColor: ink.raised,
      borderColor: ink.line,
      textStyle: text,
    },
    geo: {
      map: 'world',
      left: 0,
      right: 0,
      top: 0,
      bottom: 0,
      silent: true,
      itemStyle: { areaColor: ink.panel, borderColor: ink.line, borderWidth: 0.6 },
      regions: shown.map(({ country }) => ({
        name: country,
        itemStyle: { areaColor: ink.tint, borderColor: ink.edge },
      })),
    },
    series: [
      {
        type: 'scatter',
        coordinateSystem: 'geo',
        color: ink.accent,
        itemStyle: { opacity: 0.75, borderColor: ink.raised, borderWidth: 1 },
        symbolSize: ([, , sources]: readonly number[]) =>
          Math.max(circle.least, circle.most * Math.sqrt((sources ?? 0) / most)),
        data: shown.map(({ country, sources, sessions }) => ({
          name: `${countryName(country)}: ${countWords(sources, 'source')}, ${countWords(sessions, 'session')}`,
          value: [...world.places[country!]!, sources],
        })),
        tooltip: { formatter: '{b}' },
      },
    ],
  };
}
