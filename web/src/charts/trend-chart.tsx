/** Malicious images over time, a line for each source: its own colour, dash and mark. */
import { type ReactNode, useCallback, useMemo } from 'react';
import type { Overview } from '../../../src/api/overview.ts';
import { visible } from '../parts/quoted.tsx';
import { Drawing, type Ink } from './drawing.tsx';
import { linesOf, mostLines } from './lines.ts';

type Point = Overview['trend'][number];

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
    .slice(0, mostLines);
}

function optionOf(sources: Sources, ink: Ink) {
  return linesOf(ink, {
    unit: 'malicious images',
    timeFormat: '{d} {MMM}',
    lines: sources.map(([source, own]) => ({
      name: visible(source),
      points: own.map((point) => [point.at, point.malicious] as const),
    })),
  });
}
