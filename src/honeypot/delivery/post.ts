/** Delivery over HTTPS to a Waterguard server: `POST /v1/ingest`, gzipped lines, with the sensor's token. */
import { gzipSync } from 'node:zlib';
import { messageOf, WaterguardError } from '../../model/error.ts';
import { retryAfter } from '../../model/retry-after.ts';
import { type Delivery, Postponed } from './delivery.ts';

/** Milliseconds for one request. */
const patience = 30_000;

export interface Receiver {
  /** Of the server, without a path. */
  readonly url: string;
  readonly token: string;
  /** Its number there, where it was enrolled. */
  readonly sensor?: number;
}

export function postTo({ url, token, sensor }: Receiver): Delivery {
  const authorization = `Bearer ${token}`;
  return {
    events: (lines, signal) => postEvents({ url, token }, lines, signal),
    async artefact(sha256, content, signal) {
      const answer = await ask(`${url}/v1/artefacts/${sha256}`, {
        method: 'PUT',
        headers: { authorization, 'content-type': 'application/octet-stream' },
        body: content,
        signal,
      });
      await answer.body?.cancel();
    },
    async report(report, signal) {
      if (sensor === undefined) return;
      const answer = await ask(`${url}/v1/sensors/${sensor}/heartbeat`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ ...report, at: new Date().toISOString() }),
        signal,
      });
      await answer.body?.cancel();
    },
  };
}

/** What became of lines. */
export interface Posted {
  readonly accepted: number;
  /** Here before. */
  readonly duplicates: number;
  readonly rejected: number;
}

/** @throws Postponed, WaterguardError as `Delivery.events` does */
export async function postEvents(
  { url, token }: Receiver,
  lines: readonly string[],
  signal: AbortSignal,
): Promise<Posted> {
  const answer = await ask(`${url}/v1/ingest`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/x-ndjson',
      'content-encoding': 'gzip',
    },
    body: gzipSync(lines.map((line) => `${line}\n`).join(''), { level: 1 }),
    signal,
  });
  const { accepted, duplicates, rejected } = (await answer.json()) as Readonly<Record<string, unknown>>;
  return {
    accepted: Number(accepted) || 0,
    duplicates: Number(duplicates) || 0,
    rejected: Array.isArray(rejected) ? rejected.length : 0,
  };
}

/** @throws Postponed where the server may take it later, WaterguardError where somebody has to act */
async function ask(url: string, request: RequestInit & { readonly signal: AbortSignal }): Promise<Response> {
  let answer: Response;
  try {
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(patience)]);
    answer = await fetch(url, { ...request, redirect: 'error', signal });
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new Postponed(`${new URL(url).origin} cannot be reached: ${messageOf(cause)}`, 0);
  }
  if (answer.ok) return answer;
  await answer.body?.cancel();
  if (answer.status === 401 || answer.status === 403) {
    throw new WaterguardError(
      'unauthorized',
      `the server refuses the token (${answer.status}): make one with the scope ingest, under Settings → Tokens.`,
    );
  }
  const mayPass = answer.status === 408 || answer.status === 429 || answer.status >= 500;
  if (!mayPass) throw new WaterguardError('refused', `the server answered ${answer.status}.`);
  const after = retryAfter(answer.headers.get('retry-after') ?? undefined, Date.now()) ?? 0;
  throw new Postponed(`the server answered ${answer.status}`, after);
}
