/** Hosts and URLs as a program takes them, in normal form; what leads back to the machine itself is none. */
import { parseBareDomain, parseDomain } from '../../indicator/domain.ts';
import type { Ip } from '../../indicator/ip.ts';
import { contacted, findUrls, parseUrl } from '../../indicator/url.ts';

export interface Place {
  readonly host: string;
  readonly url?: string;
}

/**
 * How sure it is that a host is meant: `host` where nothing else can stand, `page` where a URL may lack its scheme,
 * `name` where it is one argument among others.
 */
export type Certainty = 'host' | 'page' | 'name';

/** `HOST`, `USER@HOST:PORT/PATH`, without scheme; a page gets that of HTTP, as curl and wget have it. */
export function placeOf(text: string, certainty: Certainty): Place | undefined {
  const parts =
    /^(?:[^@\s/]{1,256}@)?(\[[\da-fA-F:.]{2,45}\]|[^\s:/@?#[\]=]{1,253})(?::(\d{1,5}))?([/?#]\S{0,2000})?$/.exec(
      withPath(text),
    );
  if (parts === null) return undefined;
  const [, name = '', port, path] = parts;
  const isNumber = /^\w+$/.test(name);
  const ip = isNumber && certainty === 'name' ? undefined : contacted.ip(name);
  if (ip !== undefined && !leadsAway(ip)) return undefined;
  const host = ip?.address ?? domainOf(name, certainty, port !== undefined, path !== undefined);
  if (host === undefined) return undefined;
  if (certainty !== 'page') return { host };
  const url = parseUrl(`http://${withoutVariables(text)}`, contacted)?.url;
  return { host, ...(url !== undefined && { url }) };
}

function domainOf(
  name: string,
  certainty: Certainty,
  hasPort: boolean,
  hasPath: boolean,
): string | undefined {
  switch (certainty) {
    case 'host':
      return contacted.domain(name)?.host;
    case 'page':
      if (hasPort || hasPath) return contacted.domain(name)?.host;
      return fileName.test(name) ? undefined : registered(name);
    case 'name':
      return hasPort || reserved.test(name) ? registered(name) : parseBareDomain(name, false)?.host;
  }
}

function registered(name: string): string | undefined {
  return (reserved.test(name) ? contacted.domain(name) : parseDomain(name))?.host;
}

/** Names for examples (RFC 2606): exercises are recorded like attacks. */
const reserved = /\.(?:example|invalid|test)$|(?:^|\.)example\.(?:com|net|org)$/i;

/** Endings of domains that end more file names than names of hosts. */
const fileName = /\.(?:sh|py|pl|so|zip|md|rs|run)$/i;

/** Not the machine itself, nor everybody: a visitor's server may well have a private address. */
export function leadsAway({ scope }: Ip): boolean {
  return scope !== 'loopback' && scope !== 'unspecified' && scope !== 'multicast' && scope !== 'reserved';
}

/** All URLs of a text, up to variables and substitutions that nobody knows. */
export function placesIn(text: string): Place[] {
  if (!text.includes('://')) return [];
  const places: Place[] = [];
  for (const { url, scheme, host, ip } of findUrls(withPath(text), mostUrls, contacted)) {
    if (ip !== undefined && !leadsAway(ip)) continue;
    const known = withoutVariables(url);
    const whole = known.length < url.length ? known.replace(/[.,;:!?*]{1,20}$/, '') : url;
    places.push({ host, ...(schemes.test(scheme) && { url: whole }) });
  }
  return places;
}

/** `192.0.2.1$PATH`: a variable behind a whole address begins the path. */
function withPath(text: string): string {
  return text.includes('$')
    ? text.replace(/((?:^|[/@])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?)(?=\$[\w{(])/g, '$1/')
    : text;
}

/** What is written before `://` and means a protocol; what is not may be the rest of a word that was hidden. */
const schemes =
  /^(?:https?|ftps?|tftp|wss?|tcp|udp|tls|ssl|ssh|sftp|scp|rsync|git|git\+ssh|svn|ldaps?|rmi|iiop|dns|socks[45]?[ah]?|rediss?|mysql|postgres(?:ql)?|mongodb|amqp|ircs?|smb|gopher|dict|(?:stratum|ethproxy|ethstratum|nicehash|daemon|zec|equihash)[\w+-]*)$/;

/** Of one text; bounds the look-ups in a text of nothing but addresses. */
const mostUrls = 400;

function withoutVariables(text: string): string {
  return /\$(?:[({\w]|$)/.test(text) ? text.replace(/\$(?:[({\w].*|$)/s, '') : text;
}
