/**
 * URLs in text, found by `://`. What counts is the host; a URL whose host is neither a name with a public suffix nor
 * an address is left out, so variables (`http://$HOST/`) and templates do not become indicators.
 */
import { type Domain, parseContactedDomain, parseDomain } from './domain.ts';
import { type Ip, parseContactedIp, parseIp } from './ip.ts';

export interface Url {
  /** Lower-case scheme and host, default port dropped, user information left out (it may be a secret). */
  readonly url: string;
  readonly scheme: string;
  /** Domain or address in normal form, IPv6 without brackets. */
  readonly host: string;
  readonly domain?: Domain;
  readonly ip?: Ip;
  /** Given in the URL, or the scheme's default; 0 where there is none. */
  readonly port: number;
  /** With query; empty where nothing follows the host. */
  readonly path: string;
  /** `user` or `user:password` as written: for miners the wallet. Never shown whole. */
  readonly user?: string;
}

export interface FoundUrl extends Url {
  readonly offset: number;
  readonly length: number;
}

const defaultPorts: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  ftp: 21,
  ws: 80,
  wss: 443,
  ssh: 22,
  git: 9418,
};

/** What counts as a host. */
export interface HostReader {
  ip(text: string): Ip | undefined;
  domain(text: string): Domain | undefined;
}

/** Of URLs in content: what can be an indicator. */
const strict: HostReader = { ip: parseIp, domain: parseDomain };

/** Of URLs that somebody was told to contact: also addresses in other notations and names of no known suffix. */
export const contacted: HostReader = { ip: parseContactedIp, domain: parseContactedDomain };

/** Longest URL that is read; what follows is cut. */
export const maxUrl = 2048;

/** All URLs of a text in order, at most `most`. */
export function findUrls(text: string, most = 2000, hosts = strict): FoundUrl[] {
  const found: FoundUrl[] = [];
  let tries = 4 * most;
  // URLs in URLs end together: their end is looked for once.
  let wordEnd = 0;
  for (let at = text.indexOf('://'); at >= 0 && tries-- > 0; at = text.indexOf('://', at + 3)) {
    if (found.length >= most) break;
    if (wordEnd < at + 3) wordEnd = endOfWord(text, at + 3, text.length);
    const span = urlSpan(text, at, wordEnd);
    const url = span && parseUrl(text.slice(span.start, span.end), hosts);
    if (span && url) found.push({ ...url, offset: span.start, length: span.end - span.start });
  }
  return found;
}

/**
 * Where the URL around a `://` begins and ends: brackets and punctuation that enclose it are not part of it.
 * @param wordEnd the first character behind it that no URL has, where that is known
 */
export function urlSpan(
  text: string,
  separator: number,
  wordEnd = endOfWord(text, separator + 3, separator + maxUrl),
): { start: number; end: number } | undefined {
  const start = schemeStart(text, separator);
  if (start === separator) return undefined;
  const most = Math.min(text.length, start + maxUrl);
  const end = trimmedEnd(text, separator + 3, Math.min(wordEnd, most));
  return end > separator + 3 ? { start, end } : undefined;
}

/** One URL of any scheme. */
export function parseUrl(text: string, hosts = strict): Url | undefined {
  const parts =
    /^([A-Za-z][A-Za-z0-9+.-]{0,31}):\/\/(?:([^/?#\s]{0,512})@)?(\[[0-9A-Fa-f:.]{2,45}\]|[^/?#:@\s]{1,254})(?::(\d{1,5}))?([/?#].*)?$/s.exec(
      text.slice(0, maxUrl),
    );
  if (parts === null) return undefined;
  const [, rawScheme = '', user, rawHost = '', rawPort, path = ''] = parts;
  const ip = hosts.ip(rawHost);
  const domain = ip === undefined ? hosts.domain(rawHost) : undefined;
  const host = ip?.address ?? domain?.host;
  if (host === undefined) return undefined;
  const scheme = rawScheme.toLowerCase();
  const usual = defaultPorts[scheme] ?? 0;
  const port = rawPort === undefined ? usual : Number(rawPort);
  if (port > 65_535) return undefined;
  const shownHost = ip?.version === 6 ? '[' + host + ']' : host;
  const shownPort = port === usual ? '' : ':' + port;
  return {
    url: scheme + '://' + shownHost + shownPort + (path === '/' ? '' : path),
    scheme,
    host,
    port,
    path,
    ...(domain === undefined ? {} : { domain }),
    ...(ip === undefined ? {} : { ip }),
    ...(user === undefined ? {} : { user }),
  };
}

function schemeStart(text: string, separator: number): number {
  let start = separator;
  while (start > 0 && separator - start < 24 && isSchemeCharacter(text.charCodeAt(start - 1))) start--;
  // A scheme begins with a letter: `-http://`, `1http://`.
  while (start < separator && !isLetter(text.charCodeAt(start))) start++;
  return start;
}

function endOfWord(text: string, from: number, most: number): number {
  let end = from;
  while (end < most && end < text.length && !isEnd(text.charCodeAt(end))) end++;
  return end;
}

function isSchemeCharacter(code: number): boolean {
  return isLetter(code) || (code >= 48 && code <= 57) || code === 43 || code === 45 || code === 46;
}

function isLetter(code: number): boolean {
  return (code | 32) >= 97 && (code | 32) <= 122;
}

/** Blanks, controls, quotes, angle brackets, backslash, backtick, braces, pipe, non-ASCII bytes of latin1 text. */
function isEnd(code: number): boolean {
  return (
    code <= 32 ||
    code === 127 ||
    code === 34 ||
    code === 39 ||
    code === 60 ||
    code === 62 ||
    code === 92 ||
    code === 94 ||
    code === 96 ||
    code === 123 ||
    code === 124 ||
    code === 125
  );
}

/** The end without closing punctuation and without brackets that were opened before the URL. */
function trimmedEnd(text: string, start: number, most: number): number {
  let end = most;
  let open: number | undefined;
  while (end > start) {
    const last = text[end - 1]!;
    const closes = last === ')' || last === ']';
    if (closes) open ??= openedIn(text, start, most);
    const unopened = closes && open! < 0;
    if (!unopened && !'.,;:!?*'.includes(last)) break;
    if (unopened) open! += 1;
    end--;
  }
  return end;
}

/** Brackets that are opened more often than closed; below 0 the other way. */
function openedIn(text: string, start: number, end: number): number {
  let open = 0;
  for (let at = start; at < end; at++) {
    const character = text[at];
    if (character === '(' || character === '[') open++;
    else if (character === ')' || character === ']') open--;
  }
  return open;
}
