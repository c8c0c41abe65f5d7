/** Retro-hunts: what was seen before, searched again for a new indicator or with new rules. */
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RetroHunt } from '../../../../src/api/intel.ts';
import { post } from '../../api.ts';
import type { Column } from '../../parts/columns.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Listed } from '../../parts/listed.tsx';
import { Empty } from '../../parts/notice.tsx';
import { Section, useTitle } from '../../parts/page-head.tsx';
import { Digest, Mono } from '../../parts/quoted.tsx';
import { Ago, durationWords } from '../../parts/time.tsx';
import { refresh, useMay } from '../../queries.ts';

export default function RetroHunts(): ReactNode {
  useTitle('Retro-hunts');
  const client = useQueryClient();
  const mayHunt = useMay('hunt');
  const start = async () => {
    await post('/retro-hunts', { kind: 'rules' });
    void refresh(client, 'retro-hunts');
  };
  return (
    <Section
      title="Retro-hunts"
      actions={
        mayHunt && (
          <Confirm
            label="Search with the rules of today"
            subject="all images"
            title="Search everything with the rules of today?"
            action="Search"
            kind="plain"
            run={start}
          >
            Images are scanned again in which new or changed rules could find something. That takes as long as
            their download.
          </Confirm>
        )
      }
    >
      <Listed<RetroHunt> name="retro-hunts" path="/retro-hunts" what="the retro-hunts">
        {(rows, more) => (
          <DataTable
            name="retro-hunts"
            caption="retro-hunts"
            noun="retro-hunt"
            columns={columns}
            rows={rows}
            keyOf={(row) => row.id}
            more={more}
            empty={
              <Empty title="No retro-hunt has run">
                One runs whenever an indicator is added, or rules are new.
              </Empty>
            }
          />
        )}
      </Listed>
    </Section>
  );
}

const columns: readonly Column<RetroHunt>[] = [
  { id: 'kind', header: 'For', value: (row) => row.kind },
  {
    id: 'subject',
    header: 'Subject',
    value: (row) => row.subject,
    cell: subject,
    className: 'min-w-[14rem]',
  },
  { id: 'state', header: 'State', value: (row) => row.state },
  { id: 'hits', header: 'Hits', number: true, value: (row) => row.hits, cell: hits },
  { id: 'rescanned', header: 'Images scanned again', number: true, value: (row) => row.rescanned },
  {
    id: 'started',
    header: 'Started',
    value: (row) => row.startedAt,
    cell: (row) => <Ago time={row.startedAt} />,
  },
  {
    id: 'duration',
    header: 'Took',
    number: true,
    value: (row) => row.durationMs,
    cell: (row) =>
      row.durationMs < 1000 ? `${Math.round(row.durationMs)} ms` : durationWords(row.durationMs / 1000),
  },
];

function subject(row: RetroHunt): ReactNode {
  return row.kind === 'rules' ? <Digest digest={row.subject} /> : <Mono text={row.subject} />;
}

function hits(row: RetroHunt): ReactNode {
  if (row.kind === 'rules') return row.hits.toLocaleString('en-US');
  return (
    <Link to="/sightings" search={{ value: row.subject }} className="link" aria-label={`${row.hits} hits`}>
      {row.hits.toLocaleString('en-US')}
    </Link>
  );
}
