/** Notifications: who is told what, and whether the last message arrived. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Channel } from '../../../../src/api/upkeep.ts';
import { patch, post, remove } from '../../api.ts';
import { Button } from '../../parts/button.tsx';
import type { Column } from '../../parts/columns.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { FormError } from '../../parts/field.tsx';
import { Listed } from '../../parts/listed.tsx';
import { SeverityMark } from '../../parts/marks.tsx';
import { Empty } from '../../parts/notice.tsx';
import { Section, useTitle } from '../../parts/page-head.tsx';
import { Quoted } from '../../parts/quoted.tsx';
import { Ago, durationWords } from '../../parts/time.tsx';
import { refresh } from '../../queries.ts';
import { EditRule } from './channel-rule.tsx';
import { NewChannel } from './new-channel.tsx';

export default function Channels(): ReactNode {
  useTitle('Notifications');
  return (
    <Section title="Notifications" actions={<NewChannel />}>
      <Listed<Channel> name="channels" path="/channels" what="the channels">
        {(rows, more) => (
          <DataTable
            name="channels"
            caption="channels"
            noun="channel"
            columns={columns}
            rows={rows}
            keyOf={(row) => row.id}
            more={more}
            empty={
              <Empty title="Nobody is told">
                Add a channel: a webhook, a Slack channel, mail or syslog. Its rule says what it is told.
              </Empty>
            }
          />
        )}
      </Listed>
    </Section>
  );
}

const columns: readonly Column<Channel>[] = [
  { id: 'name', header: 'Name', value: (row) => row.name, cell: (row) => <Quoted text={row.name} /> },
  { id: 'kind', header: 'Kind', value: (row) => row.kind },
  {
    id: 'target',
    header: 'To',
    value: (row) => row.target,
    cell: (row) => <Quoted text={row.target} className="[overflow-wrap:anywhere]" />,
  },
  { id: 'rule', header: 'Is told', value: (row) => ruleWords(row), cell: rule, className: 'min-w-[14rem]' },
  { id: 'last', header: 'Last delivery', value: (row) => row.lastDelivery?.at, cell: lastDelivery },
  { id: 'state', header: 'State', value: (row) => (row.disabled ? 'off' : 'on') },
  { id: 'actions', header: '', cell: (row) => <Actions row={row} /> },
];

function ruleWords({ rule: { severity, categories, artifacts, digestMinutes } }: Channel): string {
  return [
    `${severity} or more`,
    categories.length === 0 ? 'all categories' : categories.join(', '),
    artifacts.length === 0 ? 'all images' : artifacts.join(', '),
    digestMinutes === 0 ? 'at once' : `every ${durationWords(digestMinutes * 60)}`,
  ].join('; ');
}

function rule(row: Channel): ReactNode {
  const [, ...rest] = ruleWords(row).split('; ');
  return (
    <>
      <SeverityMark severity={row.rule.severity} /> or more
      <br />
      <Quoted text={rest.join('; ')} className="text-soft [overflow-wrap:anywhere]" />
    </>
  );
}

function lastDelivery({ lastDelivery: last }: Channel): ReactNode {
  if (last === undefined) return <span className="text-soft">none yet</span>;
  return (
    <>
      <span className={last.ok ? 'text-good' : 'font-semibold text-critical'}>
        <span aria-hidden="true">{last.ok ? '✓ ' : '▲ '}</span>
        {last.ok ? 'arrived' : 'failed'}
      </span>{' '}
      <Ago time={last.at} />
      {!last.ok && (
        <>
          <br />
          <Quoted text={last.detail} className="text-soft" />
        </>
      )}
    </>
  );
}

function Actions({ row }: { readonly row: Channel }): ReactNode {
  const client = useQueryClient();
  const toggle = useMutation({
    mutationFn: () => patch<Channel>(`/channels/${row.id}`, { disabled: !row.disabled }),
    onSettled: () => refresh(client, 'channels'),
  });
  const erase = async () => {
    await remove(`/channels/${row.id}`);
    void refresh(client, 'channels', 'overview');
  };
  return (
    <div className="flex flex-wrap justify-end gap-y-2.5">
      <Test row={row} />
      <EditRule channel={row} />
      <FormError error={toggle.error} />
      <Button
        kind="quiet"
        busy={toggle.isPending}
        onClick={() => toggle.mutate()}
        aria-label={`Turn ${row.disabled ? 'on' : 'off'}: ${row.name}`}
      >
        Turn {row.disabled ? 'on' : 'off'}
      </Button>
      <Confirm label="Delete" subject={row.name} title="Delete this channel?" run={erase}>
        <Quoted text={row.name} /> is told nothing any more. Its secret is forgotten.
      </Confirm>
    </div>
  );
}

function Test({ row }: { readonly row: Channel }): ReactNode {
  const client = useQueryClient();
  const test = useMutation({
    mutationFn: () => post<{ readonly ok: boolean; readonly detail: string }>(`/channels/${row.id}/test`),
    onSettled: () => refresh(client, 'channels'),
  });
  const failed = test.isError || test.data?.ok === false;
  return (
    <>
      <span role="status" className={`self-center ${failed ? 'text-critical' : 'text-good'}`}>
        {test.isSuccess && <Quoted text={`${test.data.ok ? 'sent' : 'not sent'}: ${test.data.detail}`} />}
        {test.isError && test.error.message}
      </span>
      <Button
        kind="quiet"
        busy={test.isPending}
        onClick={() => test.mutate()}
        aria-label={`Test: ${row.name}`}
      >
        Test
      </Button>
    </>
  );
}
