/** URLs in bytes: finds where one begins and ends, and puts URL and host into the collection. */
import { maxUrl, parseUrl, urlSpan } from '../../indicator/url.ts';
import type { OpenFile } from '../detector.ts';
import { withoutSecrets } from '../secrets/without-secrets.ts';
import { inComment } from './comment.ts';
import type { Collection } from './detector.ts';
import { isHostByte, type KnownHost, urlHost } from './host-cache.ts';

/** @param place where an anchor such as `tp://` begins */
export function addUrl(into: Collection, file: OpenFile, place: number): void {
  const { bytes } = file;
  const separator = place + 2;
  const hostEnd = endOfHost(bytes, separator + 3);
  const known = hostOf(bytes, separator + 3, hostEnd);
  if (known === null || (known === undefined && into.patience-- <= 0)) return;
  const start = startOfScheme(bytes, separator);
  const text = bytes.toString('latin1', start, endOfUrl(bytes, hostEnd, start + maxUrl));
  const span = urlSpan(text, separator - start);
  if (span === undefined) return;
  const written = span.start === 0 && span.end === text.length ? text : text.slice(span.start, span.end);
  const offset = start + span.start;
  if (!into.seen.has(written)) {
    into.seen.add(written);
    const rest = written.slice(hostEnd - offset);
    const url =
      known !== undefined && rest !== '' && /^[/?#]/.test(rest)
        ? joined(written, separator - offset, known, rest)
        : parsed(written);
    if (url === undefined) return;
    into.found.push({
      type: 'url',
      value: mayHoldSecret(url.value) ? withoutSecrets(url.value) : url.value,
      offset: file.offset + offset,
      note: url.scheme,
    });
    addHost(into, file, url.host, offset);
  } else if (known !== undefined) {
    addHost(into, file, known, offset);
  }
}

/** Most URLs are home pages: no settings, and no part as long as a token. */
function mayHoldSecret(url: string): boolean {
  return /[?=@&]|[\w-]{16}/.test(url);
}

/** In a comment a URL is there for people: it is kept as URL, and is no host that the file would reach. */
function addHost(into: Collection, file: OpenFile, host: KnownHost, offset: number): void {
  const key = host.type + ' ' + host.host;
  if (into.seen.has(key) || inComment(file, offset)) return;
  into.seen.add(key);
  into.found.push({ type: host.type, value: host.host, offset: file.offset + offset, note: 'url' });
}

interface ReadUrl {
  readonly value: string;
  readonly scheme: string;
  readonly host: KnownHost;
}

/** The usual case: nothing but a host between scheme and path. */
function joined(written: string, separator: number, host: KnownHost, rest: string): ReadUrl {
  const scheme = written.slice(0, separator).toLowerCase();
  return { value: scheme + '://' + host.host + (rest === '/' ? '' : rest), scheme, host };
}

function parsed(written: string): ReadUrl | undefined {
  const url = parseUrl(written);
  if (url === undefined || (url.ip !== undefined && url.ip.scope !== 'public')) return undefined;
  return {
    value: url.url,
    scheme: url.scheme,
    host: { type: url.ip === undefined ? 'domain' : 'ip', host: url.host },
  };
}

/**
 * The host if it is plain, null if it is none, undefined where only `parseUrl` can tell: behind `user@`, in brackets,
 * with a port, with letters beyond ASCII, or with the dot that ends a sentence.
 */
function hostOf(bytes: Buffer, start: number, end: number): KnownHost | null | undefined {
  const stop = bytes[end] ?? 0;
  if (
    stop === 0x40 ||
    stop === 0x5b ||
    stop === 0x3a ||
    stop === 0x25 ||
    stop >= 0x80 ||
    bytes[end - 1] === 0x2e
  )
    return undefined;
  return end - start < 4 ? null : urlHost(bytes.toString('latin1', start, end));
}

function endOfHost(bytes: Buffer, start: number): number {
  let end = start;
  while (end - start < 256 && isHostByte(bytes[end])) end++;
  return end;
}

function endOfUrl(bytes: Buffer, start: number, most: number): number {
  const limit = Math.min(bytes.length, most);
  let end = start;
  while (
    end < limit &&
    bytes[end]! > 0x20 &&
    bytes[end] !== 0x22 &&
    bytes[end] !== 0x3c &&
    bytes[end] !== 0x3e
  )
    end++;
  return end;
}

function startOfScheme(bytes: Buffer, separator: number): number {
  let start = separator;
  while (start > 0 && separator - start < 24 && (isHostByte(bytes[start - 1]) || bytes[start - 1] === 0x2b))
    start--;
  return start;
}
