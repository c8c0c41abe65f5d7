/** Honeypots: who is knocking? Sensors and their health, what came, and the sessions that it came in. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { HoneypotOverview } from '../../../../src/api/events.ts';
import { get } from '../../api.ts';
import { Empty, Loaded, Skeleton } from '../../parts/notice.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { honeypotPeriods } from '../../words.ts';
import { Activity } from './activity.tsx';
import { Sensors } from './sensors.tsx';
import { Sessions } from './sessions.tsx';
import { Tops } from './tops.tsx';

const route = getRouteApi('/shell/honeypots');

type Period = HoneypotOverview['period'];

const periodWords: Readonly<Record<Period, string>> = {
  '24h': 'last 24 hours',
  '7d': 'last 7 days',
  '30d': 'last 30 days',
};

function honeypotsQuery(period: Period) {
  return queryOptions({
    queryKey: ['honeypots', period],
    queryFn: ({ signal }) => get<HoneypotOverview>('/honeypots/overview', { period }, signal),
  });
}

export function HoneypotsPage(): ReactNode {
  const { period = '24h' } = route.useSearch();
  const query = useQuery(honeypotsQuery(period));
  return (
    <>
      <PageHead
        title="Honeypots"
        about="Who is knocking, with what, and what they left."
        actions={<Periods chosen={period} />}
      />
      <Loaded query={query} what="the honeypots" skeleton={<Skeleton what="the honeypots" lines={14} />}>
        {(overview) => <Content overview={overview} />}
      </Loaded>
    </>
  );
}

function Periods({ chosen }: { readonly chosen: Period }): ReactNode {
  return (
    <nav aria-label="Period" className="flex gap-1">
      {honeypotPeriods.map((period) => (
        <Link
          key={period}
          from="/honeypots"
          to="."
          search={(before) => ({ ...before, period })}
          aria-current={period === chosen ? 'true' : undefined}
          className={`rounded-[3px] border px-2 py-0.5 ${period === chosen ? 'border-accent font-semibold' : 'border-edge/70 text-soft'}`}
        >
          {periodWords[period]}
        </Link>
      ))}
    </nav>
  );
}

function Content({ overview }: { readonly overview: HoneypotOverview }): ReactNode {
  if (overview.sensors.length === 0) {
    return (
      <>
        <Empty title="No sensor has reported yet">
          <p>
            A sensor is a machine that runs decoys. Invite one under Sensors below, and start it with{' '}
            <code>waterguard honeypot --server … --token-file …</code>; without a server it records into the
            store of its own machine.
          </p>
        </Empty>
        <Sensors />
      </>
    );
  }
  return (
    <>
      <Sums overview={overview} />
      <div className="mt-5 grid gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1.85fr)_minmax(0,1fr)]">
        <Activity overview={overview} />
        <Tops overview={overview} />
      </div>
      <Sessions />
      <Sensors />
    </>
  );
}

function Sums({ overview }: { readonly overview: HoneypotOverview }): ReactNode {
  const sums = [
    ['sessions', overview.sessions],
    ['sources', overview.sources],
    ['events', overview.events],
    ['sensors', overview.sensors.length],
  ] as const;
  const unwell = overview.sensors.filter(({ health }) => health !== 'ok' && health !== 'revoked');
  return (
    <dl className="flex flex-wrap gap-x-10 gap-y-3">
      {sums.map(([name, count]) => (
        <div key={name}>
          <dt className="text-soft">{name}</dt>
          <dd className="text-[1.6rem] leading-tight font-semibold tabular-nums">
            {count.toLocaleString('en-US')}
          </dd>
        </div>
      ))}
      {unwell.length > 0 && (
        <div>
          <dt className="text-soft">not well</dt>
          <dd className="text-[1.6rem] leading-tight font-semibold text-high tabular-nums">
            <span aria-hidden="true">▲ </span>
            {unwell.length}
          </dd>
        </div>
      )}
    </dl>
  );
}
