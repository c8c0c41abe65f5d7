/** Events of decoys over time, a line for each service: its own colour, dash and mark. */
import { type ReactNode, useCallback } from 'react';
import type { HoneypotOverview } from '../../../src/api/events.ts';
import { Drawing, type Ink } from './drawing.tsx';
import { linesOf } from './lines.ts';

const hour = 3_600_000;

export default function ActivityChart({ overview }: { readonly overview: HoneypotOverview }): ReactNode {
  const option = useCallback((ink: Ink) => optionOf(overview, ink), [overview]);
  const label = `Events by service: ${overview.hours
    .map(({ service, events }) => `${service} ${events.reduce((sum, one) => sum + one, 0)}`)
    .join(', ')}. The table has the numbers.`;
  return <Drawing option={option} label={label} />;
}

function optionOf({ from, hours }: HoneypotOverview, ink: Ink) {
  const start = Date.parse(from);
  const busiest = hours.toSorted((a, b) => total(b.events) - total(a.events));
  return linesOf(ink, {
    unit: 'events',
    timeFormat: hours[0]!.events.length > 24 ? '{d} {MMM}' : '{HH}:00',
    lines: busiest.map(({ service, events }) => ({
      name: service,
      points: events.map((count, index) => [new Date(start + index * hour).toISOString(), count] as const),
    })),
  });
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}
