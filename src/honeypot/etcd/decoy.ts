/**
 * etcd 3.4.23 as Debian 12 has it, without TLS and without users: what a cluster of Kubernetes keeps, over gRPC and over
 * HTTP on the same port, and keys of version 2, which are switched on.
 */
import type { Connection, Decoy } from '../decoy.ts';
import { go } from '../http/dialect.ts';
import { rawOf } from '../http/raw.ts';
import { type Exchange, serveHttp } from '../http/serve.ts';
import { perWorld } from '../per-world.ts';
import { Quota } from '../world/files/quota.ts';
import { serveGateway } from './gateway.ts';
import { serveGrpc } from './grpc.ts';
import { serveKeys } from './keys/serve.ts';
import { type Kind, kindOf } from './mux.ts';
import { cors, refuse, servePage } from './pages.ts';
import { createRegistry } from './registry.ts';
import { Etcd } from './server.ts';

/** Bytes of all that visitors write. */
const maxMemory = 24 << 20;
/** Bytes of a request's body: etcd takes a key and value of 1.5 MiB, in base64. */
const maxBody = 3 << 20;

export const decoy: Decoy = {
  name: 'etcd',
  ports: [{ name: 'etcd' }],
  events: {
    request: { severity: 'info', worth: 'noise' },
    range: { severity: 'medium', worth: 'talk' },
    watch: { severity: 'medium', worth: 'talk' },
    put: { severity: 'high', worth: 'evidence', attack: ['T1565.001'] },
    delete: { severity: 'high', worth: 'evidence', attack: ['T1485'] },
    snapshot: { severity: 'high', worth: 'evidence', attack: ['T1005', 'T1552.007'] },
    member: { severity: 'high', worth: 'evidence' },
    auth: { severity: 'medium', worth: 'evidence' },
  },
  start({ persona }) {
    const quota = new Quota(maxMemory);
    const registry = createRegistry(persona);
    const etcdOf = perWorld(() => new Etcd(persona, registry(), quota));
    return (connection) => talk(connection, etcdOf(connection.host));
  },
};

/** Looks at the first bytes, and gives them to whom they are for. */
async function talk(connection: Connection, etcd: Etcd): Promise<void> {
  const { stream } = connection;
  etcd.connections += 1;
  stream.once('close', () => {
    etcd.connections -= 1;
  });
  connection.hurry();
  const { kind, first } = await begin(stream);
  if (stream.destroyed) return;
  if (kind === 'unknown') {
    await connection.record('request', { raw: first, data: { problem: 'no request' } });
    stream.end(() => stream.destroy());
    return;
  }
  stream.unshift(first);
  if (kind === 'http2') await serveGrpc(connection, etcd);
  else
    await serveHttp({ dialect: go, keep: maxBody, handle: (exchange) => handle(exchange, etcd), refused })(
      connection,
    );
}

/** Resolves when it is clear what it is, or the visitor has said all. */
function begin(stream: Connection['stream']): Promise<{ readonly kind: Kind; readonly first: Buffer }> {
  let first = Buffer.alloc(0);
  return new Promise((resolve) => {
    const look = (chunk: Buffer): void => {
      first = Buffer.concat([first, chunk]);
      const kind = kindOf(first);
      if (kind !== undefined) decide(kind);
    };
    const give = (): void => decide('unknown');
    const decide = (kind: Kind): void => {
      stream.off('data', look);
      stream.off('end', give);
      stream.off('close', give);
      stream.pause();
      resolve({ kind, first });
    };
    stream.on('data', look);
    stream.once('end', give);
    stream.once('close', give);
    stream.resume();
  });
}

function refused(connection: Connection, bytes: Buffer): Promise<void> {
  return connection.record('request', { raw: bytes, data: { problem: 'no request' } });
}

async function handle(exchange: Exchange, etcd: Etcd): Promise<void> {
  const { connection, method, path } = exchange;
  await drained(connection);
  if (method === 'OPTIONS') {
    exchange.respond(200, path === '*' ? [['Content-Length', '0']] : cors);
    return;
  }
  if (method !== 'CONNECT' && redirect(exchange)) return;
  if (await serveKeys(exchange, etcd)) return;
  if (await serveGateway(exchange, etcd)) return;
  await connection.record('request', {
    raw: rawOf(exchange),
    texts: [path.slice(0, 2000)],
    data: { method, path: path.slice(0, 1000) },
  });
  if (!servePage(exchange, etcd)) refuse(exchange, 404, '404 page not found\n');
}

/** Answers are long, and nobody reads the next one before this. */
async function drained({ stream }: Connection): Promise<void> {
  if (!stream.writableNeedDrain) return;
  await new Promise<void>((resolve) => {
    for (const event of ['drain', 'close']) stream.once(event, () => resolve());
  });
}

/** Go's multiplexer wants paths as they should be. @returns whether it sent the client there */
function redirect(exchange: Exchange): boolean {
  const { path, method } = exchange;
  const cleaned = path === '/v3' || path === '/v3beta' ? `${path}/` : clean(path);
  if (cleaned === path) return false;
  const query = exchange.target.includes('?') ? exchange.target.slice(exchange.target.indexOf('?')) : '';
  const location = encodeURI(cleaned) + query;
  const isRead = method === 'GET' || method === 'HEAD';
  const body = isRead ? `<a href="${escaped(location)}">Moved Permanently</a>.\n\n` : '';
  exchange.respond(
    301,
    [
      ...cors,
      ...(isRead ? ([['Content-Type', 'text/html; charset=utf-8']] as const) : []),
      ['Location', location],
    ],
    body,
  );
  return true;
}

function clean(path: string): string {
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  const cleaned = `/${names.join('/')}`;
  return path.endsWith('/') && cleaned !== '/' ? `${cleaned}/` : cleaned;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
