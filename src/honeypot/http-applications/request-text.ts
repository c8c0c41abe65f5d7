/** One request as exploits hide in it: its parts by name, escapes undone, and what is in the lookups of Log4j. */
import type { Exchange } from '../http/serve.ts';
import { decoded } from './encodings.ts';

export interface RequestText {
  readonly method: string;
  readonly path: string;
  /** Request target, escapes undone as often as they are there, twice at most. */
  readonly target: string;
  readonly query: URLSearchParams;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** As text, one character a byte. */
  readonly body: string;
}

export function textOf(exchange: Exchange, body: Buffer): RequestText {
  const { method, path, query, headers } = exchange;
  return {
    method,
    path,
    target: unescaped(unescaped(exchange.target)),
    query,
    headers,
    body: body.toString('latin1'),
  };
}

export function headerOf({ headers }: RequestText, name: string): string | undefined {
  return headers.find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1];
}

/** Of `application/x-www-form-urlencoded`, or of the fields of `multipart/form-data`. */
export function formValue(request: RequestText, name: string): string | undefined {
  const parts = partsOf(request);
  if (parts === undefined) return new URLSearchParams(request.body).get(name) ?? undefined;
  return parts.find(({ head }) => head.includes(`name="${name}"`))?.content;
}

interface Part {
  readonly head: string;
  readonly content: string;
}

/** @returns undefined for a body that is no `multipart/…` */
function partsOf(request: RequestText): Part[] | undefined {
  const boundary = /boundary="?([^";\s]{1,70})"?/i.exec(headerOf(request, 'content-type') ?? '')?.[1];
  return boundary === undefined
    ? undefined
    : request.body.split(`--${boundary}`).flatMap((part) => {
        const [whole, head = ''] = /^([\s\S]{0,2000}?)\r?\n\r?\n/.exec(part) ?? [];
        return whole === undefined ? [] : [{ head, content: part.slice(whole.length).replace(/\r?\n$/, '') }];
      });
}

/** All that a visitor filled in: parameters, what is in the body, and the values of headers. */
export function* valuesOf(request: RequestText): Generator<string> {
  yield* request.query.values();
  yield* request.query.keys();
  yield* bodyValuesOf(request);
  for (const [, value] of request.headers) yield value;
}

/** Fields of forms, strings of JSON, texts between tags; a body that is none of these as it stands. */
export function* bodyValuesOf(request: RequestText): Generator<string> {
  const parts = partsOf(request);
  const json = parts === undefined ? parsed(request.body) : undefined;
  if (parts !== undefined) yield* parts.map((one) => one.content);
  else if (json !== undefined) yield* stringsIn(json);
  else if (/^\s*<(?:\?xml|[\w:]+[\s>])/.test(request.body)) yield* textsIn(request.body);
  else {
    const form = new URLSearchParams(request.body);
    // A body without names is one value as it stands.
    if (/^[\w.[\]-]{1,100}=/.test(request.body)) yield* form.values();
    else yield request.body;
  }
}

function* textsIn(markup: string): Generator<string> {
  for (let end = markup.indexOf('>'); end >= 0; end = markup.indexOf('>', end + 1)) {
    const begin = markup.indexOf('<', end);
    if (begin < 0) return;
    const text = markup.slice(end + 1, begin);
    if (/\S/.test(text)) yield decoded(text, ['html']);
  }
}

function* stringsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null)
    for (const one of Object.values(value)) yield* stringsIn(one);
}

/** Deepest JSON that is read: V8 takes more, its stack does not. */
const maxDepth = 200;

/** @param path names and numbers, `a.b.0` */
export function jsonValue({ body }: RequestText, path: string): string | undefined {
  let value = parsed(body);
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  if (Array.isArray(value))
    return value.every((one) => typeof one === 'string') ? value.join(' ') : undefined;
  return typeof value === 'string' ? value : undefined;
}

export function isJson({ body }: RequestText): boolean {
  return parsed(body) !== undefined;
}

function parsed(body: string): unknown {
  if (depthOf(body) > maxDepth) return undefined;
  try {
    return JSON.parse(Buffer.from(body, 'latin1').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Of brackets, those in strings too: an upper bound. */
function depthOf(text: string): number {
  let [depth, most] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x5b || code === 0x7b) most = Math.max(most, ++depth);
    else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return most;
}

export function unescaped(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Lookups of Log4j one inside the other; each pass undoes the innermost. */
const maxPasses = 10;

/**
 * `${${lower:j}ndi:${::-l}dap://host/a}` as Log4j reads it.
 * @returns the addresses that it would ask, `ldap://host/a`
 */
export function jndiAddresses(text: string): string[] {
  let plain = text;
  for (let pass = 0; pass < maxPasses; pass += 1) {
    const next = plain.replace(/\$\{(?!jndi:)([^${}]{0,200})\}/gi, (_, lookup: string) => {
      const named = /^(lower|upper):(.*)$/is.exec(lookup);
      if (named !== null)
        return named[1]!.toLowerCase() === 'lower' ? named[2]!.toLowerCase() : named[2]!.toUpperCase();
      // Whatever is not there has its default, which is what obfuscation lives on.
      return /:-(.*)$/s.exec(lookup)?.[1] ?? '';
    });
    if (next === plain) break;
    plain = next;
  }
  return [...plain.matchAll(/\$\{jndi:([^}\s]{1,500})\}?/gi)].map(([, address]) => address!);
}
