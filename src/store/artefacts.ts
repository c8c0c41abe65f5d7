/** Files that visitors left, by their digest. Nothing here runs or opens them. */
import { type Kysely, sql, type Transaction } from 'kysely';
import type { ArtefactDetail } from '../api/sensors.ts';
import { storedDigestOf, valueNumber } from './event-values.ts';
import type { Tables } from './tables.ts';

/** Bytes that one sensor may leave within a day, so that a visitor who uploads cannot fill the disk. */
export const mostPerDay = 256 * 1024 * 1024;

/** @returns `known` for one that is here already, `full` where the sensor has left enough today */
export async function addArtefact(
  tx: Transaction<Tables>,
  sensor: number | undefined,
  sha256: string,
  body: Buffer,
): Promise<'added' | 'known' | 'full'> {
  // One after another, so that several at once do not pass the bound together.
  if (sensor !== undefined)
    await tx.selectFrom('sensors').select('id').where('id', '=', sensor).forUpdate().execute();
  const digest = Buffer.from(sha256, 'hex');
  const known = await tx
    .selectFrom('artefacts')
    .select('size')
    .where('sha256', '=', digest)
    .executeTakeFirst();
  if (known !== undefined) return 'known';
  const { bytes } = await tx
    .selectFrom('artefacts')
    .select((of) => of.fn.coalesce(of.fn.sum<number>('size'), sql<number>`0`).as('bytes'))
    .where('sensor_id', sensor === undefined ? 'is' : '=', sensor ?? null)
    .where('added_at', '>', sql<Date>`now() - interval '1 day'`)
    .executeTakeFirstOrThrow();
  if (Number(bytes) + body.length > mostPerDay) return 'full';
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('artefacts')
    .values({ sha256: digest, sensor_id: sensor ?? null, size: body.length })
    .onConflict((on) => on.doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows === 0n) return 'known';
  await tx.insertInto('artefact_bodies').values({ sha256: digest, body }).execute();
  return 'added';
}

/** Bytes that are shown as they are, and strings. */
const shown = { head: 256, strings: 200, shortest: 6, longest: 200, sessions: 100 } as const;

export async function readArtefact(
  db: Kysely<Tables>,
  sha256: string,
  withContent: boolean,
): Promise<ArtefactDetail | undefined> {
  const row = await db
    .selectFrom('artefacts')
    .innerJoin('artefact_bodies', 'artefact_bodies.sha256', 'artefacts.sha256')
    .leftJoin('sensors', 'sensors.id', 'artefacts.sensor_id')
    .select(['artefacts.size', 'artefacts.added_at', 'artefact_bodies.body', 'sensors.name'])
    .where('artefacts.sha256', '=', Buffer.from(sha256, 'hex'))
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { size, added_at, body, name } = row;
  return {
    sha256,
    size,
    addedAt: added_at.toISOString(),
    ...(name !== null && { sensor: name }),
    head: body.toString('hex', 0, shown.head),
    strings: stringsOf(body),
    sessions: await sessionsWith(db, sha256),
    ...(withContent && { content: body.toString('base64') }),
  };
}

/** Runs of printable ASCII. */
function stringsOf(body: Buffer): string[] {
  const strings: string[] = [];
  let start = 0;
  for (let at = 0; at <= body.length && strings.length < shown.strings; at++) {
    const byte = body[at] ?? 0;
    if (byte >= 0x20 && byte <= 0x7e) continue;
    if (at - start >= shown.shortest)
      strings.push(body.toString('latin1', start, Math.min(at, start + shown.longest)));
    start = at + 1;
  }
  return strings;
}

async function sessionsWith(db: Kysely<Tables>, sha256: string): Promise<ArtefactDetail['sessions']> {
  const rows = await db
    .selectFrom('event_values')
    .innerJoin('session_seen', (join) => join.on(sql<boolean>`value_ids @> array[event_values.id]`))
    .innerJoin('honeypot_sessions', 'honeypot_sessions.id', 'session_seen.session_id')
    .innerJoin('sensors', 'sensors.id', 'honeypot_sessions.sensor_id')
    .select(['honeypot_sessions.id', 'honeypot_sessions.src', 'honeypot_sessions.first_at', 'sensors.name'])
    .where('event_values.type', '=', valueNumber('artefact'))
    .where('event_values.digest', '=', storedDigestOf(sha256))
    .orderBy('honeypot_sessions.id', 'desc')
    .limit(shown.sessions)
    .execute();
  return rows.map(({ id, src, first_at, name }) => ({
    id,
    src,
    sensor: name,
    firstAt: first_at.toISOString(),
  }));
}
