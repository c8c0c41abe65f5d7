/**
 * Weave Scope 1.13.2 as its own container starts it: app and probe in one, without a password. It shows hosts,
 * containers and processes, and opens a shell in any of them for whoever asks.
 */
import { gzipSync } from 'node:zlib';
import type { Connection, Decoy, Site } from '../decoy.ts';
import { go } from '../http/dialect.ts';
import { rawOf } from '../http/raw.ts';
import { type Exchange, serveHttp } from '../http/serve.ts';
import { acceptKey, acceptWebSocket } from '../http/websocket.ts';
import { perform } from './controls.ts';
import { encode } from './encode.ts';
import { type Estate, estateOf } from './estate.ts';
import { indexPage, uiDate } from './page.ts';
import { version } from './summaries.ts';
import { nodeOf, topologies } from './topology.ts';
import { topologyList } from './topology-list.ts';

/** Of a request's body, in bytes. */
const keep = 64 * 1024;
/** A body that is shorter, in bytes, is not packed (`gziphandler.DefaultMinSize`). */
const minPacked = 1400;

export const decoy: Decoy = {
  name: 'weave',
  ports: [{ name: 'weave' }],
  events: {
    request: { severity: 'info', worth: 'noise' },
    control: { severity: 'high', attack: ['T1609'], worth: 'evidence' },
    exec: { severity: 'high', attack: ['T1609', 'T1059.004'], worth: 'evidence' },
  },
  start: (_: Site) =>
    serveHttp({
      dialect: go,
      keep,
      handle: (exchange) => serve(exchange, estateOf(exchange.connection.host)),
      refused: (connection: Connection, raw) =>
        connection.record('request', { raw, data: { malformed: true } }),
    }),
};

async function serve(exchange: Exchange, estate: Estate): Promise<void> {
  const { method, target, connection } = exchange;
  const { bytes } = await exchange.body();
  const [, api, what, ...rest] = target.split('?', 1)[0]!.split('/').map(unescaped);
  const isControl = api === 'api' && what === 'control' && rest.length === 3 && method === 'POST';
  await connection.record(isControl ? 'control' : 'request', {
    raw: rawOf(exchange, bytes),
    texts: [],
    data: {
      method,
      target: target.slice(0, 2000),
      ...(isControl && { node: rest[1]!.slice(0, 500), control: rest[2]!.slice(0, 200) }),
    },
  });
  if (api !== 'api') return showFile(exchange, estate);
  if (isControl) return control(exchange, estate, rest, bytes);
  if (what === 'pipe') return pipe(exchange, estate, rest);
  if (what === 'report' && method === 'POST') return postReport(exchange);
  if (method !== 'GET') return notAllowed(exchange);
  const { host } = estate;
  switch (what) {
    case undefined:
      return respond(exchange, {
        capabilities: { historic_reports: false },
        hostname: host.hostname,
        id: estate.appId,
        version,
      });
    case 'topology':
      return topology(exchange, estate, rest);
    case 'probes':
      if (exchange.query.has('sparse')) return respond(exchange, true);
      return respond(exchange, [
        {
          hostname: host.hostname,
          id: estate.probeId,
          lastSeen: `${new Date().toISOString().slice(0, -1)}${String(process.hrtime()[1] % 1_000_000).padStart(6, '0')}Z`,
          version,
        },
      ]);
    case 'report':
      return respond(exchange, {
        Host: { nodes: nodesOf(estate, 'hosts') },
        Container: { nodes: nodesOf(estate, 'containers') },
        Window: 15_000_000_000,
      });
    default:
      return showFile(exchange, estate);
  }
}

function topology(
  exchange: Exchange,
  estate: Estate,
  [name, id, ...more]: readonly string[],
): void | Promise<void> {
  if (name === undefined) return respond(exchange, topologyList(estate, exchange.query));
  if (!Object.hasOwn(topologies, name) || more.length > 0) return notFound(exchange);
  if (id === undefined) return respond(exchange, { nodes: nodesOf(estate, name, exchange.query) });
  if (id === 'ws') return watch(exchange, estate, name);
  const node = nodeOf(estate, name, id);
  if (node === undefined) return notFound(exchange);
  respond(exchange, { node });
}

function nodesOf(estate: Estate, name: string, options = new URLSearchParams()): Record<string, unknown> {
  return Object.fromEntries(topologies[name]!(estate, options).map((node) => [node.id, node]));
}

/** Pushes all nodes once; what changes later is a visitor's own doing. */
async function watch(exchange: Exchange, estate: Estate, name: string): Promise<void> {
  const socket = upgrade(exchange);
  if (socket === undefined) return;
  const add = topologies[name]!(estate, exchange.query);
  await socket.send('text', encode({ add, update: null, remove: null, reset: true }));
  for await (const _ of socket.messages());
}

async function control(
  exchange: Exchange,
  estate: Estate,
  [probe = '', node = '', name = '']: readonly string[],
  body: Buffer,
): Promise<void> {
  const args = argumentsOf(body);
  if (args === undefined) return respond(exchange, 'json: unexpected character', 400);
  const answered = perform(estate, { probe, node, control: name, args });
  if ('error' in answered) respond(exchange, answered.error, 400);
  else respond(exchange, answered);
}

/** Texts by name; none where there is no body. @returns undefined for what is no JSON */
function argumentsOf(body: Buffer): Record<string, string> | undefined {
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, String(one)]));
  } catch {
    return undefined;
  }
}

async function pipe(
  exchange: Exchange,
  estate: Estate,
  [id = '', end, ...more]: readonly string[],
): Promise<void> {
  const { method } = exchange;
  const found = estate.pipes.get(id);
  if (id === '' || more.length > 0) return notFound(exchange);
  if (end === undefined && (method === 'DELETE' || method === 'POST')) {
    found?.close();
    return exchange.respond(200, []);
  }
  if (method !== 'GET') return notAllowed(exchange);
  if (end === 'check') return found === undefined ? notFound(exchange) : exchange.respond(204, []);
  if (end !== undefined || found === undefined) return notFound(exchange);
  const socket = upgrade(exchange);
  if (socket === undefined) return;
  estate.visitors += 1;
  await found.attach(socket, exchange.connection);
  estate.visitors -= 1;
}

/** As gorilla/websocket of 2016 does it. @returns undefined where it was refused */
function upgrade(exchange: Exchange): ReturnType<typeof acceptWebSocket> | undefined {
  const key = acceptKey(exchange);
  const isUpgrade = /\bupgrade\b/i.test(exchange.header('connection') ?? '');
  if (key === undefined || !isUpgrade || exchange.header('sec-websocket-version') !== '13') {
    exchange.respond(400, plain, 'Bad Request\n');
    return undefined;
  }
  const head = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n\r\n`;
  return acceptWebSocket(exchange, head, 'theirs');
}

/** Of other people's probes: taken, and shown to nobody. */
function postReport(exchange: Exchange): void {
  const type = exchange.header('content-type') ?? '';
  if (/^application\/(?:json|msgpack)/.test(type)) exchange.respond(200, []);
  else respond(exchange, `Unsupported Content-Type: ${type}`, 400);
}

function respond(exchange: Exchange, value: unknown, status = 200): void {
  const body = Buffer.from(encode(value));
  const isPackable = exchange.method === 'GET';
  const isPacked =
    isPackable && body.length >= minPacked && /\bgzip\b/.test(exchange.header('accept-encoding') ?? '');
  exchange.respond(
    status,
    [
      ['Content-Type', 'application/json'],
      ['Cache-Control', 'no-cache'],
      ...(isPackable ? ([['Vary', 'Accept-Encoding']] as const) : []),
      ...(isPacked ? ([['Content-Encoding', 'gzip']] as const) : []),
    ],
    isPacked ? gzipSync(body) : body,
  );
}

const plain = [
  ['Content-Type', 'text/plain; charset=utf-8'],
  ['X-Content-Type-Options', 'nosniff'],
] as const;

function notFound(exchange: Exchange): void {
  exchange.respond(404, plain, '404 page not found\n');
}

function notAllowed(exchange: Exchange): void {
  exchange.respond(405, []);
}

/** Go's file server over what is built in: its page, for people. */
function showFile(exchange: Exchange, estate: Estate): void {
  const path = exchange.path.replace(/^\/ui(?=\/|$)/, '') || '/';
  if (path === '/index.html') exchange.respond(301, [['Location', './']]);
  else if (path !== '/') notFound(exchange);
  else
    exchange.respond(
      200,
      [
        ['Accept-Ranges', 'bytes'],
        ['Content-Type', 'text/html; charset=utf-8'],
        ['Last-Modified', uiDate],
      ],
      indexPage(estate.host.persona),
    );
}

/** As `url.QueryUnescape`; what is no escape stays. */
function unescaped(text: string): string {
  const bytes = text
    .replaceAll('+', ' ')
    .replace(/%([0-9a-fA-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
