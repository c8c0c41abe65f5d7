/** URLs in bytes: finds where one begins and ends, and puts URL and host into the collection. */
import { maxUrl, parseUrl, urlSpan } from '../../indicator/url.ts';
import type { OpenFile } from '../detector.ts';
import type { Collection } from './detector.ts';
import { urlHost } from './host-cache.ts';

/** @param place where an anchor such as `tp://` begins */
export function addUrl(into: Collection, file: OpenFile, place: number): void {
  const { bytes } = file;
  const separator = place + 2;
  let end = separator + 3;
  while (isHostByte(bytes[end])) end++;
  const stop = bytes[end];
  // `user@host`, `[address]`, `host:port`, names beyond ASCII and template marks go the slow way.
  const plain = stop !== 0x40 && stop !== 0x5b && stop !== 0x3a && stop !== 0x25 && (stop ?? 0) < 0x80;
  if (plain && (end === separator + 3 || urlHost(bytes.toString('latin1', separator + 3, end)) === null)) {
    // A name at the end of a sentence has a dot that is not its own.
    if (bytes[end - 1] !== 0x2e) return;
  }
  const start = Math.max(0, separator - 24);
  const text = bytes.toString('latin1', start, Math.min(bytes.length, separator + maxUrl));
  const span = urlSpan(text, separator - start);
  if (span === undefined) return;
  const written = text.slice(span.start, span.end);
  if (into.seen.has(written)) return;
  into.seen.add(written);
  add(into, written, file.offset + start + span.start);
}

function add(into: Collection, written: string, offset: number): void {
  const url = parseUrl(written);
  if (url === undefined || (url.ip !== undefined && url.ip.scope !== 'public')) return;
  const type = url.ip === undefined ? 'domain' : 'ip';
  into.found.push({ type: 'url', value: url.url, offset, note: url.scheme });
  const key = type + ' ' + url.host;
  if (into.seen.has(key)) return;
  into.seen.add(key);
  into.found.push({ type, value: url.host, offset, note: 'url' });
}

/** Letters, digits, dot, hyphen, underscore. */
function isHostByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x2e ||
    byte === 0x2d ||
    (byte >= 0x41 && byte <= 0x5a) ||
    byte === 0x5f
  );
}
