/**
 * Lines of the feed about what visitors do. Who floods a decoy must not fill the feed, nor wake everybody: of each kind
 * there are so many in an hour, and then one that says so.
 */
import { sql, type Transaction } from 'kysely';
import type { ValueType } from '../honeypot/session/values.ts';
import { printable } from '../model/printable.ts';
import { type Severity, severities, severityRank } from '../model/terms.ts';
import { addActivities, type NewActivity } from './activity.ts';
import type { WrittenValue } from './event-values.ts';
import type { Tables } from './tables.ts';

/** Lines of one kind within an hour. */
const most = 20;

/** Rank from which on a session is told of. */
const loud = severityRank('high');

/** What is told of where it is seen for the first time. */
const severityOf: Readonly<Partial<Record<ValueType, Severity>>> = { image: 'medium', wallet: 'high' };

export interface Notable {
  readonly sessions: readonly {
    readonly id: number;
    readonly src: string;
    readonly services: readonly string[];
    /** Ranks, before the batch and now. */
    readonly before: number;
    readonly severity: number;
  }[];
  /** Seen for the first time. */
  readonly values: readonly WrittenValue[];
}

export async function tellNotable(tx: Transaction<Tables>, sensor: string, notable: Notable): Promise<void> {
  const sessions = notable.sessions.filter((one) => one.severity >= loud && one.before < loud);
  const values = notable.values.filter((one) => severityOf[one.type] !== undefined);
  if (sessions.length + values.length === 0) return;
  const place = printable(sensor, 100);
  const lines = [
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
      key: `honeypot.${type}/${digest}`,
    })),
  ];
  await addActivities(tx, await withinLimits(tx, lines));
}

function linkOf(session: number): string {
  return `/honeypots/sessions/${session}`;
}

async function withinLimits(tx: Transaction<Tables>, lines: readonly NewActivity[]): Promise<NewActivity[]> {
  const { rows } = await sql<{ type: string; lines: number }>`
    select type, count(*) as lines from activity
    where at > now() - interval '1 hour' and starts_with(type, 'honeypot.') group by type`.execute(tx);
  const counts = new Map(rows.map((one) => [one.type, one.lines]));
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
