/** Malicious images by hunt, as a chart or as a table. The chart library loads when there is something to draw. */
import { Link } from '@tanstack/react-router';
import { Tabs } from 'radix-ui';
import { lazy, type ReactNode, Suspense } from 'react';
import type { Overview } from '../../../../src/api/overview.ts';
import { Section } from '../../parts/page-head.tsx';
import { Quoted } from '../../parts/quoted.tsx';
import { Scroll } from '../../parts/scroll.tsx';
import { tabClass } from '../../parts/tab.ts';
import { Exact } from '../../parts/time.tsx';

type Point = Overview['trend'][number];

const TrendChart = lazy(() => import('../../charts/trend-chart.tsx'));

export function Trend({ points }: { readonly points: readonly Point[] }): ReactNode {
  // One hunt is a number and no trend.
  if (points.length < 2) return null;
  return (
    <Tabs.Root defaultValue="chart">
      <Section
        title="Trend"
        actions={
          <Tabs.List aria-label="Trend as" className="flex gap-1">
            <Tabs.Trigger value="chart" className={tabClass}>
              Chart
            </Tabs.Trigger>
            <Tabs.Trigger value="table" className={tabClass}>
              Table
            </Tabs.Trigger>
          </Tabs.List>
        }
      >
        <Tabs.Content value="chart">
          <Suspense fallback={<div className="ghost h-[15rem]" />}>
            <TrendChart points={points} />
          </Suspense>
        </Tabs.Content>
        <Tabs.Content value="table">
          <TrendTable points={points} />
        </Tabs.Content>
        <p className="mt-1 text-[0.92rem] text-soft">
          Unit: images that a hunt found malicious. Source: finished hunts of the same source on this server.
        </p>
      </Section>
    </Tabs.Root>
  );
}

function TrendTable({ points }: { readonly points: readonly Point[] }): ReactNode {
  return (
    <Scroll label="Trend as a table">
      <table className="grid-table">
        <thead>
          <tr>
            <th scope="col">Hunt</th>
            <th scope="col">Source</th>
            <th scope="col">Started</th>
            <th scope="col" className="number">
              Malicious
            </th>
            <th scope="col" className="number">
              Images
            </th>
            <th scope="col" className="number">
              Category counts
            </th>
          </tr>
        </thead>
        <tbody>
          {points.toReversed().map((point) => (
            <tr key={point.hunt}>
              <td>
                <Link to="/hunts/$id" params={{ id: String(point.hunt) }} className="link">
                  {point.hunt}
                </Link>
              </td>
              <td>
                <Quoted text={point.source} />
              </td>
              <td>
                <Exact time={point.at} />
              </td>
              <td className="number">{point.malicious.toLocaleString('en-US')}</td>
              <td className="number">{point.total.toLocaleString('en-US')}</td>
              <td className="number">{point.categoryTotal.toLocaleString('en-US')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
