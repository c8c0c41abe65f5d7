/** Events over time by service, as a chart or as a table. */
import { Tabs } from 'radix-ui';
import { lazy, type ReactNode, Suspense } from 'react';
import type { HoneypotOverview } from '../../../../src/api/events.ts';
import { Empty } from '../../parts/notice.tsx';
import { Section } from '../../parts/page-head.tsx';
import { Scroll } from '../../parts/scroll.tsx';
import { tabClass } from '../../parts/tab.ts';

const ActivityChart = lazy(() => import('../../charts/activity-chart.tsx'));

export function Activity({ overview }: { readonly overview: HoneypotOverview }): ReactNode {
  if (overview.hours.length === 0) {
    return (
      <Section title="Activity">
        <Empty title="Nobody came in this time">
          Choose a longer period, or see whether the sensors are well.
        </Empty>
      </Section>
    );
  }
  return (
    <Tabs.Root defaultValue="chart">
      <Section
        title="Activity"
        actions={
          <Tabs.List aria-label="Activity as" className="flex gap-1">
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
            <ActivityChart overview={overview} />
          </Suspense>
        </Tabs.Content>
        <Tabs.Content value="table">
          <ServiceTable overview={overview} />
        </Tabs.Content>
        <p className="mt-1 text-[0.92rem] text-soft">
          Unit: events an hour, in UTC; the last hour is not over. Source: what all sensors delivered.
        </p>
      </Section>
    </Tabs.Root>
  );
}

function ServiceTable({ overview }: { readonly overview: HoneypotOverview }): ReactNode {
  return (
    <Scroll label="Events by service">
      <table className="grid-table">
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col" className="number">
              Events
            </th>
            <th scope="col" className="number">
              Busiest hour
            </th>
            <th scope="col" className="number">
              Last hour
            </th>
          </tr>
        </thead>
        <tbody>
          {overview.hours.map(({ service, events }) => (
            <tr key={service}>
              <th scope="row">{service}</th>
              <td className="number">{sum(events).toLocaleString('en-US')}</td>
              <td className="number">{Math.max(...events).toLocaleString('en-US')}</td>
              <td className="number">{(events.at(-1) ?? 0).toLocaleString('en-US')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
