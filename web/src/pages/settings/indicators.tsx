/** Indicators: values that mark an image as bad, wherever they are seen from then on, and were seen before. */
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { IndicatorRow } from '../../../../src/api/intel.ts';
import { post, remove } from '../../api.ts';
import type { Column } from '../../parts/columns.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Listed } from '../../parts/listed.tsx';
import { Empty } from '../../parts/notice.tsx';
import { Section, useTitle } from '../../parts/page-head.tsx';
import { Mono, Quoted } from '../../parts/quoted.tsx';
import { Ago } from '../../parts/time.tsx';
import { refresh, useMay } from '../../queries.ts';
import { NewIndicator } from './new-indicator.tsx';

export default function Indicators(): ReactNode {
  useTitle('Indicators');
  const mayLearn = useMay('learn');
  return (
    <Section title="Indicators" actions={mayLearn && <NewIndicator />}>
      <Listed<IndicatorRow> name="indicators" path="/indicators" what="the indicators">
        {(rows, more) => (
          <DataTable
            name="indicators"
            caption="indicators"
            noun="indicator"
            columns={mayLearn ? [...columns, { id: 'actions', header: '', cell: actions }] : columns}
            rows={rows}
            keyOf={(row) => row.id}
            more={more}
            empty={
              <Empty title="No indicators yet">
                Add a wallet, pool, domain, address, URL, file hash or key. What was seen before is searched
                at once.
              </Empty>
            }
          />
        )}
      </Listed>
    </Section>
  );
}

const columns: readonly Column<IndicatorRow>[] = [
  { id: 'type', header: 'Type', value: (row) => row.type },
  {
    id: 'value',
    header: 'Value',
    value: (row) => row.value,
    cell: (row) => <Mono text={row.value} className={row.withdrawnAt === undefined ? '' : 'line-through'} />,
    className: 'min-w-[16rem]',
  },
  { id: 'category', header: 'Category', value: (row) => row.category },
  {
    id: 'images',
    header: 'Images',
    number: true,
    value: (row) => row.images,
    cell: (row) => (
      <Link
        to="/sightings"
        search={{ value: row.value }}
        className="link"
        aria-label={`${row.images} images have it`}
      >
        {row.images.toLocaleString('en-US')}
      </Link>
    ),
  },
  { id: 'source', header: 'Source', value: (row) => row.source, cell: (row) => <Quoted text={row.source} /> },
  {
    id: 'note',
    header: 'Note',
    value: (row) => row.note,
    cell: (row) => <Quoted text={row.note} className="[overflow-wrap:anywhere]" />,
  },
  { id: 'added', header: 'Added', value: (row) => row.addedAt, cell: added },
  { id: 'by', header: 'By', value: (row) => row.addedBy, hidden: true },
];

function added(row: IndicatorRow): ReactNode {
  return row.withdrawnAt === undefined ? (
    <Ago time={row.addedAt} />
  ) : (
    <span className="text-soft">
      withdrawn <Ago time={row.withdrawnAt} />
    </span>
  );
}

function actions(row: IndicatorRow): ReactNode {
  return row.withdrawnAt === undefined && <Actions row={row} />;
}

function Actions({ row }: { readonly row: IndicatorRow }): ReactNode {
  const client = useQueryClient();
  const again = async () => {
    await post('/retro-hunts', { kind: 'indicator', indicator: row.id });
    void refresh(client, 'retro-hunts', 'indicators');
  };
  const withdraw = async () => {
    await remove(`/indicators/${row.id}`);
    void refresh(client, 'indicators');
  };
  return (
    <span className="flex justify-end">
      <Confirm label="Search again" subject={row.value} title="Search for this indicator again?" run={again}>
        Everything seen before is searched for <Mono text={row.value} />. The result is under Retro-hunts.
      </Confirm>
      <Confirm label="Withdraw" subject={row.value} title="Withdraw this indicator?" run={withdraw}>
        Images no longer count as bad because of <Mono text={row.value} />. It stays listed as withdrawn.
      </Confirm>
    </span>
  );
}
