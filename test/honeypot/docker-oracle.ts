/** Asks a daemon, the real one or the decoy, what `docker-requests.ts` has, and tells where two of them differ. */
import { connect, type NetConnectOpts } from 'node:net';
import type { DockerRequest } from './docker-requests.ts';

export interface Told {
  readonly request: string;
  /** As it came, in Latin 1. */
  readonly answer: string;
}

/** An answer that takes longer is none, in milliseconds. */
const longest = 15_000;

export async function askAll(where: NetConnectOpts, requests: readonly DockerRequest[]): Promise<Told[]> {
  const kept = new Map<string, string>();
  const fill = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (whole, name: string) => kept.get(name) ?? whole);
  const told: Told[] = [];
  for (const request of requests) {
    if (request.after !== undefined) await new Promise((resolve) => setTimeout(resolve, request.after));
    const bytes = bytesOf(request, fill);
    const answer = await ask(where, bytes, request);
    const id = /"(?:Id|ID|Name)":"([^"]+)"/.exec(answer)?.[1];
    if (request.keep !== undefined && id !== undefined) kept.set(request.keep, id);
    const shown = typeof request.body === 'string' ? request.body.slice(0, 200) : '';
    told.push({ request: request.bytes ?? `${request.method} ${request.target} ${shown}`, answer });
  }
  return told;
}

function bytesOf(
  { method, target, body = '', headers = [], bytes }: DockerRequest,
  fill: (text: string) => string,
): Buffer {
  if (bytes !== undefined) return Buffer.from(bytes, 'latin1');
  const content = Buffer.from(typeof body === 'string' ? fill(body) : body);
  const has = (name: string): boolean => headers.some((line) => line.toLowerCase().startsWith(`${name}:`));
  const lines = [
    `${method} ${encodeURI(fill(target)).replaceAll('%25', '%')} HTTP/1.1`,
    'Host: docker',
    'User-Agent: Go-http-client/1.1',
    ...(content.length > 0 || method === 'POST' || method === 'PUT'
      ? [`Content-Length: ${content.length}`]
      : []),
    ...(content.length > 0 && !has('content-type') ? ['Content-Type: application/json'] : []),
    ...headers,
    ...(has('connection') ? [] : ['Connection: close']),
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), content]);
}

function ask(
  where: NetConnectOpts,
  bytes: Buffer,
  { typing, stopAfter, bytes: raw }: DockerRequest,
): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(where);
    let answer = '';
    let isTyped = typing === undefined;
    const timer = setTimeout(() => socket.destroy(), stopAfter ?? longest);
    socket.setEncoding('latin1').on('data', (part: string) => {
      answer += part;
      if (isTyped || !answer.includes('\r\n\r\n')) return;
      isTyped = true;
      socket.end(typing ?? '');
    });
    socket.on('error', () => {});
    socket.once('close', () => {
      clearTimeout(timer);
      resolve(answer);
    });
    if (raw === undefined) socket.write(bytes);
    else socket.end(bytes);
  });
}

/** What is not of the software but of the machine: its storage driver, its control groups, its profiles. */
const ofTheMachine =
  /GraphDriver\.Data|DriverStatus|memory_stats\.(stats|max_usage)|blkio_stats|percpu_usage|pids_stats\.limit|OomKillDisable|IPAM\.Config\[\]\.Gateway/;

/** @returns what differs, in words; empty where nothing does */
export function differences(real: string, decoy: string, isExact = false): string[] {
  const [a, b] = [partsOf(real), partsOf(decoy)];
  const found: string[] = [];
  if (a.status !== b.status) found.push(`status: ${a.status} | ${b.status}`);
  if (a.names.join() !== b.names.join()) found.push(`headers: ${a.names.join()} | ${b.names.join()}`);
  const [one, other] = isExact ? [] : [shapeOf(a.body), shapeOf(b.body)];
  if (one === undefined || other === undefined) {
    if (plain(a.body) !== plain(b.body))
      found.push(`body: ${JSON.stringify(a.body.slice(0, 200))} | ${JSON.stringify(b.body.slice(0, 200))}`);
  } else {
    const [missing, added] = [
      [...one].filter((path) => !other.has(path)),
      [...other].filter((path) => !one.has(path)),
    ];
    if (missing.length + added.length > 0)
      found.push(`shape: without ${missing.join(' ')}; more ${added.join(' ')}`);
  }
  const words = (body: string): string => plain(/"message":"((?:[^"\\]|\\.)*)"/.exec(body)?.[1] ?? '');
  if (words(a.body) !== words(b.body)) found.push(`words: ${words(a.body)} | ${words(b.body)}`);
  return found;
}

function partsOf(answer: string): {
  readonly status: string;
  readonly names: string[];
  readonly body: string;
} {
  const gap = answer.indexOf('\r\n\r\n');
  const [status = '', ...lines] = answer.slice(0, gap).split('\r\n');
  const body = answer.slice(gap + 4);
  const isChunked = lines.includes('Transfer-Encoding: chunked');
  return {
    status,
    names: lines.map((line) => line.split(':', 1)[0]!),
    body: isChunked ? unchunked(body) : body,
  };
}

function unchunked(chunks: string): string {
  let [text, rest] = ['', chunks];
  for (;;) {
    const feed = rest.indexOf('\r\n');
    const size = Number.parseInt(rest.slice(0, feed), 16);
    if (feed < 0 || !(size > 0)) return text;
    text += rest.slice(feed + 2, feed + 2 + size);
    rest = rest.slice(feed + 4 + size);
  }
}

/** Paths and types of all members of a JSON text, or of one value a line; undefined for what is none. */
function shapeOf(body: string): Set<string> | undefined {
  const paths = new Set<string>();
  try {
    addShape(JSON.parse(body), '$', paths);
    return paths;
  } catch {
    // A stream of values, or no JSON.
  }
  try {
    for (const line of body.split('\n')) if (line.trim() !== '') addShape(JSON.parse(line), '$', paths);
    return paths;
  } catch {
    return undefined;
  }
}

function addShape(value: unknown, path: string, paths: Set<string>): void {
  if (ofTheMachine.test(path)) return;
  if (Array.isArray(value)) {
    paths.add(`${path}:array`);
    for (const one of value) addShape(one, `${path}[]`, paths);
  } else if (typeof value === 'object' && value !== null) {
    paths.add(`${path}:object`);
    for (const [name, one] of Object.entries(value))
      addShape(one, `${path}.${/^[0-9a-f]{64}$/.test(name) ? '<id>' : name}`, paths);
  } else paths.add(`${path}:${value === null ? 'null' : typeof value}`);
}

/** Ids, times and numbers made equal, and the length in the head of a frame. */
function plain(text: string): string {
  return text
    .replace(/([\x01\x02])\0{6}[\s\S]/g, '$1')
    .replace(/[0-9a-f]{64}|\b[0-9a-f]{12}\b/g, '<id>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/\d+/g, '#');
}
