/** Jobs: what waits, what runs, and the dead letters, which failed for good and wait for a person. */
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Job, QueueCounts } from '../../../../src/api/upkeep.ts';
import { get, post } from '../../api.ts';
import { Button } from '../../parts/button.tsx';
import { Choice } from '../../parts/choice.tsx';
import type { Column } from '../../parts/columns.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { FormError } from '../../parts/field.tsx';
import { Listed } from '../../parts/listed.tsx';
import { Empty, Loaded, Skeleton } from '../../parts/notice.tsx';
import { Section, useTitle } from '../../parts/page-head.tsx';
import { Mono, Quoted } from '../../parts/quoted.tsx';
import { Ago } from '../../parts/time.tsx';
import { refresh, useMay } from '../../queries.ts';
import { jobStates } from '../../words.ts';
import { Queues } from './queues.tsx';

const queuesQuery = queryOptions({
  queryKey: ['queues'],
  queryFn: ({ signal }) => get<{ readonly items: readonly QueueCounts[] }>('/queues', {}, signal),
  refetchInterval: 10_000,
});

const route = getRouteApi('/shell/settings/$section');

export default function Jobs(): ReactNode {
  useTitle('Jobs');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const mayHunt = useMay('hunt');
  const queues = useQuery(queuesQuery);
  const names = queues.data?.items.map(({ queue }) => queue) ?? [];
  return (
    <div className="space-y-6">
      <Section title="Queues">
        <Loaded query={queues} what="the queues" skeleton={<Skeleton what="the queues" lines={4} />}>
          {({ items }) => <Queues queues={items} />}
        </Loaded>
      </Section>
      <Section
        title="Jobs"
        actions={
          <Link to="." search={{ state: 'failed' }} className="link">
            dead letters
          </Link>
        }
      >
        <Listed<Job>
          name="jobs"
          path="/jobs"
          parameters={{ state: search.state, queue: search.queue }}
          what="the jobs"
        >
          {(rows, more) => (
            <DataTable
              name="jobs"
              caption="jobs"
              noun="job"
              columns={
                mayHunt
                  ? [...columns, { id: 'actions', header: '', cell: (job) => <Actions job={job} /> }]
                  : columns
              }
              rows={rows}
              keyOf={(job) => job.id}
              more={more}
              filters={
                <>
                  <Choice
                    label="State"
                    any="Any state"
                    value={search.state}
                    options={jobStates}
                    onChange={(state) => void navigate({ search: { ...search, state }, replace: true })}
                  />
                  <Choice
                    label="Queue"
                    any="Any queue"
                    value={search.queue}
                    options={names}
                    onChange={(queue) => void navigate({ search: { ...search, queue }, replace: true })}
                  />
                </>
              }
              empty={
                <Empty title={search.state === 'failed' ? 'No dead letters' : 'No jobs'}>
                  {search.state === 'failed'
                    ? 'Everything that was begun was finished, or is tried again.'
                    : 'Scans, hunts and notifications wait here for their turn.'}
                </Empty>
              }
            />
          )}
        </Listed>
      </Section>
    </div>
  );
}

const columns: readonly Column<Job>[] = [
  { id: 'state', header: 'State', value: (job) => job.state, cell: state },
  { id: 'queue', header: 'Queue', value: (job) => job.queue },
  {
    id: 'subject',
    header: 'Subject',
    value: (job) => job.subject,
    cell: (job) => <Mono text={job.subject} />,
    className: 'min-w-[14rem]',
  },
  { id: 'tries', header: 'Tries', number: true, value: (job) => job.tries },
  {
    id: 'problem',
    header: 'Problem',
    value: (job) => job.problem,
    cell: (job) =>
      job.problem !== undefined && <Quoted text={job.problem} className="[overflow-wrap:anywhere]" />,
    className: 'min-w-[12rem]',
  },
  {
    id: 'created',
    header: 'Created',
    value: (job) => job.createdAt,
    cell: (job) => <Ago time={job.createdAt} />,
  },
  {
    id: 'started',
    header: 'Started',
    value: (job) => job.startedAt,
    cell: (job) => job.startedAt !== undefined && <Ago time={job.startedAt} />,
    hidden: true,
  },
  {
    id: 'ended',
    header: 'Ended',
    value: (job) => job.endedAt,
    cell: (job) => job.endedAt !== undefined && <Ago time={job.endedAt} />,
    hidden: true,
  },
  { id: 'id', header: 'Id', value: (job) => job.id, cell: (job) => <code>{job.id}</code>, hidden: true },
];

function state({ state: now }: Job): ReactNode {
  if (now !== 'failed') return now;
  return (
    <span className="font-semibold whitespace-nowrap text-critical">
      <span aria-hidden="true">▲ </span>
      failed
    </span>
  );
}

function Actions({ job }: { readonly job: Job }): ReactNode {
  const client = useQueryClient();
  const act = useMutation({
    mutationFn: (action: 'retry' | 'cancel') => post<Job>(`/jobs/${job.id}/${action}`),
    onSuccess: () => refresh(client, 'jobs', 'queues'),
  });
  return (
    <span className="flex justify-end">
      <FormError error={act.error} />
      {job.state === 'failed' && (
        <Button
          kind="quiet"
          busy={act.isPending}
          onClick={() => act.mutate('retry')}
          aria-label={`Retry: ${job.subject}`}
        >
          Retry
        </Button>
      )}
      {(job.state === 'waiting' || job.state === 'retry' || job.state === 'active') && (
        <Button
          kind="quiet"
          busy={act.isPending}
          onClick={() => act.mutate('cancel')}
          aria-label={`Cancel: ${job.subject}`}
        >
          Cancel
        </Button>
      )}
    </span>
  );
}
