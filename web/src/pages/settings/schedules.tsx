/** Schedules: hunts that repeat by themselves. */
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Schedule } from '../../../../src/api/hunts.ts';
import { post, remove } from '../../api.ts';
import type { Column } from '../../parts/columns.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { TextField, textOf } from '../../parts/field.tsx';
import { Listed } from '../../parts/listed.tsx';
import { NewItem } from '../../parts/new-item.tsx';
import { Empty } from '../../parts/notice.tsx';
import { Section, useTitle } from '../../parts/page-head.tsx';
import { Quoted } from '../../parts/quoted.tsx';
import { Ago } from '../../parts/time.tsx';
import { refresh, useMay } from '../../queries.ts';
import { HuntOptionFields, optionsOf } from '../hunts/option-fields.tsx';

export default function Schedules(): ReactNode {
  useTitle('Schedules');
  const admin = useMay('admin');
  return (
    <Section title="Schedules" actions={admin && <NewSchedule />}>
      <Listed<Schedule> name="schedules" path="/schedules" what="the schedules">
        {(rows, more) => (
          <DataTable
            name="schedules"
            caption="schedules"
            noun="schedule"
            columns={
              admin
                ? [...columns, { id: 'actions', header: '', cell: (row) => <Remove row={row} /> }]
                : columns
            }
            rows={rows}
            keyOf={(row) => row.id}
            more={more}
            empty={
              <Empty title="No schedules">
                Add one, and a source is hunted again and again: unchanged images cost little.
              </Empty>
            }
          />
        )}
      </Listed>
    </Section>
  );
}

const columns: readonly Column<Schedule>[] = [
  {
    id: 'source',
    header: 'Source',
    value: (row) => row.source,
    cell: (row) => <Quoted text={row.source} className="[overflow-wrap:anywhere]" />,
    className: 'min-w-[14rem]',
  },
  { id: 'cron', header: 'Cron (UTC)', value: (row) => row.cron, cell: (row) => <code>{row.cron}</code> },
  {
    id: 'next',
    header: 'Next',
    value: (row) => row.nextAt,
    cell: (row) => (row.nextAt === undefined ? '–' : <Ago time={row.nextAt} />),
  },
  { id: 'platform', header: 'Platform', value: (row) => row.options.platform },
  { id: 'limit', header: 'At most', number: true, value: (row) => row.options.limit },
  { id: 'by', header: 'By', value: (row) => row.createdBy },
];

function NewSchedule(): ReactNode {
  const client = useQueryClient();
  const create = async (form: FormData) => {
    await post<Schedule>('/schedules', { ...optionsOf(form), cron: textOf(form, 'cron') });
    void refresh(client, 'schedules', 'overview');
  };
  return (
    <NewItem label="Add a schedule" action="Add" create={create}>
      {(error) => (
        <>
          <HuntOptionFields error={error} />
          <TextField
            label="When"
            name="cron"
            required
            minLength={9}
            maxLength={100}
            defaultValue="0 3 * * *"
            hint="Cron with five fields, in UTC: minute, hour, day, month, weekday. 0 3 * * * is every night at three."
            error={error}
            spellCheck={false}
            className="font-mono"
          />
        </>
      )}
    </NewItem>
  );
}

function Remove({ row }: { readonly row: Schedule }): ReactNode {
  const client = useQueryClient();
  const run = async () => {
    await remove(`/schedules/${row.id}`);
    void refresh(client, 'schedules', 'overview');
  };
  return (
    <Confirm label="Delete" subject={row.source} title="Delete this schedule?" run={run}>
      <Quoted text={row.source} /> is not hunted by itself any more. Hunts that have run stay.
    </Confirm>
  );
}
