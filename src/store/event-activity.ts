/**
 * Lines of the feed about what visitors do. Who floods a decoy must not fill the feed, nor wake everybody: of each kind
 * there are so many in an hour, and then one that says so.
 */
import { type Kysely, sql } from 'kysely';
import type { ValueType } from '../honeypot/session/values.ts';
import { printable } from '../model/printable.ts';
import { type Severity, severities, severityRank } from '../model/terms.ts';
import type { NewActivity } from './activity.ts';
import type { NewValue } from './event-values.ts';
import type { Tables } from './tables.ts';

/** Lines of one kind within an hour. */
const most = 20;

/** Rank from which on a session is told of. */
const loud = severityRank('high');

/** What is told of where it is seen for the first time. */
const severityOf: Readonly<Partial<Record<ValueType, Severity>>> = { image: 'medium', wallet: 'high' };

/** What one sensor saw. */
export interface Notable {
  /** Its name. */
  readonly sensor: string;
  readonly sessions: readonly {
    readonly id: number;
    readonly src: string;
    readonly services: readonly string[];
    /** Ranks, before the batch and now. */
    readonly before: number;
    readonly severity: number;
  }[];
  /** Seen for the first time, at all or by their sessions. */
  readonly values: readonly NewValue[];
}

/** Whether any of it might be told. */
export function isNotable({ sessions, values }: Notable): boolean {
  return sessions.some(becameLoud) || values.some((one) => severityOf[one.type] !== undefined);
}

function becameLoud({ before, severity }: Notable['sessions'][number]): boolean {
  return severity >= loud && before < loud;
}

/** What of it is told, as long as there are not too many lines of its kind. @param told by `toldLately` */
export function linesAbout(notable: readonly Notable[], told: ReadonlyMap<string, number>): NewActivity[] {
  return withinLimits(notable.flatMap(linesOf), told);
}

function linesOf({ sensor, ...notable }: Notable): NewActivity[] {
  const sessions = notable.sessions.filter(becameLoud);
  const values = notable.values.filter((one) => severityOf[one.type] !== undefined);
  const place = printable(sensor, 100);
  return [
    ...sessions.map(({ id, src, services, severity }) => ({
      type: 'honeypot.session',
      severity: severities[severity]!,
      text: `${src} attacks ${place}: ${services.join(', ')}`,
      link: linkOf(id),
      key: `honeypot.session/${id}`,
    })),
    ...values.map(({ type, value, digest, session }) => ({
      type: `honeypot.${type}`,
      severity: severityOf[type]!,
      text: `New ${type} at ${place}: ${printable(value, 150)}`,
      link: linkOf(session),
      key: `honeypot.${type}/${Buffer.from(digest, 'latin1').toString('hex')}`,
    })),
  ];
}

function linkOf(session: number): string {
  return `/honeypots/sessions/${session}`;
}

/** Lines of each kind within the last hour. */
export async function toldLately(db: Kysely<Tables>): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ type: string; lines: number }>`
    select type, count(*) as lines from activity
    where at > now() - interval '1 hour' and starts_with(type, 'honeypot.') group by type`.execute(db);
  return new Map(rows.map((one) => [one.type, one.lines]));
}

function withinLimits(lines: readonly NewActivity[], told: ReadonlyMap<string, number>): NewActivity[] {
  const counts = new Map(told);
  const kept: NewActivity[] = [];
  for (const one of lines) {
    const count = (counts.get(one.type) ?? 0) + 1;
    counts.set(one.type, count);
    if (count <= most) kept.push(one);
    else if (count === most + 1) kept.push(more(one));
  }
  return kept;
}

/** Counts as one of its kind, so that it is there once in an hour. */
function more({ type, severity }: NewActivity): NewActivity {
  const hour = new Date().toISOString().slice(0, 13);
  return {
    type,
    severity,
    text: `More than ${most} of that within an hour: the rest is not told here`,
    link: '/honeypots',
    key: `${type}/more/${hour}`,
  };
}
