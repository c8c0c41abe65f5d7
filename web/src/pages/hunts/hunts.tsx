/** All hunts, the running ones live. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Hunt } from '../../../../src/api/hunts.ts';
import type { Column } from '../../parts/columns.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Listed } from '../../parts/listed.tsx';
import { Empty } from '../../parts/notice.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Quoted } from '../../parts/quoted.tsx';
import { Ago, durationWords } from '../../parts/time.tsx';
import { HuntState } from './hunt-state.tsx';
import { NewHunt } from './new-hunt.tsx';
import { HuntBar, paceWords } from './progress.tsx';

export function HuntsPage(): ReactNode {
  return (
    <>
      <PageHead title="Hunts" about="What has been looked at, source by source." actions={<NewHunt />} />
      <Listed<Hunt> name="hunts" path="/hunts" what="the hunts">
        {(rows, more) => (
          <DataTable
            name="hunts"
            caption="hunts"
            noun="hunt"
            columns={columns}
            rows={rows}
            keyOf={(hunt) => hunt.id}
            more={more}
            empty={
              <Empty title="No hunt has run">
                Start one over a registry, an account of a hub or a list of images. Under Settings, Schedules,
                hunts repeat by themselves.
              </Empty>
            }
          />
        )}
      </Listed>
    </>
  );
}

const columns: readonly Column<Hunt>[] = [
  { id: 'id', header: 'Hunt', number: true, value: (hunt) => hunt.id, cell: idLink },
  {
    id: 'source',
    header: 'Source',
    value: (hunt) => hunt.source,
    cell: (hunt) => <Quoted text={hunt.source} className="[overflow-wrap:anywhere]" />,
    className: 'min-w-[19rem]',
  },
  { id: 'state', header: 'State', value: (hunt) => hunt.state, cell: state, className: 'min-w-[11rem]' },
  {
    id: 'started',
    header: 'Started',
    value: (hunt) => hunt.startedAt,
    cell: (hunt) => <Ago time={hunt.startedAt} />,
  },
  { id: 'by', header: 'By', value: (hunt) => hunt.startedBy, hidden: true },
  {
    id: 'duration',
    header: 'Took',
    value: (hunt) => (hunt.endedAt === undefined ? undefined : secondsOf(hunt)),
    cell: (hunt) => (hunt.endedAt === undefined ? '–' : durationWords(secondsOf(hunt))),
    number: true,
  },
  count('images', 'Images', (hunt) => hunt.result.images.total),
  count('malicious', 'Malicious', (hunt) => hunt.result.images.malicious),
  { ...count('suspicious', 'Suspicious', (hunt) => hunt.result.images.suspicious), hidden: true },
  count('categories', 'Category counts', (hunt) => hunt.result.categoryTotal),
  count('problems', 'Problems', (hunt) => hunt.problems.length + hunt.progress.failed),
];

function idLink(hunt: Hunt): ReactNode {
  return (
    <Link to="/hunts/$id" params={{ id: String(hunt.id) }} className="link">
      {hunt.id}
    </Link>
  );
}

function state(hunt: Hunt): ReactNode {
  if (hunt.state !== 'running') return <HuntState state={hunt.state} />;
  return (
    <div>
      <HuntState state={hunt.state} />
      <HuntBar hunt={hunt} />
      <span className="text-[0.86rem] text-soft">{paceWords(hunt)}</span>
    </div>
  );
}

function secondsOf(hunt: Hunt): number {
  return Math.round((Date.parse(hunt.endedAt ?? '') - Date.parse(hunt.startedAt)) / 1000);
}

function count(id: string, header: string, of: (hunt: Hunt) => number): Column<Hunt> {
  return { id, header, number: true, value: of, cell: (hunt) => of(hunt).toLocaleString('en-US') };
}
