/**
 * EC2's instance metadata service, as whoever has a way to make requests from the machine looks for it: version 1,
 * version 2 with its token, and credentials that open nothing and are recognised wherever they are tried.
 */
import type { Connection, Decoy, Site } from '../decoy.ts';
import { inOrder } from '../http/dialect.ts';
import { rawOf } from '../http/raw.ts';
import { type Exchange, serveHttp } from '../http/serve.ts';
import { imds } from '../persona/imds.ts';
import type { Persona } from '../persona/persona.ts';

/** Nobody sends a body; in bytes. */
const keep = 4096;

export const decoy: Decoy = {
  name: 'imds',
  ports: [{ name: 'imds' }],
  events: {
    request: { severity: 'low', attack: ['T1580'], worth: 'talk' },
    token: { severity: 'medium', attack: ['T1552.005'], worth: 'talk' },
    credentials: { severity: 'high', attack: ['T1552.005'], worth: 'evidence' },
  },
  start: ({ persona }: Site) =>
    serveHttp({
      dialect: inOrder(() => 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nServer: EC2ws\r\n\r\n'),
      keep,
      handle: (exchange) => answer(exchange, persona),
      refused: (connection: Connection, raw) =>
        connection.record('request', { raw, data: { malformed: true } }),
    }),
};

async function answer(exchange: Exchange, persona: Persona): Promise<void> {
  const { method, target, path } = exchange;
  const headers = Object.fromEntries(exchange.headers.map(([name, value]) => [name.toLowerCase(), value]));
  const { status, headers: set, body } = imds(persona, method, target, headers);
  const data = { method, target: target.slice(0, 1000), status };
  await exchange.connection.record(typeOf(method, path, status), { raw: rawOf(exchange), texts: [], data });
  exchange.respond(status, [...set, ['Content-Length', ''], ['Date', ''], ['Connection', 'close']], body);
}

function typeOf(method: string, path: string, status: number): 'request' | 'token' | 'credentials' {
  if (method === 'PUT' && path === '/latest/api/token') return 'token';
  return status === 200 && /\/security-credentials\/[^/]+$/.test(path) ? 'credentials' : 'request';
}
