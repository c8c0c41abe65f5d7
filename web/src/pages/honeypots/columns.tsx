/** Columns of sessions, on the page of all and beside one. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { SessionRow } from '../../../../src/api/events.ts';
import { severityRank } from '../../../../src/model/terms.ts';
import type { Column } from '../../parts/columns.tsx';
import { countryName } from '../../parts/country.ts';
import { SeverityMark } from '../../parts/marks.tsx';
import { Quoted } from '../../parts/quoted.tsx';
import { TechniqueWords } from '../../parts/technique.tsx';
import { Ago, durationWords } from '../../parts/time.tsx';

export const sessionColumns: readonly Column<SessionRow>[] = [
  {
    id: 'severity',
    header: 'Severity',
    value: (row) => row.severity,
    rank: (row) => severityRank(row.severity),
    cell: (row) => <SeverityMark severity={row.severity} />,
  },
  {
    id: 'source',
    header: 'Source',
    value: (row) => row.src,
    cell: source,
  },
  {
    id: 'services',
    header: 'Services',
    value: (row) => row.services.join(' → '),
    cell: (row) => <Services names={row.services} />,
    className: 'min-w-[9rem]',
  },
  {
    id: 'techniques',
    header: 'Techniques',
    value: (row) => row.techniques.join(' '),
    cell: techniques,
    className: 'min-w-[16rem]',
  },
  { id: 'events', header: 'Events', number: true, value: (row) => row.events },
  {
    id: 'duration',
    header: 'Duration',
    number: true,
    value: (row) => secondsOf(row),
    cell: (row) => durationWords(secondsOf(row)),
  },
  {
    id: 'sensor',
    header: 'Sensor',
    value: (row) => row.sensor,
    cell: (row) => <SensorName name={row.sensor} />,
  },
  { id: 'country', header: 'Country', value: (row) => countryName(row.country), hidden: true },
  { id: 'network', header: 'Network', value: (row) => row.asName ?? '', hidden: true },
  {
    id: 'last',
    header: 'Last seen',
    value: (row) => row.lastAt,
    cell: (row) => <Ago time={row.lastAt} />,
  },
];

function source(row: SessionRow): ReactNode {
  return (
    <Link to="/honeypots/sessions/$id" params={{ id: String(row.id) }} className="link tabular-nums">
      {row.src}
    </Link>
  );
}

interface ServicesProps {
  readonly names: readonly string[];
  /** Between them; by default they are in the order in which they were met. */
  readonly separator?: string;
}

export function Services({ names, separator = ' → ' }: ServicesProps): ReactNode {
  return (
    <span className="[overflow-wrap:anywhere]">
      {names.map((name, index) => (
        <span key={name}>
          {index > 0 && <span className="text-soft">{separator}</span>}
          <Quoted text={name} />
        </span>
      ))}
    </span>
  );
}

/** More are counted; the page of the session has all. */
const shownTechniques = 2;

function techniques({ techniques: all }: SessionRow): ReactNode {
  if (all.length === 0) return <span className="text-soft">–</span>;
  return (
    <span className="flex flex-wrap gap-1">
      {all.slice(0, shownTechniques).map((one) => (
        <Technique key={one} id={one} />
      ))}
      {all.length > shownTechniques && <span className="text-soft">+{all.length - shownTechniques}</span>}
    </span>
  );
}

/** Leads to all sessions with it. */
export function Technique({ id }: { readonly id: string }): ReactNode {
  return (
    <Link
      to="/honeypots/sessions"
      search={{ technique: id }}
      title={`All sessions with ${id}`}
      className="inline-block rounded-[2px] border border-current/50 px-1.5 py-0.5 text-[0.86rem] leading-snug text-soft"
    >
      <TechniqueWords id={id} />
    </Link>
  );
}

function secondsOf({ firstAt, lastAt }: SessionRow): number {
  return Math.max(0, Math.round((Date.parse(lastAt) - Date.parse(firstAt)) / 1000));
}

/** Characters of a name that stay on one line. */
const shortEnough = 20;

export function SensorName({ name }: { readonly name: string }): ReactNode {
  const shown = shortName(name);
  return (
    <Quoted
      text={shown}
      className={shown.length > shortEnough ? '[overflow-wrap:anywhere]' : 'whitespace-nowrap'}
    />
  );
}

/** A sensor that nobody named has a UUID. */
export function shortName(name: string): string {
  return /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(name) ? name.slice(0, 8) : name;
}
