/** How a kind of server writes the head of its answers, and what it says to requests that are none. */
import { standardReason } from './reasons.ts';
import type { Refusal } from './request.ts';

export type Headers = readonly (readonly [name: string, value: string])[];

/** What follows from the answer, beside the headers that its handler set. */
export interface Framed {
  readonly status: number;
  readonly date: string;
  /** Of the body, in bytes; undefined where it comes in chunks, or where there is none to be announced. */
  readonly length: number | undefined;
  readonly isChunked: boolean;
  /** `close`, or what the server says to a client of HTTP/1.0 that asked for it. */
  readonly connection: 'close' | 'keep-alive' | undefined;
  /** Of HTTP/1. */
  readonly minor: 0 | 1;
  /** As far as it is known when the head is written. */
  readonly body: Buffer;
}

export interface Dialect {
  /** The status line's words for a code. */
  reason(status: number): string;
  /** All headers in their order. */
  headers(set: Headers, framed: Framed): Headers;
  /** All of the answer to what is no request. */
  refuse(refusal: Refusal): string;
  /** A body that is longer, in bytes, comes in chunks though it is known. */
  readonly largestWhole?: number;
  /** Of the status line, whatever the client speaks; otherwise the client's own. */
  readonly minor?: 0 | 1;
}

/**
 * Go's net/http: what the handler set, sorted by name, then date, length and what the server adds
 * (`response.writeHeader` and `extraHeader.Write` in server.go, Go 1.19).
 */
export const go: Dialect = {
  reason: standardReason,
  // What fits into the buffer before the connection's (`bufferBeforeChunkingSize`).
  largestWhole: 2048,
  headers(set, { date, length, isChunked, connection, minor, body }) {
    const sorted = [...set].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    const has = (name: string): boolean => set.some(([one]) => one === name);
    return [
      ...sorted,
      ...(has('Date') ? [] : [['Date', date] as const]),
      ...(length === undefined || has('Content-Length') ? [] : [['Content-Length', String(length)] as const]),
      ...(body.length === 0 || has('Content-Type') ? [] : [['Content-Type', kindOf(body)] as const]),
      ...(connection === undefined || (connection === 'close' && minor === 0)
        ? []
        : [['Connection', connection] as const]),
      ...(isChunked ? [['Transfer-Encoding', 'chunked'] as const] : []),
    ];
  },
  refuse({ status, reason }) {
    const words = `${status} ${standardReason(status)}`;
    const text = reason === undefined ? words : status === 501 ? reason : `${words}: ${reason}`;
    const line = status === 501 ? words : text;
    return `HTTP/1.1 ${line}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${text}`;
  },
};

/** What Go takes a body for whose kind nobody told (`DetectContentType`), as far as these servers send such. */
export function kindOf(body: Buffer): string {
  return body
    .subarray(0, 512)
    .some((byte) => byte < 9 || (byte > 13 && byte < 27) || (byte > 27 && byte < 32))
    ? 'application/octet-stream'
    : 'text/plain; charset=utf-8';
}

/**
 * A server whose handlers name all headers in their order; `Date`, `Content-Length`, `Connection` and
 * `Transfer-Encoding` stand where they are named with an empty value, and are left out where nothing is to be said.
 * @param refuse all of the answer to what is no request
 */
export function inOrder(refuse: Dialect['refuse']): Dialect {
  return {
    reason: standardReason,
    headers(set, { date, length, isChunked, connection }) {
      const own: Readonly<Record<string, string | undefined>> = {
        date,
        'content-length': length === undefined ? undefined : String(length),
        'transfer-encoding': isChunked ? 'chunked' : undefined,
        connection,
      };
      const written = set.flatMap(([name, value]): [string, string][] => {
        const made = value === '' && name.toLowerCase() in own ? own[name.toLowerCase()] : value;
        return made === undefined ? [] : [[name, made]];
      });
      const named = new Set(set.map(([name]) => name.toLowerCase()));
      // Without its framing nobody could read the answer, wherever it stands.
      if (length !== undefined && !named.has('content-length'))
        written.push(['Content-Length', String(length)]);
      if (isChunked && !named.has('transfer-encoding')) written.push(['Transfer-Encoding', 'chunked']);
      if (connection === 'close' && !named.has('connection')) written.push(['Connection', 'close']);
      return written;
    },
    refuse,
  };
}
