/** IP addresses in text: strict parsing, one normal form, and what kind of network they belong to. */
import { isIPv6 } from 'node:net';

/** `public` is the only scope in which an address can be an indicator. */
export type Scope =
  | 'public'
  | 'unspecified'
  | 'loopback'
  | 'private'
  | 'link-local'
  | 'shared'
  | 'documentation'
  | 'benchmark'
  | 'multicast'
  | 'reserved';

export interface Ip {
  /** Dotted quad, or IPv6 in the form of RFC 5952. */
  readonly address: string;
  readonly version: 4 | 6;
  readonly scope: Scope;
}

/** A whole text that is an address: four decimal numbers without leading zeros, or IPv6 with or without brackets. */
export function parseIp(text: string): Ip | undefined {
  const octets = parseOctets(text);
  if (octets !== undefined) return { address: text, version: 4, scope: scopeOf4(octets) };
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  if (bare.length > 45 || !isIPv6(bare) || bare.includes('%')) return undefined;
  const address = new URL('http://[' + bare + ']/').hostname.slice(1, -1);
  return { address, version: 6, scope: scopeOf6(address) };
}

/**
 * As `parseIp`, and in the other notations of `inet_aton`, which programs take for hosts as well: `3221226219`,
 * `0xc000026b`, `0300.0.2.0x6b`.
 */
export function parseContactedIp(text: string): Ip | undefined {
  const plain = parseIp(text);
  return plain !== undefined || !numericHost.test(text)
    ? plain
    : parseIp(URL.parse(`http://${text}/`)?.hostname ?? '');
}

const numericHost =
  /^(?:\d{8,10}|0x[\da-f]{1,8}|(?:0x[\da-f]{1,2}|\d{1,4})(?:\.(?:0x[\da-f]{1,2}|\d{1,4})){3})$/i;

/**
 * Whether a dotted quad in a text is rather a version number: `libx-1.2.3.4`, `version 10.0.1.2`, `1.2.3.4.5`.
 * @param start where the quad begins in `text`, @param end behind its last character
 */
export function looksLikeVersion(text: string, start: number, end: number): boolean {
  const next = text[end] ?? '';
  if (/[\w+~-]/.test(next) || (next === '.' && /\d/.test(text[end + 1] ?? ''))) return true;
  if (/(?:\bv|ver|version|release|rev|revision|[=<>~!]=|[\w.+~-])[\s:="']{0,5}$/i.test(beforeOf(text, start)))
    return true;
  const octets = parseOctets(text.slice(start, end)) ?? [];
  return next !== ':' && octets.every((octet) => octet < 32);
}

/** The characters before a place, but none that merely precede it with a blank: `to 1.2.3.4` is no version. */
function beforeOf(text: string, start: number): string {
  const before = text.slice(Math.max(0, start - 14), start);
  return /[a-z]\s$/i.test(before) && !/(?:version|ver|release|rev|revision|\bv)\s$/i.test(before)
    ? ''
    : before;
}

function parseOctets(text: string): number[] | undefined {
  if (text.length < 7 || text.length > 15) return undefined;
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  const octets: number[] = [];
  for (const part of parts) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    octets.push(Number(part));
  }
  return octets;
}

/** IANA IPv4 Special-Purpose Address Registry, 2026-01. */
function scopeOf4([a = 0, b = 0, c = 0, d = 0]: readonly number[]): Scope {
  if (a === 0) return 'unspecified';
  if (a === 127) return 'loopback';
  if (a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168)) return 'private';
  if (a === 169 && b === 254) return 'link-local';
  if (a === 100 && b >= 64 && b < 128) return 'shared';
  if (
    (a === 192 && b === 0 && c === 2) ||
    (a === 198 && b === 51 && c === 100) ||
    (a === 203 && b === 0 && c === 113)
  ) {
    return 'documentation';
  }
  if (a === 198 && (b === 18 || b === 19)) return 'benchmark';
  if (a >= 224 && a < 240) return 'multicast';
  if (a >= 240 || (a === 192 && b === 0 && c === 0) || (a === 255 && d === 255)) return 'reserved';
  return 'public';
}

/** IANA IPv6 Special-Purpose Address Registry, 2026-01; addresses that carry an IPv4 one have its scope. */
function scopeOf6(address: string): Scope {
  const groups = expand(address);
  const [first = 0, second = 0] = groups;
  const upper = groups.slice(0, 6).every((group, index) => group === (index === 5 ? 0xffff : 0));
  const low = [groups[6]! >> 8, groups[6]! & 255, groups[7]! >> 8, groups[7]! & 255];
  if (upper) return scopeOf4(low);
  if (first === 0x64 && second === 0xff9b) return scopeOf4(low);
  if (groups.slice(0, 7).every((group) => group === 0)) return groups[7] === 1 ? 'loopback' : 'unspecified';
  if ((first & 0xfe00) === 0xfc00) return 'private';
  if ((first & 0xffc0) === 0xfe80) return 'link-local';
  if ((first & 0xff00) === 0xff00) return 'multicast';
  if ((first === 0x2001 && second === 0xdb8) || (first & 0xfff0) === 0x3ff0) return 'documentation';
  return (first & 0xe000) === 0x2000 ? 'public' : 'reserved';
}

/** Eight numbers of an address in normal form. */
function expand(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return [...left, ...(tail === undefined ? [] : zeros), ...right].map((group) => Number.parseInt(group, 16));
}
