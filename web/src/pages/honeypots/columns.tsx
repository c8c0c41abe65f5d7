/** Columns of sessions, on the page of all and beside one. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { SessionRow } from '../../../../src/api/events.ts';
import { severityRank } from '../../../../src/model/terms.ts';
import type { Column } from '../../parts/columns.tsx';
import { SeverityMark, Tag } from '../../parts/marks.tsx';
import { Quoted } from '../../parts/quoted.tsx';
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
    className: 'min-w-[11rem]',
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
    cell: (row) => <Quoted text={shortName(row.sensor)} />,
  },
  { id: 'country', header: 'Country', value: (row) => row.country ?? '', hidden: true },
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

export function Services({ names }: { readonly names: readonly string[] }): ReactNode {
  return (
    <span className="[overflow-wrap:anywhere]">
      {names.map((name, index) => (
        <span key={name}>
          {index > 0 && <span className="text-soft"> → </span>}
          <Quoted text={name} />
        </span>
      ))}
    </span>
  );
}

/** More are counted; the page of the session has all. */
const shownTechniques = 4;

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

export function Technique({ id }: { readonly id: string }): ReactNode {
  return (
    <Link to="/honeypots" search={{ technique: id }} title={`All sessions with ${id}`}>
      <Tag>{id}</Tag>
    </Link>
  );
}

function secondsOf({ firstAt, lastAt }: SessionRow): number {
  return Math.max(0, Math.round((Date.parse(lastAt) - Date.parse(firstAt)) / 1000));
}

/** A sensor that nobody named has a UUID. */
export function shortName(name: string): string {
  return /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(name) ? name.slice(0, 8) : name;
}
