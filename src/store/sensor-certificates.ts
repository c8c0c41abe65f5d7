/**
 * The platform's own authority, and the certificates of sensors that it signs. A certificate is worth something while
 * its row is here: as a token is, it is gone with its sensor, with a new enrolment, and with the second renewal after it.
 */
import {
  createPrivateKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  randomBytes,
  X509Certificate,
} from 'node:crypto';
import { type Kysely, sql, type Transaction } from 'kysely';
import { certify } from '../certificate/certificate.ts';
import type { Tables } from './tables.ts';

const day = 86_400_000;
const year = 365 * day;

/** Milliseconds. */
const certificateLife = 30 * day;
const authorityLife = 5 * year;
/** So long before its end an authority has a successor. */
const succession = year;
/** Clocks of several servers and of sensors may differ by that much. */
const clockTolerance = 5 * 60_000;
/** By then every server has looked which authorities there are: until then a new one signs nothing. */
const noticed = 3 * 60_000;

/** All that are believed, in PEM; with the first of all, or a successor, where it is time for one. */
export async function sensorAuthorities(db: Kysely<Tables>, now = Date.now()): Promise<readonly string[]> {
  const believed = await readAuthorities(db, now);
  if (hasLasting(believed, now)) return believed.map((one) => one.certificate);
  return db.transaction().execute(async (tx) => {
    // Of several servers that start at once one makes it.
    await sql`lock table sensor_authorities in share row exclusive mode`.execute(tx);
    if (!hasLasting(await readAuthorities(tx, now), now)) await addAuthority(tx, now);
    return (await readAuthorities(tx, now)).map((one) => one.certificate);
  });
}

interface Authority {
  readonly certificate: string;
  readonly key: string;
  readonly added_at: Date;
  readonly expires_at: Date;
}

/** The newest first. */
function readAuthorities(db: Kysely<Tables>, now: number): Promise<readonly Authority[]> {
  return db
    .selectFrom('sensor_authorities')
    .selectAll()
    .where('expires_at', '>', new Date(now))
    .orderBy('id', 'desc')
    .execute();
}

function hasLasting(authorities: readonly Authority[], now: number): boolean {
  return authorities.some((one) => one.expires_at.getTime() - now > succession);
}

export interface AddedAuthority {
  readonly id: number;
  /** PEM. */
  readonly certificate: string;
  readonly expiresAt: string;
}

/** A new one, which signs from a few minutes later on. */
export async function addAuthority(tx: Transaction<Tables>, now = Date.now()): Promise<AddedAuthority> {
  const key = newKey();
  const certificate = certify({
    // Each has a name of its own, so that the signer of a certificate is found by it.
    subject: { CN: `Sensors ${randomBytes(4).toString('hex')}`, O: 'Waterguard' },
    key,
    notBefore: now - clockTolerance,
    notAfter: now + authorityLife,
    isAuthority: true,
    pathLength: 0,
    keyUsages: ['keyCertSign'],
    serial: newSerial(),
  });
  const { id, expires_at } = await tx
    .insertInto('sensor_authorities')
    .values({
      certificate,
      key: key.export({ type: 'pkcs8', format: 'pem' }) as string,
      added_at: new Date(now),
      expires_at: new Date(now + authorityLife),
    })
    .returning(['id', 'expires_at'])
    .executeTakeFirstOrThrow();
  return { id, certificate, expiresAt: expires_at.toISOString() };
}

export interface Issued {
  /** Both in PEM. */
  readonly pem: string;
  readonly authority: string;
  readonly expiresAt: string;
}

export interface Asking {
  readonly sensor: number;
  /** Of the URI that names the sensor: `spiffe://PLATFORM/sensor/ID`. */
  readonly platform: string;
  /** Public. */
  readonly key: KeyObject;
  /** Fingerprint of the one that is good until the new one has come. */
  readonly keeping?: Buffer;
}

/** A certificate for a sensor that was let in. What it had before is worth nothing any more, but for one. */
export async function issueCertificate(
  tx: Transaction<Tables>,
  { sensor, platform, key, keeping }: Asking,
  now = Date.now(),
): Promise<Issued> {
  const believed = await readAuthorities(tx, now);
  const authority = believed.find((one) => now - one.added_at.getTime() > noticed) ?? believed.at(-1);
  if (authority === undefined) throw new Error('no authority signs certificates of sensors');
  const notAfter = Math.min(now + certificateLife, authority.expires_at.getTime());
  const pem = certify({
    subject: { CN: `sensor ${sensor}` },
    issuer: { certificate: authority.certificate, key: createPrivateKey(authority.key) },
    key,
    uri: `spiffe://${platform}/sensor/${sensor}`,
    notBefore: now - clockTolerance,
    notAfter,
    keyUsages: ['digitalSignature'],
    usages: ['clientAuth'],
    serial: newSerial(),
  });
  await tx
    .deleteFrom('sensor_certificates')
    .where('sensor_id', '=', sensor)
    .$if(keeping !== undefined, (one) => one.where('fingerprint', '<>', keeping!))
    .execute();
  await tx
    .insertInto('sensor_certificates')
    .values({
      fingerprint: fingerprintOf(new X509Certificate(pem)),
      sensor_id: sensor,
      expires_at: new Date(notAfter),
    })
    .execute();
  return { pem, authority: authority.certificate, expiresAt: new Date(notAfter).toISOString() };
}

/** @returns undefined where the one that it asks by is worth nothing any more */
export async function renewCertificate(
  tx: Transaction<Tables>,
  asking: Asking & { readonly keeping: Buffer },
  now = Date.now(),
): Promise<Issued | undefined> {
  const { sensor, keeping } = asking;
  // A new enrolment at the same time waits for this, or this for it: nothing that comes by the old one outlives it.
  await tx.selectFrom('sensors').select('id').where('id', '=', sensor).forUpdate().execute();
  if ((await findCertificate(tx, keeping, sensor)) === undefined) return undefined;
  return issueCertificate(tx, asking, now);
}

/** SHA-256. */
export function fingerprintOf(certificate: X509Certificate): Buffer {
  return hash('sha256', certificate.raw, 'buffer');
}

/**
 * Whose certificate it is.
 * @param sensor that it names
 * @returns undefined for one that is worth nothing, or no longer
 */
export function findCertificate(
  db: Kysely<Tables>,
  fingerprint: Buffer,
  sensor: number,
): Promise<{ readonly id: number; readonly name: string } | undefined> {
  return db
    .selectFrom('sensor_certificates')
    .innerJoin('sensors', 'sensors.id', 'sensor_certificates.sensor_id')
    .select(['sensors.id', 'sensors.name'])
    .where('fingerprint', '=', fingerprint)
    .where('sensors.id', '=', sensor)
    .where('sensors.revoked_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .executeTakeFirst();
}

function newKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

function newSerial(): Buffer {
  // Neither 0 nor negative.
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return bytes;
}
