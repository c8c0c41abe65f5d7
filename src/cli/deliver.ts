/** Reports to a Waterguard server, which keeps them with those of its own scans. */
import { messageOf, WaterguardError } from '../model/error.ts';
import { printable } from '../model/printable.ts';
import type { ImageReport } from '../model/report.ts';
import { readSecret } from './short-file.ts';

export interface Server {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: string;
}

/**
 * @param form of what the file may hold
 * @throws WaterguardError `usage` where one is named without a token, or has an address that is none
 */
export function serverOf(
  flags: { readonly server?: string; readonly tokenFile?: string },
  form = /^wg_[\w-]{20,100}$/,
): Server | undefined {
  const { server, tokenFile } = flags;
  if (server === undefined) return undefined;
  const url = addressOf(server);
  if (tokenFile === undefined)
    throw new WaterguardError(
      'usage',
      '--server needs a token: give --token-file FILE (Settings → Tokens, scope ingest).',
    );
  const token = readSecret(tokenFile, 'the token');
  if (form.test(token)) return { url, token };
  throw new WaterguardError(
    'usage',
    `${printable(tokenFile)} holds no token: it is one line that begins with wg_.`,
  );
}

function addressOf(text: string): string {
  const url = URL.parse(text);
  const isPlain = url !== null && url.username + url.password + url.search + url.hash === '';
  if (isPlain && /^https?:$/.test(url.protocol)) return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
  throw new WaterguardError(
    'usage',
    `--server '${printable(text, 200)}': give a URL such as https://waterguard.example.com.`,
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
