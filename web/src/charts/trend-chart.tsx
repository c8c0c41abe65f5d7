/** Malicious images over time, a line for each source: its own colour, dash and mark. */
import { type ReactNode, useCallback, useMemo } from 'react';
import type { Overview } from '../../../src/api/overview.ts';
import { visible } from '../parts/quoted.tsx';
import { Drawing, type Ink } from './drawing.tsx';

type Point = Overview['trend'][number];

/** More lines are not told apart; the table has them all. */
const mostSources = 4;
const symbols = ['circle', 'rect', 'triangle', 'diamond'];
const dashes = ['solid', 'dashed', 'dotted', [8, 3, 2, 3]];

export default function TrendChart({ points }: { readonly points: readonly Point[] }): ReactNode {
  const sources = useMemo(() => bySource(points), [points]);
  const option = useCallback((ink: Ink) => optionOf(sources, ink), [sources]);
  const label = `Malicious images by hunt: ${sources
    .map(
      ([source, own]) => `${visible(source)} from ${own[0]?.malicious ?? 0} to ${own.at(-1)?.malicious ?? 0}`,
    )
    .join('; ')}. The table has the numbers.`;
  return <Drawing option={option} label={label} />;
}

type Sources = readonly (readonly [string, readonly Point[]])[];

/** Those with most hunts. */
function bySource(points: readonly Point[]): Sources {
  return [...Map.groupBy(points, ({ source }) => source)]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .slice(0, mostSources);
}

function optionOf(sources: Sources, ink: Ink) {
  const colours = [ink.accent, ink.critical, ink.medium, ink.good];
  const text = { color: ink.soft, fontFamily: ink.font, fontSize: 12 };
  return {
    textStyle: text,
    grid: {
      left: 0,
      right: 16,
      top: 52,
      bottom: 0,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    legend: {
      top: 0,
      left: 0,
      itemWidth: 30,
      textStyle: text,
      data: sources.map(([source]) => visible(source)),
    },
    tooltip: {
      trigger: 'axis',
      // Drawn on the canvas: markup would carry style attributes, and text of sources.
      renderMode: 'richText',
      backgroundColor: ink.raised,
      borderColor: ink.line,
      textStyle: { ...text, color: ink.ink },
    },
    xAxis: {
      type: 'time',
      axisLine: { lineStyle: { color: ink.line } },
      axisLabel: { ...text, hideOverlap: true, formatter: '{d} {MMM}' },
    },
    yAxis: {
      type: 'value',
      name: 'malicious images',
      nameTextStyle: { ...text, align: 'left' },
      minInterval: 1,
      splitLine: { lineStyle: { color: ink.line } },
      axisLabel: text,
    },
    series: sources.map(([source, own], index) => ({
      type: 'line',
      name: visible(source),
      symbol: symbols[index],
      symbolSize: 7,
      color: colours[index],
      lineStyle: { type: dashes[index], width: 1.75 },
      data: own.map((point) => [point.at, point.malicious]),
    })),
  };
}
