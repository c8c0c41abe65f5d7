/** What the first page of the honeypots shows: from sums and sessions, never from events. */
import { type Kysely, sql } from 'kysely';
import { type HoneypotOverview, periods } from '../api/events.ts';
import { valueNumber } from './event-values.ts';
import { listSensors } from './sensors.ts';
import { credentialOf } from './sessions.ts';
import { listSources } from './sources.ts';
import type { Tables } from './tables.ts';

const hour = 3_600_000;

/** Of each list. */
const most = 10;

/**
 * Techniques and values are summed by day: all of the day counts in which the period begins.
 * @param open credentials are shown as they are
 */
export async function readHoneypotOverview(
  db: Kysely<Tables>,
  period: HoneypotOverview['period'],
  open: boolean,
  now = Date.now(),
): Promise<HoneypotOverview> {
  const length = periods[period];
  const from = new Date(now - (now % hour) - (length - 1) * hour);
  const hours = await hoursOf(db, from, length);
  const sources = await listSources(db, { days: length / 24, from: from.toISOString(), limit: most });
  const { rows: counts } = await sql<{ sessions: number; sources: number }>`
    select count(*) as sessions, count(distinct src) as sources from honeypot_sessions where first_at >= ${from}`.execute(
    db,
  );
  const credentials = await topValues(db, 'credential', from);
  const images = await topValues(db, 'image', from);
  const sensors = await listSensors(db, new Date(now));
  return {
    period,
    from: from.toISOString(),
    events: hours.reduce((sum, one) => sum + one.events.reduce((all, events) => all + events, 0), 0),
    ...counts[0]!,
    hours,
    topSources: sources.items.map(({ services: _, ...one }) => one),
    countries: await countriesOf(db, from),
    topTechniques: await topTechniques(db, from),
    topCredentials: credentials.map(({ value, sessions }) => ({ ...credentialOf(value, open), sessions })),
    topImages: images.map(({ value, sessions }) => ({ image: value, sessions })),
    sensors: sensors.map(({ id, name, health }) => ({ id, name, health })),
  };
}

async function hoursOf(db: Kysely<Tables>, from: Date, length: number): Promise<HoneypotOverview['hours']> {
  const { rows } = await sql<{ service: string; at: Date; events: number }>`
    select split_part(name, '.', 1) as service, hour as at, sum(events)::bigint as events
    from event_hours join event_types on event_types.id = type
    where hour >= ${from} and hour < ${new Date(from.getTime() + length * hour)}
      and split_part(name, '.', 1) not in ('sensor', 'spool', 'decoy')
    group by 1, 2 order by 1, 2`.execute(db);
  return [...Map.groupBy(rows, (one) => one.service)].map(([service, some]) => {
    const events = new Array<number>(length).fill(0);
    for (const one of some) events[(one.at.getTime() - from.getTime()) / hour] = one.events;
    return { service, events };
  });
}

async function countriesOf(db: Kysely<Tables>, from: Date): Promise<HoneypotOverview['countries']> {
  const { rows } = await sql<HoneypotOverview['countries'][number] & { readonly country: string | null }>`
    select src_country as country, count(distinct src) as sources, count(*) as sessions, sum(events)::bigint as events
    from honeypot_sessions where first_at >= ${from} group by 1 order by 2 desc, 3 desc, 1`.execute(db);
  return rows.map(({ country, ...sums }) => ({ ...(country !== null && { country }), ...sums }));
}

async function topTechniques(db: Kysely<Tables>, from: Date): Promise<HoneypotOverview['topTechniques']> {
  const { rows } = await sql<{ technique: string; events: number }>`
    select technique, sum(events)::bigint as events from technique_days
    where day >= (${from}::timestamptz at time zone 'UTC')::date
    group by technique order by 2 desc, 1 limit ${most}`.execute(db);
  return rows;
}

async function topValues(
  db: Kysely<Tables>,
  type: 'credential' | 'image',
  from: Date,
): Promise<readonly { readonly value: string; readonly sessions: number }[]> {
  const { rows } = await sql<{ value: string; sessions: number }>`
    select value, sum(sessions)::bigint as sessions
    from value_days join event_values on event_values.id = value_id
    where day >= (${from}::timestamptz at time zone 'UTC')::date and type = ${valueNumber(type)}
    group by event_values.id order by 2 desc, event_values.id limit ${most}`.execute(db);
  return rows;
}
