/** The time that sums and lists are about; it goes along from section to section. */
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type HoneypotPeriod, honeypotPeriods } from '../../words.ts';

const route = getRouteApi('/shell/honeypots');

const hours: Readonly<Record<HoneypotPeriod, number>> = { '24h': 24, '7d': 168, '30d': 720 };
const words: Readonly<Record<HoneypotPeriod, string>> = {
  '24h': 'last 24 hours',
  '7d': 'last 7 days',
  '30d': 'last 30 days',
};
const hour = 3_600_000;

export function usePeriod(): HoneypotPeriod {
  return route.useSearch({ select: ({ period = '24h' }) => period });
}

/** Begin of the period's first hour, as the server has it; RFC 3339. */
export function beginOf(period: HoneypotPeriod, now = Date.now()): string {
  return new Date(now - (now % hour) - (hours[period] - 1) * hour).toISOString();
}

export function Periods(): ReactNode {
  const chosen = usePeriod();
  return (
    <nav aria-label="Period" className="flex flex-wrap gap-1">
      {honeypotPeriods.map((period) => (
        <Link
          key={period}
          to="."
          search={(before) => ({ ...before, period })}
          resetScroll={false}
          aria-current={period === chosen ? 'true' : undefined}
          className={`rounded-[3px] border px-2 py-0.5 ${period === chosen ? 'border-accent font-semibold' : 'border-edge/70 text-soft'}`}
        >
          {words[period]}
        </Link>
      ))}
    </nav>
  );
}
