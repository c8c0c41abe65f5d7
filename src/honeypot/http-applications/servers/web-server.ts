/** The contract of a web server behind applications: its heads, and what it says where no application answers. */
import type { Dialect, Headers } from '../../http/dialect.ts';
import { type Head, parseHead, type Refusal } from '../../http/request.ts';
import type { Exchange } from '../../http/serve.ts';

export interface WebServer {
  readonly dialect: Dialect;
  /** Of a request, up to and without the empty line; as Go reads it where it is absent. */
  readonly parse?: (bytes: Buffer) => Head | Refusal;
  /** The answer's headers in the server's order, with those of the application where it puts them. */
  headers(type: string | undefined, more: Headers, request: Head): Headers;
  /** What it says to an improper target, where it refuses it. */
  readonly improper?: Refusal;
  /** What it answers itself. @param isThere something is at that path, for another method */
  own(request: Head, isThere: boolean): Own;
}

export interface Own {
  readonly status: number;
  readonly type?: string;
  readonly headers?: Headers;
  /** Its head is without a date. */
  readonly isUndated?: boolean;
  readonly body: string;
}

/** Answers where no application does. @param isThere something is at that path, for another method */
export function answerAlone(server: WebServer, exchange: Exchange, isThere: boolean): void {
  if (server.improper !== undefined && isImproper(exchange)) {
    exchange.close(server.dialect.refuse(server.improper));
    return;
  }
  const { status, type, headers = [], isUndated, body } = server.own(exchange, isThere);
  const all = server.headers(type, headers, exchange);
  exchange.respond(status, isUndated ? all.filter(([name]) => name !== 'Date') : all, body);
}

export function typed(type: string | undefined): Headers {
  return type === undefined ? [] : [['Content-Type', type]];
}

/**
 * Reads a head as Go does, but for wrong percent-escapes in its target, in which exploits hide: whoever refuses them
 * does so when nothing else is found in the request.
 */
export function readHead(bytes: Buffer): Head | Refusal {
  const text = bytes.toString('latin1');
  const end = /\r?\n/.exec(text)?.index ?? text.length;
  const first = text.slice(0, end);
  if (!wrongEscape.test(first)) return parseHead(bytes);
  const mended = first.replace(/%(?![0-9a-fA-F]{2})/g, '%25');
  const head = parseHead(Buffer.from(mended + text.slice(end), 'latin1'));
  return 'status' in head ? head : { ...head, target: first.split(' ')[1]! };
}

const wrongEscape = /%(?![0-9a-fA-F]{2})/;

/** What servers refuse that they read: a path out of the root, an escape that is none. */
function isImproper({ path, target }: Head): boolean {
  return leavesRoot(path) || wrongEscape.test(target.split('?', 1)[0]!);
}

/** More than there are names before it: out of the root. */
function leavesRoot(path: string): boolean {
  let depth = 0;
  for (const name of path.split('/')) {
    if (name === '..') depth -= 1;
    else if (name !== '' && name !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}

/** A head of which a line, or all, is longer. */
export function hasLongLine(bytes: Buffer, longest: number): boolean {
  for (let at = 0; at < bytes.length; ) {
    const feed = bytes.indexOf(10, at);
    const end = feed < 0 ? bytes.length : feed;
    if (end - at > longest) return true;
    at = end + 1;
  }
  return false;
}

export function headerIn({ headers }: Head, name: string): string | undefined {
  return headers.find(([one]) => one.toLowerCase() === name)?.[1];
}
