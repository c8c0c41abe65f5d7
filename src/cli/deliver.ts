/** Reports to a Waterguard server, which keeps them with those of its own scans. */
import { readFileSync } from 'node:fs';
import { messageOf, WaterguardError } from '../model/error.ts';
import { printable } from '../model/printable.ts';
import type { ImageReport } from '../model/report.ts';

export interface Server {
  readonly url: string;
  readonly token: string;
}

/**
 * @param form of what the file may hold
 * @throws WaterguardError `usage` where one is named without a token
 */
export function serverOf(
  flags: { readonly server?: string; readonly tokenFile?: string },
  form = /^wg_[\w-]{20,100}$/,
): Server | undefined {
  const { server: url, tokenFile } = flags;
  if (url === undefined) return undefined;
  if (tokenFile === undefined)
    throw new WaterguardError(
      'usage',
      '--server needs a token: give --token-file FILE (Settings → Tokens, scope ingest).',
    );
  try {
    const token = readFileSync(tokenFile, 'utf8').trim();
    if (form.test(token)) return { url, token };
  } catch (error) {
    throw new WaterguardError('usage', `cannot read the token: ${messageOf(error)}`, { cause: error });
  }
  throw new WaterguardError(
    'usage',
    `${printable(tokenFile)} holds no token: it is one line that begins with wg_.`,
  );
}

/** Tries and milliseconds before the second; a server that restarts is back within that. */
const tries = 4;
const pause = 1000;

/** @throws WaterguardError where the server does not take it: `network`, `unauthorized`, `refused` */
export async function deliver(report: ImageReport, { url, token }: Server): Promise<void> {
  for (let tried = 1; ; tried++) {
    const answer = await send(report, url, token).catch((error: unknown) => {
      if (tried >= tries)
        throw new WaterguardError('network', `${url} cannot be reached: ${messageOf(error)}`, {
          cause: error,
        });
      return undefined;
    });
    if (answer?.ok) return;
    const mayPass = answer === undefined || answer.status === 429 || answer.status >= 500;
    if (!mayPass || (answer !== undefined && tried >= tries)) throw await refused(answer, url);
    await new Promise((resolve) => setTimeout(resolve, pause * 2 ** (tried - 1)));
  }
}

function send(report: ImageReport, url: string, token: string): Promise<Response> {
  return fetch(`${url}/v1/reports`, {
    method: 'POST',
    redirect: 'error',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(report),
    signal: AbortSignal.timeout(60_000),
  });
}

async function refused(answer: Response, url: string): Promise<WaterguardError> {
  const text = (await answer.text().catch(() => '')).slice(0, 10_000);
  let detail = '';
  try {
    detail = String((JSON.parse(text) as { detail?: unknown }).detail ?? '');
  } catch {
    // Something else answered, a proxy perhaps.
  }
  const code = answer.status === 401 || answer.status === 403 ? 'unauthorized' : 'refused';
  return new WaterguardError(code, `${url} answered ${answer.status}. ${printable(detail, 500)}`);
}
