/**
 * Reads the head of an HTTP/1.x request as Go's net/http does (1.19, `readRequest` and `readTransfer`): what it accepts
 * is accepted here, and what it refuses is refused with its words.
 */

/** A head may not be longer, in bytes (Go's own bound is 1 MiB; nobody honest comes near either). */
export const maxHead = 64 * 1024;

export interface Head {
  readonly method: string;
  /** As it stands in the request line. */
  readonly target: string;
  /** Percent-escapes undone. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly minor: 0 | 1;
  /** In the order and the case in which they came. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly framing: Framing;
  readonly keepsAlive: boolean;
}

/** How the body is delimited: so many bytes, or in chunks. */
export type Framing = { readonly kind: 'length'; readonly length: number } | { readonly kind: 'chunked' };

/** What cannot be answered but with a status and a sentence. */
export interface Refusal {
  readonly status: 400 | 405 | 414 | 431 | 501 | 505;
  /** After the status line's words; absent where Go says no more. */
  readonly reason?: string;
}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** @param bytes up to and without the empty line */
export function parseHead(bytes: Buffer): Head | Refusal {
  const lines = bytes.toString('latin1').split(/\r?\n/);
  const [method, target, version, ...more] = (lines[0] ?? '').split(' ');
  if (method === undefined || target === undefined || version === undefined || more.length > 0)
    return { status: 400 };
  if (!token.test(method)) return { status: 400 };
  const minor = /^HTTP\/(\d)\.(\d)$/.exec(version);
  if (minor === null) return { status: 400 };
  if (minor[1] !== '1') return { status: 505, reason: 'unsupported protocol version' };
  const url = parseTarget(method, target);
  if (url === undefined) return { status: 400 };

  const headers: [string, string][] = [];
  for (const line of lines.slice(1)) {
    if (/^[ \t]/.test(line)) {
      const last = headers.at(-1);
      if (last === undefined) return { status: 400 };
      last[1] = `${last[1]} ${line.trim()}`;
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0 || /[ \t]$/.test(line.slice(0, colon))) return { status: 400 };
    headers.push([line.slice(0, colon), line.slice(colon + 1).trim()]);
  }
  const all = (name: string): string[] =>
    headers.filter(([one]) => one.toLowerCase() === name).map(([, value]) => value);
  const isOld = minor[2] === '0';

  const hosts = all('host');
  if (!isOld && hosts.length === 0 && method !== 'CONNECT')
    return { status: 400, reason: 'missing required Host header' };
  if (hosts.length > 1) return { status: 400, reason: 'too many Host headers' };
  if (hosts.some((one) => /[^!-~]/.test(one))) return { status: 400, reason: 'malformed Host header' };
  for (const [name, value] of headers) {
    if (!token.test(name)) return { status: 400, reason: 'invalid header name' };
    if (/[\0-\x08\x0a-\x1f\x7f]/.test(value)) return { status: 400, reason: 'invalid header value' };
  }
  const framing = framingOf(all('transfer-encoding'), all('content-length'), isOld);
  if ('status' in framing) return framing;
  const connection = all('connection').join(',').toLowerCase().split(/,\s*/);
  return {
    method,
    target,
    ...url,
    minor: isOld ? 0 : 1,
    headers,
    framing,
    keepsAlive: isOld ? connection.includes('keep-alive') : !connection.includes('close'),
  };
}

export function parseTarget(method: string, target: string): Pick<Head, 'path' | 'query'> | undefined {
  if (method === 'CONNECT' && !target.startsWith('/')) return { path: '', query: new URLSearchParams() };
  if (target === '*') return { path: '*', query: new URLSearchParams() };
  const local = /^https?:\/\/[^/?#]+(.*)$/i.exec(target)?.[1] ?? target;
  if (!local.startsWith('/') && local !== '') return undefined;
  const mark = local.indexOf('?');
  const path = mark < 0 ? local : local.slice(0, mark);
  if (/[\0-\x20\x7f]/.test(path) || /%(?![0-9a-fA-F]{2})/.test(path)) return undefined;
  const bytes = path.replace(/%([0-9a-fA-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return {
    path: Buffer.from(bytes, 'latin1').toString('utf8'),
    query: new URLSearchParams(mark < 0 ? '' : Buffer.from(local.slice(mark + 1), 'latin1').toString('utf8')),
  };
}

export function framingOf(
  encodings: readonly string[],
  lengths: readonly string[],
  isOld: boolean,
): Framing | Refusal {
  if (encodings.length > 0 && !isOld) {
    if (encodings.length > 1 || encodings[0]!.toLowerCase() !== 'chunked')
      return { status: 501, reason: 'Unsupported transfer encoding' };
    return { kind: 'chunked' };
  }
  const [length = '0', ...others] = new Set(lengths);
  if (others.length > 0 || !/^\d{1,18}$/.test(length)) return { status: 400 };
  return { kind: 'length', length: Number(length) };
}
