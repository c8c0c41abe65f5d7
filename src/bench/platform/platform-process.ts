/** `waterguard up` as a process: where it listens, and a token for its API. */
import type { Scope } from '../../api/access.ts';
import { type Running, said } from '../processes.ts';

/** `http://127.0.0.1:PORT`, once it serves. */
export function urlOf(running: Running): Promise<string> {
  return said(running, /listening on (http:\S+)/, 120_000);
}

/** Signs in by the printed link and makes a token that outlives the process. */
export async function tokenOf(running: Running, scopes: readonly Scope[]): Promise<string> {
  const url = await urlOf(running);
  const link = await said(running, /sign-in#([\w-]+)/);
  const headers = { 'content-type': 'application/json', origin: url };
  const session = await fetch(`${url}/v1/session`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ link }),
  });
  const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? '';
  const made = await fetch(`${url}/v1/tokens`, {
    method: 'POST',
    headers: { ...headers, cookie },
    body: JSON.stringify({ name: 'bench', scopes }),
  });
  const { secret } = (await made.json()) as { secret?: string };
  if (secret === undefined) throw new Error(`no token: ${made.status}`);
  return secret;
}
