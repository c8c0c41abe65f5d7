/**
 * How a sensor comes to its token: by a secret that works once. What it gets is kept in its folder, so that the same
 * command starts it again.
 */
import { hash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, WaterguardError } from '../../model/error.ts';
import type { Receiver } from './post.ts';

/** Of an invitation; tokens begin with `wg_`. */
export const secretPrefix = 'wge_';

const patience = 30_000;

/**
 * @param invited the server, and the secret in place of a token
 * @param folder the sensor's own
 * @throws WaterguardError `unauthorized` for a secret that is used up, `network`
 */
export async function enrol(invited: Receiver, folder: string, version: string): Promise<Receiver> {
  const path = join(folder, 'enrolment.json');
  const secret = hash('sha256', invited.token);
  const known = await readFile(path, 'utf8').then(JSON.parse, () => undefined);
  if (known?.secret === secret && typeof known.token === 'string' && Number.isInteger(known.sensor))
    return { url: invited.url, token: known.token, sensor: known.sensor };
  const { sensor, token } = await ask(invited, version);
  await writeFile(`${path}.new`, JSON.stringify({ secret, sensor, token }), { mode: 0o600 });
  await rename(`${path}.new`, path);
  return { url: invited.url, token, sensor };
}

async function ask(
  { url, token: secret }: Receiver,
  version: string,
): Promise<{ readonly sensor: number; readonly token: string }> {
  let answer: Response;
  try {
    answer = await fetch(`${url}/v1/sensors/enrol`, {
      method: 'POST',
      redirect: 'error',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ secret, report: { version } }),
      signal: AbortSignal.timeout(patience),
    });
  } catch (error) {
    throw new WaterguardError('network', `${url} cannot be reached: ${messageOf(error)}`, { cause: error });
  }
  if (answer.ok) return (await answer.json()) as { sensor: number; token: string };
  throw new WaterguardError(
    'unauthorized',
    `the server does not take the secret (${answer.status}): it works once and for a quarter of an hour; an admin makes a new one.`,
  );
}
