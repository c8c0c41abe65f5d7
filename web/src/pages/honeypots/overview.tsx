/** What came in a time, from where, and the sensors that saw it. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { HoneypotOverview, SessionRow } from '../../../../src/api/events.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Listed } from '../../parts/listed.tsx';
import { Tag } from '../../parts/marks.tsx';
import { Empty, Loaded, Skeleton } from '../../parts/notice.tsx';
import { Section } from '../../parts/page-head.tsx';
import { Activity } from './activity.tsx';
import { SensorName, sessionColumns } from './columns.tsx';
import { Countries } from './countries.tsx';
import { healthTones } from './health.ts';
import { NoSensor } from './no-sensor.tsx';
import { Periods, usePeriod } from './period.tsx';
import { useHoneypots } from './queries.ts';
import { isSample, SampleNote } from './sample-note.tsx';
import { Tops } from './tops.tsx';

export function HoneypotOverviewPage(): ReactNode {
  const query = useHoneypots(usePeriod());
  return (
    <Loaded query={query} what="the honeypots" skeleton={<Skeleton what="the honeypots" lines={14} />}>
      {(overview) => (overview.sensors.length === 0 ? <NoSensor /> : <Content overview={overview} />)}
    </Loaded>
  );
}

function Content({ overview }: { readonly overview: HoneypotOverview }): ReactNode {
  return (
    <div className="space-y-6">
      <div>
        <SampleNote sensors={overview.sensors} />
        <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-3">
          <Sums overview={overview} />
          <Periods />
        </div>
      </div>
      <div className="grid gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1.85fr)_minmax(0,1fr)]">
        <Activity overview={overview} />
        <SensorHealth sensors={overview.sensors} />
      </div>
      <Countries
        countries={overview.countries}
        isMadeUp={overview.sensors.every(({ name }) => isSample(name))}
      />
      <Tops overview={overview} />
      <LatestSessions />
    </div>
  );
}

function Sums({ overview }: { readonly overview: HoneypotOverview }): ReactNode {
  const sums = [
    ['sessions', overview.sessions],
    ['sources', overview.sources],
    ['events', overview.events],
  ] as const;
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
    </dl>
  );
}

/** So many are listed; those that are not well come first. */
const mostSensors = 8;

function SensorHealth({ sensors }: { readonly sensors: HoneypotOverview['sensors'] }): ReactNode {
  const isWell = ({ health }: (typeof sensors)[number]) => health === 'ok' || health === 'revoked';
  const inOrder = sensors.toSorted((one, other) => Number(isWell(one)) - Number(isWell(other)));
  return (
    <Section
      title="Sensors"
      actions={
        <Link to="/honeypots/sensors" className="link">
          all {sensors.length.toLocaleString('en-US')}
        </Link>
      }
    >
      <ul>
        {inOrder.slice(0, mostSensors).map(({ id, name, health }) => (
          <li key={id} className="flex justify-between gap-x-4 border-b border-line py-1 last:border-0">
            <Link to="/honeypots/sessions" search={{ sensor: name }} className="link min-w-0">
              <SensorName name={name} />
            </Link>
            <Tag tone={healthTones[health]}>{health}</Tag>
          </li>
        ))}
      </ul>
    </Section>
  );
}

const latest = 10;

function LatestSessions(): ReactNode {
  return (
    <Section
      title="Latest sessions"
      actions={
        <Link to="/honeypots/sessions" className="link">
          all sessions
        </Link>
      }
    >
      <Listed<SessionRow> name="sessions" path="/sessions" parameters={{ limit: latest }} what="the sessions">
        {(rows) => (
          <DataTable
            name="latest-sessions"
            caption="latest sessions"
            noun="session"
            columns={sessionColumns}
            rows={rows}
            keyOf={(row) => row.id}
            plain
            empty={
              <Empty title="Nobody came yet">
                A decoy on a public address is found within hours. On loopback, try it with a client of your
                own.
              </Empty>
            }
          />
        )}
      </Listed>
    </Section>
  );
}
