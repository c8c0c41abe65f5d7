/** What was learned and blocked in the last day; every number leads to what it counts. */
import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Overview } from '../../../../src/api/overview.ts';
import { Section } from '../../parts/page-head.tsx';

export function LastDay({ day }: { readonly day: Overview['lastDay'] }): ReactNode {
  return (
    <Section title="Last 24 hours">
      <dl>
        <Line count={day.scanned} of="images scanned" to="/images" search={{ sort: 'scanned' }} />
        <Line
          count={day.malicious}
          of="found malicious"
          to="/images"
          search={{ verdict: 'malicious', sort: 'scanned' }}
        />
        <Line
          count={day.indicators}
          of="indicators learned"
          to="/settings/$section"
          params={{ section: 'indicators' }}
        />
        <Line
          count={day.retroHits}
          of="hits of retro-hunts"
          to="/settings/$section"
          params={{ section: 'retro-hunts' }}
        />
        <Line count={day.resolved} of="findings resolved" to="/findings" search={{ status: 'resolved' }} />
        <Line count={day.ignored} of="findings ignored" to="/findings" search={{ status: 'ignored' }} />
      </dl>
    </Section>
  );
}

interface LineProps extends Pick<LinkProps, 'to' | 'search' | 'params'> {
  readonly count: number;
  readonly of: string;
}

function Line({ count, of, ...target }: LineProps): ReactNode {
  return (
    <div className="flex flex-row-reverse justify-end gap-3 border-b border-line py-[0.3rem] last:border-0">
      <dt>{of}</dt>
      <dd className="w-16 text-right font-semibold tabular-nums">
        <Link {...target} className="link" aria-label={`${count.toLocaleString('en-US')} ${of}`}>
          {count.toLocaleString('en-US')}
        </Link>
      </dd>
    </div>
  );
}
