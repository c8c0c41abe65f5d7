/** Sessions as they are listed, searched and shown. */
import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { z } from 'zod';
import type { OfferedCredential, SessionDetail, SessionRow, sessionsQuery } from '../api/events.ts';
import type { Page } from '../api/page.ts';
import { mask } from '../honeypot/session/credential.ts';
import type { Summary } from '../honeypot/session/summary.ts';
import type { ValueType } from '../honeypot/session/values.ts';
import { severities, severityRank } from '../model/terms.ts';
import { valuesOfSession } from './event-values.ts';
import { type Order, pageFrom, readCursor } from './page.ts';
import { linksOf } from './session-links.ts';
import { storable } from './storable.ts';
import type { Tables } from './tables.ts';

interface Row {
  readonly id: number;
  readonly sensor: string;
  readonly src: string;
  readonly src_country: string | null;
  readonly src_asn: number | null;
  readonly src_as_name: string | null;
  readonly first_at: Date;
  readonly last_at: Date;
  readonly events: number;
  readonly severity: number;
  readonly services: string[];
  readonly techniques: string[];
}

const columns = sql`s.id, sensors.name as sensor, s.src, s.src_country, s.src_asn, s.src_as_name, s.first_at, s.last_at,
  s.events, s.severity, s.services, s.techniques`;

const newestFirst: Order = { list: 'sessions', by: ['time', 'bigint'] };

/** Those that began last come first. */
export async function listSessions(
  db: Kysely<Tables>,
  query: z.output<typeof sessionsQuery>,
): Promise<Page<SessionRow>> {
  const after = readCursor(query.cursor, newestFirst);
  const conditions = conditionsOf(query);
  if (after !== undefined)
    conditions.push(sql`(s.first_at, s.id) < (${after[0]}::timestamptz, ${after[1]}::bigint)`);
  const { rows } = await sql<Row>`
    select ${columns} from honeypot_sessions as s join sensors on sensors.id = s.sensor_id
    where ${sql.join(conditions, sql` and `)}
    order by s.first_at desc, s.id desc limit ${query.limit + 1}`.execute(db);
  return pageFrom(rows, query.limit, newestFirst, sessionRow, (row) => [row.first_at.toISOString(), row.id]);
}

function conditionsOf({
  service,
  technique,
  severity,
  source,
  sensor,
  country,
  q,
}: z.output<typeof sessionsQuery>): RawBuilder<SqlBool>[] {
  const conditions: RawBuilder<SqlBool>[] = [sql`true`];
  if (service !== undefined) conditions.push(sql`s.services @> array[${service}]::text[]`);
  if (technique !== undefined) conditions.push(sql`s.techniques @> array[${technique}]::text[]`);
  if (severity !== undefined) conditions.push(sql`s.severity >= ${severityRank(severity)}`);
  if (source !== undefined) conditions.push(sql`s.src <<= ${source}::inet`);
  if (sensor !== undefined) conditions.push(sql`sensors.name = ${sensor}`);
  if (country !== undefined) conditions.push(sql`s.src_country = ${country}`);
  if (q !== undefined) {
    const pattern = `%${storable(q).replaceAll(/[\\%_]/g, '\\$&')}%`;
    // An array, so that they are found first: how many have a value nobody can guess.
    conditions.push(sql`s.id = any(array(
      select session_id from event_values join session_seen on value_ids @> array[event_values.id]
      where type < 5 and value ilike ${pattern}))`);
  }
  return conditions;
}

function sessionRow(row: Row): SessionRow {
  return {
    id: row.id,
    sensor: row.sensor,
    src: row.src,
    ...locationOf(row),
    firstAt: row.first_at.toISOString(),
    lastAt: row.last_at.toISOString(),
    events: row.events,
    severity: severities[row.severity] ?? 'info',
    services: row.services,
    techniques: row.techniques,
  };
}

export function locationOf({
  src_country,
  src_asn,
  src_as_name,
}: Pick<Row, 'src_country' | 'src_asn' | 'src_as_name'>): Pick<SessionRow, 'country' | 'asn' | 'asName'> {
  return {
    ...(src_country !== null && { country: src_country }),
    ...(src_asn !== null && { asn: src_asn }),
    ...(src_as_name !== null && { asName: src_as_name }),
  };
}

/** @param open credentials are shown as they are */
export async function sessionDetail(
  db: Kysely<Tables>,
  id: number,
  open: boolean,
): Promise<SessionDetail | undefined> {
  const { rows } = await sql<Row & { readonly summary: Summary }>`
    select ${columns}, s.summary from honeypot_sessions as s join sensors on sensors.id = s.sensor_id
    where s.id = ${id}`.execute(db);
  const [row] = rows;
  if (row === undefined) return undefined;
  const values = Map.groupBy(await valuesOfSession(db, id), (one) => one.type);
  const of = (type: ValueType): string[] => (values.get(type) ?? []).map((one) => one.value);
  const { types, clients, names } = row.summary;
  return {
    ...sessionRow(row),
    types: Object.entries(types)
      .map(([type, events]) => ({ type, events }))
      .sort((one, other) => other.events - one.events),
    clients: clients.map((one) => {
      const gap = one.indexOf(' ');
      return { kind: one.slice(0, gap), value: one.slice(gap + 1) };
    }),
    names: [...names],
    commands: of('command'),
    urls: of('url'),
    hosts: of('host'),
    images: of('image'),
    wallets: of('wallet'),
    artefacts: of('artefact'),
    credentials: of('credential').map((one) => credentialOf(one, open)),
    related: await relatedTo(db, row),
  };
}

/** As `valuesOf` writes it; one that was too long to keep is cut. */
export function credentialOf(value: string, open: boolean): OfferedCredential {
  try {
    const [user, secret] = JSON.parse(value) as [string, string];
    return { user, secret: open ? secret : mask };
  } catch {
    return { user: '', secret: open ? value : mask };
  }
}

/** Of each kind. */
const mostRelated = 50;

async function relatedTo(db: Kysely<Tables>, { id, src, first_at }: Row): Promise<SessionDetail['related']> {
  const reasons = new Map<number, string[]>();
  for (const { other, reason } of await linksOf(db, id, mostRelated))
    reasons.set(other, [...(reasons.get(other) ?? []), reason]);
  const { rows } = await sql<Row>`
    select ${columns} from honeypot_sessions as s join sensors on sensors.id = s.sensor_id
    where s.id <> ${id} and (s.id = any(${[...reasons.keys()]}::bigint[]) or s.id in (
      select id from honeypot_sessions where src = ${src}
      order by abs(extract(epoch from first_at - ${first_at}::timestamptz)), id limit ${mostRelated}))
    order by s.first_at desc, s.id desc`.execute(db);
  return rows.map((row) => ({
    ...sessionRow(row),
    reasons: [...(row.src === src ? ['same source'] : []), ...(reasons.get(row.id) ?? [])],
  }));
}
