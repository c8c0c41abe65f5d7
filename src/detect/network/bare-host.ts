/**
 * Hosts without a scheme: names with a usual ending in scripts and small texts, and in scripts that open connections
 * also any name and address that a command could connect to. Addresses of people (`a@b.org`) are left out.
 */
import { looksLikeVersion, parseIp } from '../../indicator/ip.ts';
import type { OpenFile } from '../detector.ts';
import { listedHosts } from './anchors.ts';
import { inComment } from './comment.ts';
import type { Collection } from './detector.ts';
import { bareHost, isHostByte, type KnownHost, urlHost } from './host-cache.ts';

/** @param place where an ending such as `.com` begins */
export function addBareHost(into: Collection, file: OpenFile, place: number): void {
  const span = spanOf(file.bytes, place);
  if (span === undefined || span.start === place) return;
  const text = file.bytes.toString('latin1', span.start, span.end);
  push(into, file, bareHost(text, span.hasPort), span.start, noteOf(file, span.hasPort));
}

/**
 * The same for a host that is on a list, whatever its ending means elsewhere.
 * @param place where the entry begins
 */
export function addListedHost(into: Collection, file: OpenFile, place: number): void {
  const { bytes } = file;
  const span = spanOf(bytes, place);
  if (span === undefined || (span.start !== place && bytes[place - 1] !== 0x2e)) return;
  if (!listedHosts.has(bytes.toString('latin1', place, span.end))) return;
  const host = urlHost(bytes.toString('latin1', span.start, span.end));
  push(into, file, host, span.start, noteOf(file, span.hasPort));
}

/** A name around a place in it; undefined where it is part of something else. */
function spanOf(
  bytes: Buffer,
  place: number,
): { readonly start: number; readonly end: number; readonly hasPort: boolean } | undefined {
  let start = place;
  while (start > 0 && place - start < 200 && isHostByte(bytes[start - 1])) start--;
  let end = place + 1;
  while (end - place < 60 && isHostByte(bytes[end])) end++;
  while (end > start && bytes[end - 1] === 0x2e) end--;
  const before = bytes[start - 1];
  const after = bytes[end];
  // `@` an address, `/` a path or a URL that was found already, `%` and `$` templates, `(` a call.
  if (before === 0x40 || before === 0x2f || before === 0x25 || before === 0x24 || before === 0x7d)
    return undefined;
  if (after === 0x40 || after === 0x28) return undefined;
  return { start, end, hasPort: after === 0x3a && isDigit(bytes[end + 1]) };
}

/** A script may connect to what it names; elsewhere a name without a port may be an entry of any list. */
function noteOf(file: OpenFile, hasPort: boolean): string {
  return hasPort ? 'endpoint' : file.kind === 'script' ? 'script' : 'bare';
}

const name = /(?<![\w@.%$/-])((?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24})(?::\d{1,5})?(?![\w(.@-])/g;
const quad = /(?<![\w.-])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w.-])/g;
const device = /\/dev\/(?:tcp|udp)\/([A-Za-z0-9.-]{4,253})\/\d{1,5}/g;

/** Everything that the commands of a script could connect to. The script is small: see `maxBare`. */
export function addConnections(into: Collection, file: OpenFile): void {
  const text = file.bytes.toString('latin1');
  for (const match of text.matchAll(name)) {
    const hasPort = match[0].length > match[1]!.length;
    push(into, file, bareHost(match[1]!, hasPort), match.index, noteOf(file, hasPort));
  }
  for (const match of text.matchAll(device)) {
    const ip = parseIp(match[1]!);
    if (ip === undefined) push(into, file, bareHost(match[1]!, true), match.index, 'endpoint');
    else if (ip.scope === 'public')
      push(into, file, { type: 'ip', host: ip.address }, match.index, 'endpoint');
  }
  for (const match of text.matchAll(quad)) {
    const ip = parseIp(match[0]);
    if (ip?.scope !== 'public' || looksLikeVersion(text, match.index, match.index + match[0].length))
      continue;
    push(into, file, { type: 'ip', host: ip.address }, match.index, 'endpoint');
  }
}

function push(into: Collection, file: OpenFile, host: KnownHost | null, place: number, note: string): void {
  if (host === null) return;
  const key = host.type + ' ' + host.host;
  if (into.seen.has(key) || inComment(file, place)) return;
  into.seen.add(key);
  into.found.push({ type: host.type, value: host.host, offset: file.offset + place, note });
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}
