/**
 * What happens to every request before and after its handler: the path made clean, the version of the API looked at,
 * the request recorded, and errors answered as dockerd's middleware and error handler do (api/server, 20.10).
 */
import { go } from '../../http/dialect.ts';
import { rawOf } from '../../http/raw.ts';
import type { Exchange, HttpOptions } from '../../http/serve.ts';
import type { Engine } from '../engine/engine.ts';
import { DockerError } from '../engine/failure.ts';
import { clean } from '../engine/mounts.ts';
import { goJson } from '../json/encode.ts';
import { bounded } from '../record.ts';
import { apiHeaders, type Call } from './call.ts';
import type { Route, Router } from './route.ts';

const newest = 41;
const oldest = 12;
/** From this version on errors are JSON. */
const firstWithJsonErrors = 23;
/** Of a body, in bytes: contexts of builds, images and archives; and what is only read as JSON. */
const mostKept = 16 << 20;
const mostJson = 1 << 20;

/** Where whole files are sent. */
const uploads = /\/(build|archive|images\/load|images\/create)$/;

const uploadTypes = /\/(x-)?tar|octet-stream|gzip/;

export function apiOptions(router: Router, engineOf: (exchange: Exchange) => Engine): HttpOptions {
  return {
    dialect: go,
    keep: ({ path, headers }) =>
      uploads.test(path) ||
      headers.some(([name, value]) => /^content-type$/i.test(name) && uploadTypes.test(value))
        ? mostKept
        : mostJson,
    handle: (exchange) => dispatch(router, engineOf, exchange),
    refused: (connection, bytes) =>
      connection.record(
        'request',
        bounded('request', { raw: bytes, texts: [bytes.toString('latin1')], data: { isHttp: false } }),
      ),
  };
}

async function dispatch(
  router: Router,
  engineOf: (exchange: Exchange) => Engine,
  exchange: Exchange,
): Promise<void> {
  const { path, method } = exchange;
  const canonical = canonicalOf(path);
  if (canonical !== path) {
    await recordRequest(exchange, { isKnown: false });
    const mark = exchange.target.indexOf('?');
    const query = mark < 0 ? '' : exchange.target.slice(mark);
    exchange.respond(301, [['Location', `${encodeURI(canonical)}${query}`]]);
    return;
  }
  const version = /^\/v([0-9.]+)(?=\/)/.exec(path);
  const inner = version === null ? path : path.slice(version[0].length);
  const found =
    router.find(method, inner) ?? (method === 'OPTIONS' ? { route: anyOptions, name: '' } : undefined);
  if (found === undefined || (version !== null && found.route.isUnversioned)) {
    await recordRequest(exchange, { isKnown: false });
    exchange.respond(404, [['Content-Type', 'application/json']], goJson({ message: 'page not found' }));
    return;
  }
  const minor = version === null ? newest : minorOf(version[1]!);
  if (minor === undefined || minor < oldest || minor > newest) {
    await recordRequest(exchange, { isKnown: true });
    refuseVersion(exchange, version?.[1] ?? '', minor !== undefined && minor > newest);
    return;
  }
  if (!found.route.recordsItself) await recordRequest(exchange, { isKnown: true });
  let engine: Engine | undefined;
  const call: Call = {
    exchange,
    query: exchange.query,
    minor,
    name: found.name,
    get engine() {
      engine ??= engineOf(exchange);
      return engine;
    },
    record: (type, what = {}) => exchange.connection.record(type, bounded(type, what)),
  };
  try {
    await found.route.handle(call);
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    refuse(exchange, minor, error);
  }
}

const anyOptions: Route = {
  method: 'OPTIONS',
  pattern: '/{name}',
  handle: ({ exchange }) => exchange.respond(200, apiHeaders),
};

/** As gorilla's mux makes it, which sends whoever wrote it otherwise there. */
function canonicalOf(path: string): string {
  if (!path.includes('//') && !path.includes('/.')) return path;
  const made = clean(path);
  return path.endsWith('/') && made !== '/' ? `${made}/` : made;
}

/** @returns 41 of `1.41`; undefined for what is older than 1 */
function minorOf(version: string): number | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 1) return Number.POSITIVE_INFINITY;
  return major === 1 && Number.isFinite(minor) ? minor : undefined;
}

function refuseVersion(exchange: Exchange, version: string, isTooNew: boolean): void {
  const headers = apiHeaders.filter(([name]) => name !== 'Docker-Experimental');
  if (isTooNew) {
    const message = `client version ${version} is too new. Maximum supported API version is 1.${newest}`;
    exchange.respond(400, [...headers, ['Content-Type', 'application/json']], goJson({ message }));
    return;
  }
  const message = `client version ${version} is too old. Minimum supported API version is 1.${oldest}, please upgrade your client to a newer version\n`;
  exchange.respond(400, [...headers, ...plain], message);
}

const plain = [
  ['Content-Type', 'text/plain; charset=utf-8'],
  ['X-Content-Type-Options', 'nosniff'],
] as const;

function refuse(exchange: Exchange, minor: number, { status, message }: DockerError): void {
  if (status === 304) exchange.respond(304, apiHeaders);
  else if (minor < firstWithJsonErrors) exchange.respond(status, [...apiHeaders, ...plain], `${message}\n`);
  else exchange.respond(status, [...apiHeaders, ['Content-Type', 'application/json']], goJson({ message }));
}

/** A request that is nothing more: looked at, not used. What is unknown here may be meant for other software. */
async function recordRequest(exchange: Exchange, { isKnown }: { readonly isKnown: boolean }): Promise<void> {
  const { method, path, target } = exchange;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const body = hasBody ? (await exchange.body()).bytes : undefined;
  const isEmpty = body === undefined || body.length === 0;
  const what = {
    raw: isEmpty ? rawOf(exchange) : body,
    texts: isKnown
      ? isEmpty
        ? []
        : [body.toString('utf8')]
      : [path, ...(isEmpty ? [] : [body.toString('utf8')])],
    data: { method, target: target.slice(0, 2000), isKnown },
    attack: isDiscovery(method, path) ? ['T1613'] : [],
  };
  await exchange.connection.record('request', bounded('request', what));
}

/** Container and Resource Discovery. */
function isDiscovery(method: string, path: string): boolean {
  return (
    method === 'GET' &&
    /^(\/v[0-9.]+)?\/(info|containers|images|networks|volumes|swarm|nodes|services|tasks|secrets|configs|system|plugins)(\/|$)/.test(
      path,
    )
  );
}
