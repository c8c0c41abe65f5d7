/** Overview: are we safe, and what changed? */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Overview } from '../../../../src/api/overview.ts';
import { verdicts } from '../../../../src/model/terms.ts';
import { VerdictMark } from '../../parts/marks.tsx';
import { Empty, Loaded, Skeleton } from '../../parts/notice.tsx';
import { PageHead, Section } from '../../parts/page-head.tsx';
import { shareWords } from '../../parts/share.ts';
import { overviewQuery, useMay } from '../../queries.ts';
import { Defence } from './defence.tsx';
import { Feed } from './feed.tsx';
import { LastDay } from './last-day.tsx';
import { OpenFindings } from './open-findings.tsx';
import { RunningHunts } from './running-hunts.tsx';
import { Trend } from './trend.tsx';

export function OverviewPage(): ReactNode {
  const query = useQuery(overviewQuery);
  return (
    <>
      <PageHead title="Overview" about="Are we safe, and what changed?" />
      <Loaded query={query} what="the overview" skeleton={<Skeleton what="the overview" lines={14} />}>
        {(overview) => <Content overview={overview} />}
      </Loaded>
    </>
  );
}

function Content({ overview }: { readonly overview: Overview }): ReactNode {
  return (
    <div className="grid gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1.85fr)_minmax(0,1fr)]">
      <div className="min-w-0 space-y-6">
        {overview.images.total === 0 ? <NothingYet /> : <Verdicts images={overview.images} />}
        <Defence defence={overview.defence} />
        <OpenFindings rows={overview.openFindings} />
        <Trend points={overview.trend} />
      </div>
      <div className="min-w-0 space-y-6">
        <LastDay day={overview.lastDay} />
        <RunningHunts hunts={overview.hunts} />
        <Feed activity={overview.activity} />
      </div>
    </div>
  );
}

function Verdicts({ images }: { readonly images: Overview['images'] }): ReactNode {
  return (
    <Section
      title="Images"
      actions={
        <Link to="/images" className="link">
          all {images.total.toLocaleString('en-US')}
        </Link>
      }
    >
      <ul className="grid grid-cols-2 gap-x-4 gap-y-3 pt-1 sm:grid-cols-5">
        {verdicts.map((verdict) => {
          const count = images.byVerdict[verdict] ?? 0;
          return (
            <li key={verdict}>
              <Link to="/images" search={{ verdict }} className="block rounded-[3px] hover:bg-panel">
                <VerdictMark verdict={verdict} />
                <span className="mt-1 block text-[1.6rem] leading-tight font-semibold tabular-nums">
                  {count.toLocaleString('en-US')}
                </span>
                <span className="text-soft tabular-nums">{shareWords(count, images.total)}</span>
              </Link>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

function NothingYet(): ReactNode {
  const mayHunt = useMay('hunt');
  return (
    <Empty title="No image has been looked at yet">
      {mayHunt ? (
        <>
          <Link to="/hunts" className="link">
            Start a hunt
          </Link>{' '}
          over a registry, an account of a hub or a list of images, or let your pipeline deliver its reports
          with a token (Settings, Tokens).
        </>
      ) : (
        'An analyst starts a hunt over a registry, or a pipeline delivers its reports.'
      )}
    </Empty>
  );
}
