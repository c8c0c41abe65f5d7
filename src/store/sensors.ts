/**
 * Sensors: enrolled by a secret that works once, known by a token of their own or a certificate, and judged by what they
 * tell.
 */
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { SensorHealth, SensorReport, SensorRow } from '../api/sensors.ts';
import { countOf, type Range } from '../honeypot/session/sequence.ts';
import { newSecret, storedSecret } from './access.ts';
import { storableJson } from './storable.ts';
import type { Tables } from './tables.ts';

/** Minutes that an enrolment's secret is good for. */
const enrolmentMinutes = 15;

/** @returns the secret; it works once */
export async function addEnrolment(
  tx: Transaction<Tables>,
  { name, place }: { readonly name: string; readonly place: string },
): Promise<{ readonly secret: string; readonly expiresAt: string }> {
  const { secret, stored } = newSecret('wge_');
  await tx.deleteFrom('sensor_enrolments').where('expires_at', '<=', sql<Date>`now()`).execute();
  const { expires_at } = await tx
    .insertInto('sensor_enrolments')
    .values({
      secret: stored,
      name,
      place,
      expires_at: sql<Date>`now() + ${enrolmentMinutes} * interval '1 minute'`,
    })
    .returning('expires_at')
    .executeTakeFirstOrThrow();
  return { secret, expiresAt: expires_at.toISOString() };
}

export interface Enrolled {
  readonly sensor: number;
  readonly name: string;
}

/**
 * The first one who has the secret becomes the sensor, and gets a token (`addSensorToken`) or a certificate. One that was
 * there before under the name goes on as itself; what it was known by is worth nothing any more.
 */
export async function takeEnrolment(
  tx: Transaction<Tables>,
  secret: string,
  report: SensorReport,
): Promise<Enrolled | undefined> {
  const enrolment = await tx
    .deleteFrom('sensor_enrolments')
    .where('secret', '=', storedSecret(secret))
    .where('expires_at', '>', sql<Date>`now()`)
    .returning(['name', 'place'])
    .executeTakeFirst();
  if (enrolment === undefined) return undefined;
  const told = { place: enrolment.place, ...reported(report), enrolled_at: sql<Date>`now()` };
  const { id, name } = await tx
    .insertInto('sensors')
    .values({ name: enrolment.name, ...told })
    .onConflict((on) => on.column('name').doUpdateSet({ ...told, revoked_at: null }))
    .returning(['id', 'name'])
    .executeTakeFirstOrThrow();
  await forgetCredentials(tx, id);
  return { sensor: id, name };
}

async function forgetCredentials(tx: Transaction<Tables>, sensor: number): Promise<void> {
  await tx.deleteFrom('tokens').where('sensor_id', '=', sensor).execute();
  await tx.deleteFrom('sensor_certificates').where('sensor_id', '=', sensor).execute();
}

/** @param prefix of tokens, @param shown characters of it by which people tell tokens apart */
export async function addSensorToken(
  tx: Transaction<Tables>,
  { sensor, name }: Enrolled,
  { prefix, shown }: { readonly prefix: string; readonly shown: number },
): Promise<string> {
  const { secret, stored } = newSecret(prefix);
  await tx
    .insertInto('tokens')
    .values({
      name: `sensor ${name}`,
      secret: stored,
      prefix: secret.slice(0, shown),
      scopes: ['ingest'],
      created_by: 'enrolment',
      sensor_id: sensor,
    })
    .execute();
  return secret;
}

function reported({ version, decoys, spool }: SensorReport): { version: string; report: string } {
  return { version, report: storableJson({ decoys, ...(spool !== undefined && { spool }) }) };
}

/** Sensors that were only named, and never enrolled. */
const mostNamed = 1000;

/**
 * The sensor of a name, for who delivers in its place: this process, or an operator's token.
 * @param place of one that is not there yet
 * @returns undefined where it was revoked, or where there are too many already
 */
export async function sensorNamed(db: Kysely<Tables>, name: string, place = ''): Promise<number | undefined> {
  const find = () =>
    db.selectFrom('sensors').select(['id', 'revoked_at']).where('name', '=', name).executeTakeFirst();
  let row = await find();
  if (row === undefined) {
    await sql`
      insert into sensors (name, place) select ${name}, ${place}
      where (select count(*) from sensors where enrolled_at is null) < ${mostNamed}
      on conflict (name) do nothing`.execute(db);
    row = await find();
  }
  return row === undefined || row.revoked_at !== null ? undefined : row.id;
}

/** @returns undefined for a sensor that is none, or was revoked */
export async function hear(
  db: Kysely<Tables>,
  id: number,
  report: SensorReport,
  clockSkewMs: number,
): Promise<number | undefined> {
  const { numUpdatedRows } = await db
    .updateTable('sensors')
    .set({ ...reported(report), heard_at: sql<Date>`now()`, clock_skew: clockSkewMs })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 0n ? undefined : clockSkewMs;
}

/** Its token and certificate are worth nothing from now on; what it delivered stays. @returns its name */
export async function revokeSensor(tx: Transaction<Tables>, id: number): Promise<string | undefined> {
  const row = await tx
    .updateTable('sensors')
    .set({ revoked_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning('name')
    .executeTakeFirst();
  if (row !== undefined) await forgetCredentials(tx, id);
  return row?.name;
}

export async function listSensors(db: Kysely<Tables>, now = new Date()): Promise<SensorRow[]> {
  const sensors = await db.selectFrom('sensors').selectAll().orderBy('name').execute();
  const { rows: boots } = await sql<Selectable<Tables['sensor_boots']>>`
    select distinct on (sensor_id) * from sensor_boots order by sensor_id, first_at desc, id desc`.execute(
    db,
  );
  const last = new Map(boots.map((one) => [one.sensor_id, one]));
  const certificates = await db
    .selectFrom('sensor_certificates')
    .select((of) => ['sensor_id', of.fn.max('expires_at').as('expires_at')])
    .groupBy('sensor_id')
    .execute();
  const ends = new Map(certificates.map((one) => [one.sensor_id, one.expires_at]));
  return sensors.map((row) => sensorOf(row, last.get(row.id), ends.get(row.id), now));
}

function sensorOf(
  row: Selectable<Tables['sensors']>,
  last: Selectable<Tables['sensor_boots']> | undefined,
  certificateEnds: Date | undefined,
  now: Date,
): SensorRow {
  const { decoys = [], spool } = row.report as Partial<SensorReport>;
  const boot = last && bootOf(last);
  const missing = boot === undefined ? 0 : boot.missing - boot.dropped;
  const facts = { ...row, decoys, spool, missing, certificateEnds };
  const problems = problemsOf(facts, now);
  return {
    id: row.id,
    name: row.name,
    place: row.place,
    health: problems[0]?.health ?? 'ok',
    problems: problems.map((one) => one.text),
    version: row.version,
    decoys,
    ...(spool !== undefined && { spool }),
    addedAt: row.added_at.toISOString(),
    ...(row.enrolled_at !== null && { enrolledAt: row.enrolled_at.toISOString() }),
    ...(row.revoked_at !== null && { revokedAt: row.revoked_at.toISOString() }),
    ...(row.heard_at !== null && { heardAt: row.heard_at.toISOString() }),
    ...(row.clock_skew !== null && { clockSkewMs: row.clock_skew }),
    ...(certificateEnds !== undefined && { certificateExpiresAt: certificateEnds.toISOString() }),
    ...(boot !== undefined && { boot }),
  };
}

function bootOf(row: Selectable<Tables['sensor_boots']>): NonNullable<SensorRow['boot']> {
  const { contiguous, highest } = row;
  const here = countOf({ contiguous, highest, beyond: row.beyond as readonly Range[] });
  return {
    boot: row.boot,
    firstAt: row.first_at.toISOString(),
    lastAt: row.last_at.toISOString(),
    events: row.events,
    missing: highest - here,
    dropped: row.dropped,
  };
}

/** Milliseconds. */
const silentAfter = 10 * 60_000;
export const worstSkew = 5 * 60_000;
/** It is renewed ten days before it ends. */
const lateRenewal = 5 * 86_400_000;
/** Share of a spool. */
const fullSpool = 0.8;

interface Facts {
  readonly revoked_at: Date | null;
  readonly heard_at: Date | null;
  readonly clock_skew: number | null;
  readonly decoys: SensorReport['decoys'];
  readonly spool: SensorReport['spool'];
  /** Numbers that its spool did not own up to. */
  readonly missing: number;
  readonly certificateEnds: Date | undefined;
}

interface Trouble {
  readonly health: SensorHealth;
  readonly text: string;
}

/** The worst first. */
function problemsOf(
  { revoked_at, heard_at, clock_skew, decoys, spool, missing, certificateEnds }: Facts,
  now: Date,
): readonly Trouble[] {
  if (revoked_at !== null) return [{ health: 'revoked', text: 'revoked' }];
  if (heard_at === null) return [{ health: 'new', text: 'never heard of' }];
  const found: Trouble[] = [];
  const silence = now.getTime() - heard_at.getTime();
  if (silence > silentAfter)
    found.push({ health: 'silent', text: `silent for ${Math.round(silence / 60_000)} minutes` });
  const down = decoys.filter((one) => one.state !== 'up').map((one) => one.name);
  if (down.length > 0) found.push({ health: 'faulty', text: `down: ${down.join(', ')}` });
  if (spool !== undefined && spool.bytes > fullSpool * spool.capacity)
    found.push({
      health: 'faulty',
      text: `spool ${Math.round((100 * spool.bytes) / spool.capacity)} % full`,
    });
  if (missing > 0) found.push({ health: 'faulty', text: `${missing} events missing` });
  const left = (certificateEnds?.getTime() ?? Number.POSITIVE_INFINITY) - now.getTime();
  if (left < lateRenewal)
    found.push({
      health: 'faulty',
      text: left <= 0 ? 'certificate ended' : `certificate ends in ${Math.ceil(left / 86_400_000)} days`,
    });
  if (clock_skew !== null && Math.abs(clock_skew) > worstSkew)
    found.push({ health: 'skewed', text: `clock off by ${Math.round(clock_skew / 60_000)} minutes` });
  return found;
}
