/**
 * Jupyter Notebook 6.4.12 of Debian 12, open to everybody: neither token nor password. Its terminals and kernels run in
 * the emulated machine, its files are those of the machine.
 */
import type { Connection, Decoy, Site } from '../decoy.ts';
import { rawOf } from '../http/raw.ts';
import { type Exchange, serveHttp } from '../http/serve.ts';
import { acceptKey, acceptWebSocket } from '../http/websocket.ts';
import { type Answer, type Call, commonHeaders, errorAnswer, HttpError, send } from './answer.ts';
import { missing, type Route, routes } from './routes.ts';
import { type Server, serverOf } from './server.ts';
import { cookieOf, firstHeaders, forgery, parseTornadoHead, tornado } from './tornado.ts';

/** Of a request's body, in bytes: of files that are put, and of anything else. */
const kept = { files: 12 << 20, others: 256 << 10 } as const;

export const decoy: Decoy = {
  name: 'jupyter',
  ports: [{ name: 'jupyter' }],
  events: {
    request: { severity: 'info', worth: 'noise' },
    'terminal.input': { severity: 'high', attack: ['T1059.004'], worth: 'evidence' },
    execute: { severity: 'high', attack: ['T1059.006'], worth: 'evidence' },
    'file.put': { severity: 'high', attack: ['T1105'], worth: 'evidence' },
  },
  start: (_: Site) =>
    serveHttp({
      dialect: tornado,
      parse: parseTornadoHead,
      keep: ({ method, path }) =>
        method === 'PUT' && path.startsWith('/api/contents') ? kept.files : kept.others,
      handle: (exchange) => serve(exchange, serverOf(exchange.connection.host)),
      refused: (connection: Connection, raw) =>
        connection.record('request', { raw, data: { malformed: true } }),
    }),
};

async function serve(exchange: Exchange, server: Server): Promise<void> {
  const { path, method } = exchange;
  const found = routes.find(({ pattern }) => pattern.test(path)) ?? missing;
  const args = (found.pattern.exec(path) ?? []).slice(1).map((part) => unescaped(part ?? ''));
  const { bytes, length } = await exchange.body();
  const call: Call = { exchange, server, args, body: bytes };
  const answer = await answerOf(call, found).catch((error: unknown): Answer => {
    if (error instanceof HttpError) return errorAnswer(found.kind, error, server);
    throw error;
  });
  await exchange.connection.record('request', {
    raw: rawOf(exchange, bytes),
    texts: [],
    data: { method, target: exchange.target.slice(0, 2000), status: answer.status, bodyLength: length },
  });
  if (answer.status === 101) return converse(call, found);
  send(exchange, found.kind, answer);
}

const supported = ['GET', 'HEAD', 'POST', 'DELETE', 'PATCH', 'PUT', 'OPTIONS'];

/** In the order in which Tornado and Jupyter look (`RequestHandler._execute`, `APIHandler.prepare`). @throws HttpError */
async function answerOf(call: Call, { kind, methods, only = supported, socket }: Route): Promise<Answer> {
  const { exchange } = call;
  const { method } = exchange;
  if (!only.includes(method)) throw new HttpError(405);
  if (!['GET', 'HEAD', 'OPTIONS'].includes(method)) {
    const why = forgery(tokenOf(call), cookieOf(exchange.header('cookie'), '_xsrf'));
    if (why !== undefined) throw new HttpError(403, why);
  }
  if (kind === 'api' && method !== 'OPTIONS' && isForeign(exchange)) throw new HttpError(404);
  if (socket !== undefined && method === 'GET') return handshake(call, socket);
  const handler = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (handler !== undefined) return handler(call);
  if (kind === 'api' && method === 'OPTIONS')
    return { status: 200, type: 'application/json', headers: allowed };
  throw new HttpError(405);
}

const allowed = [
  ['Access-Control-Allow-Headers', 'accept, content-type, authorization, x-xsrftoken'],
  ['Access-Control-Allow-Methods', 'GET, PUT, POST, PATCH, DELETE, OPTIONS'],
] as const;

function tokenOf({ exchange, body }: Call): string | undefined {
  const isForm = exchange.header('content-type')?.startsWith('application/x-www-form-urlencoded') === true;
  const inBody = isForm ? new URLSearchParams(body.toString('latin1')).get('_xsrf') : null;
  return (
    exchange.query.get('_xsrf') || inBody || exchange.header('x-xsrftoken') || exchange.header('x-csrftoken')
  );
}

/** A page of another site asks. */
function isForeign(exchange: Exchange): boolean {
  const [origin, host] = [exchange.header('origin'), exchange.header('host')];
  if (origin === undefined || host === undefined) return false;
  return URL.parse(origin)?.host !== host.replace(/:(?:80|443)$/, '');
}

/** @returns 101 where a WebSocket may begin */
function handshake({ exchange, server, args: [name = ''] }: Call, socket: 'terminal' | 'kernel'): Answer {
  const isThere = socket === 'terminal' ? server.terminals.has(name) : server.kernels.has(name);
  if (!isThere) throw new HttpError(404);
  const refuse = (status: number, body: string): Answer => ({ status, body, hasNoTag: true });
  if (exchange.header('upgrade')?.toLowerCase() !== 'websocket')
    return refuse(400, 'Can "Upgrade" only to "WebSocket".');
  const connection = (exchange.header('connection') ?? '').split(',').map((one) => one.trim().toLowerCase());
  if (!connection.includes('upgrade')) return refuse(400, '"Connection" must be "Upgrade".');
  if (isForeign(exchange)) return refuse(403, 'Cross origin websockets not allowed');
  return acceptKey(exchange) === undefined
    ? refuse(400, 'Missing/Invalid WebSocket headers')
    : { status: 101 };
}

async function converse({ exchange, server, args: [name = ''] }: Call, route: Route): Promise<void> {
  const lines = [
    ...firstHeaders(undefined, Date.now()),
    ...commonHeaders(route.kind),
    ['Upgrade', 'websocket'],
    ['Connection', 'Upgrade'],
    ['Sec-Websocket-Accept', acceptKey(exchange)],
  ].map(([header, value]) => `${header}: ${value}\r\n`);
  const opened = acceptWebSocket(
    exchange,
    `HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`,
    'theirs',
  );
  const { connection } = exchange;
  if (route.socket === 'terminal') return server.terminals.get(name)?.attach(opened, connection);
  const session = exchange.query.get('session_id')?.slice(0, 100) ?? '';
  return server.kernels.get(name)?.attach(opened, connection, session);
}

/** As `url_unescape`: what is no escape stays. */
function unescaped(text: string): string {
  const bytes = text.replace(/%([0-9a-fA-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
