/**
 * How a sensor becomes known to a server: by a secret that works once, for a certificate where it talks TLS with the
 * server itself, else for a token. What it gets is kept in its folder, so that the same command starts it again.
 */
import { generateKeyPairSync, hash, type KeyObject, randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { enrolled } from '../../api/sensors.ts';
import { certify } from '../../certificate/certificate.ts';
import { requestFor } from '../../certificate/request.ts';
import { messageOf, WaterguardError } from '../../model/error.ts';
import { type Answer, answered, type ClientCertificate, reasonOf, send, understood } from './ask.ts';

/** Of an invitation; tokens begin with `wg_`. */
export const secretPrefix = 'wge_';

/** What is kept: its number, and what it is known by. */
export interface Enrolment {
  /** SHA-256 of the secret that it came by. */
  readonly secret: string;
  readonly sensor: number;
  readonly token?: string;
  /** Another one once it is renewed. */
  certificate?: ClientCertificate & {
    /** PEM; for people, and for whoever has to check the certificate. */
    readonly authority: string;
  };
}

/** A receiver, as which the sensor is enrolled. */
export interface Enrolled extends Enrolment {
  readonly url: string;
}

/**
 * @param invited the server, and the secret in place of a token
 * @param folder the sensor's own
 * @throws WaterguardError `unauthorized` for a secret that is used up, `network`, `refused` for any other answer
 */
export async function enrol(
  { url, token: invitation }: { readonly url: string; readonly token: string },
  folder: string,
  version: string,
): Promise<Enrolled> {
  const secret = hash('sha256', invitation);
  const known = await readEnrolment(folder);
  if (known?.secret === secret) return { url, ...known };
  const enrolment = { secret, ...(await ask(url, invitation, version)) };
  await keepEnrolment(folder, enrolment);
  return { url, ...enrolment };
}

const file = 'enrolment.json';

async function readEnrolment(folder: string): Promise<Enrolment | undefined> {
  const known = await readFile(join(folder, file), 'utf8').then(JSON.parse, () => undefined);
  const { sensor, token, certificate } = known ?? {};
  const isWhole = typeof token === 'string' || typeof certificate?.pem === 'string';
  return Number.isInteger(sensor) && isWhole ? known : undefined;
}

/** Key and certificate together: they are never of two minds. */
export async function keepEnrolment(
  folder: string,
  { secret, sensor, token, certificate }: Enrolment,
): Promise<void> {
  const path = join(folder, file);
  await writeFile(`${path}.new`, JSON.stringify({ secret, sensor, token, certificate }), {
    mode: 0o600,
    flush: true,
  });
  await rename(`${path}.new`, path);
}

export function newKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

export function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}

async function ask(url: string, secret: string, version: string): Promise<Omit<Enrolment, 'secret'>> {
  const key = url.startsWith('https:') ? newKey() : undefined;
  // Signed by itself, only to show the server that what a sensor shows gets there.
  const shown = key && { key: pemOf(key), pem: selfSigned(key) };
  let answer: Answer;
  try {
    answer = await send(
      { url, ...(shown !== undefined && { certificate: shown }) },
      {
        method: 'POST',
        path: '/v1/sensors/enrol',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ secret, report: { version }, csr: key && requestFor(key) }),
      },
    );
  } catch (error) {
    throw new WaterguardError('network', `${url} cannot be reached: ${reasonOf(error)}`, { cause: error });
  }
  if (answer.status === 401)
    throw new WaterguardError(
      'unauthorized',
      `the server does not take the secret (${answer.status}): it works once and for a quarter of an hour; an admin makes a new one.`,
    );
  if (answer.status !== 201) throw new WaterguardError('refused', `not enrolled: ${answered(url, answer)}.`);
  const { sensor, token, certificate } = readAnswer(url, answer);
  if (key === undefined || certificate === undefined)
    return { sensor, ...(token !== undefined && { token }) };
  const { pem, authority } = certificate;
  return { sensor, certificate: { key: pemOf(key), pem, authority } };
}

/** By one of both it is known from then on. */
function readAnswer(url: string, answer: Answer) {
  try {
    return understood(
      url,
      answer,
      enrolled.refine((one) => one.token !== undefined || one.certificate !== undefined),
    );
  } catch (error) {
    throw new WaterguardError('refused', `not enrolled: ${messageOf(error)}.`, { cause: error });
  }
}

function selfSigned(key: KeyObject): string {
  const day = 86_400_000;
  return certify({
    subject: { CN: 'sensor' },
    key,
    notBefore: Date.now() - day,
    notAfter: Date.now() + day,
    keyUsages: ['digitalSignature'],
    usages: ['clientAuth'],
    serial: randomBytes(8),
  });
}
