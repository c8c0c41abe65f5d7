/** Addresses that visitors came from, by what their sessions come to. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { SourceRow } from '../../../../src/api/events.ts';
import { severityRank } from '../../../../src/model/terms.ts';
import type { Column } from '../../parts/columns.tsx';
import { countryName } from '../../parts/country.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Listed } from '../../parts/listed.tsx';
import { LocationCredit } from '../../parts/location-credit.tsx';
import { SeverityMark } from '../../parts/marks.tsx';
import { Empty } from '../../parts/notice.tsx';
import { Quoted } from '../../parts/quoted.tsx';
import { Ago } from '../../parts/time.tsx';
import { Services } from './columns.tsx';
import { beginOf, Periods, usePeriod } from './period.tsx';
import { useHoneypots } from './queries.ts';

export function SourcesPage(): ReactNode {
  const period = usePeriod();
  useHoneypots(period);
  return (
    <Listed<SourceRow>
      name="sources"
      path="/sources"
      parameters={{ from: beginOf(period) }}
      what="the sources"
    >
      {(rows, more) => (
        <>
          <DataTable
            name="sources"
            caption="sources"
            noun="source"
            columns={columns}
            rows={rows}
            keyOf={(row) => row.src}
            more={more}
            filters={<Periods />}
            empty={
              <Empty title="Nobody came in this time">Choose a longer period, or look at the sensors.</Empty>
            }
          />
          <LocationCredit rows={rows} />
        </>
      )}
    </Listed>
  );
}

const columns: readonly Column<SourceRow>[] = [
  {
    id: 'source',
    header: 'Source',
    value: (row) => row.src,
    cell: ({ src }) => (
      <Link to="/honeypots/sessions" search={{ source: src }} className="link tabular-nums">
        {src}
      </Link>
    ),
  },
  {
    id: 'country',
    header: 'Country',
    value: (row) => countryName(row.country),
    cell: ({ country }) =>
      country === undefined ? <span className="text-soft">unknown</span> : countryName(country),
  },
  {
    id: 'network',
    header: 'Network',
    value: (row) => row.asName ?? '',
    cell: ({ asName }) =>
      asName === undefined ? <span className="text-soft">unknown</span> : <Quoted text={asName} />,
  },
  {
    id: 'severity',
    header: 'Severity',
    value: (row) => row.severity,
    rank: (row) => severityRank(row.severity),
    cell: (row) => <SeverityMark severity={row.severity} />,
  },
  {
    id: 'services',
    header: 'Services',
    value: (row) => row.services.join(' '),
    cell: (row) => <Services names={row.services} separator=", " />,
    className: 'min-w-[9rem]',
  },
  { id: 'sessions', header: 'Sessions', number: true, value: (row) => row.sessions },
  { id: 'events', header: 'Events', number: true, value: (row) => row.events },
  {
    id: 'first',
    header: 'First seen',
    value: (row) => row.firstAt,
    cell: (row) => <Ago time={row.firstAt} />,
    hidden: true,
  },
  {
    id: 'last',
    header: 'Last seen',
    value: (row) => row.lastAt,
    cell: (row) => <Ago time={row.lastAt} />,
  },
];
