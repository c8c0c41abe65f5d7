/**
 * What the hosts that were seen are for, by today's lists: mining pools, dynamic DNS, tunnels, malware, and names
 * that were registered days ago. Called by the scan's judge, never cached.
 *
 * A host in a file is a use only if it can be one: a file that holds twenty hosts of one list is a list itself (of a
 * blocker, a browser, the public suffix list), and the bare name of a dynamic DNS service is nobody's host.
 */

import { parseDomain } from '../../indicator/domain.ts';
import { bundledLists, type HostLists, type ListName } from '../../indicator/lists.ts';
import type { IndicatorType } from '../../model/indicator.ts';
import { printable } from '../../model/printable.ts';
import type { DetectedFinding, FindingKind } from '../detector.ts';

/** A value seen in a layer or configuration; `ordinal` is the caller's number of the file or place. */
export interface SeenValue {
  readonly type: IndicatorType;
  readonly value: string;
  /**
   * How a host was written: `url`; `pool`, as one that is mined at; `endpoint`, with a port; `script`, a name in one;
   * `bare`, a name and no more. A host that is written in two ways is seen twice.
   */
  readonly note: string;
  readonly places: readonly { readonly ordinal: number; readonly offset: number }[];
  /** In how many files, also beyond `places`. */
  readonly files: number;
}

export interface NetworkLists {
  readonly hosts: HostLists;
  /** Registration dates by registered domain, from a feed file. */
  readonly registered: ReadonlyMap<string, Date>;
}

export interface NetworkFinding {
  readonly finding: DetectedFinding;
  readonly ordinal: number;
  readonly offset: number;
}

/** @param feed text of a feed of new registrations, `domain,date` a line; see `parseRegistrations` */
export function loadNetworkLists(feed = ''): NetworkLists {
  return { hosts: bundledLists(), registered: parseRegistrations(feed) };
}

/** One finding per file, host and category. */
export function judgeNetwork(seen: readonly SeenValue[], lists: NetworkLists, now: Date): NetworkFinding[] {
  const matches: Match[] = [];
  const services: { readonly value: SeenValue; readonly entry: string }[] = [];
  for (const value of seen) {
    if (value.type !== 'domain' && value.type !== 'ip') continue;
    const listed = lists.hosts.match(value.value);
    if (listed.some((one) => one.list === 'sinkhole' || one.list === 'shortener')) continue;
    for (const { list, entry, note } of listed) {
      if (list === 'dynamic-dns') services.push({ value, entry });
      const weight = weightOf(list, value, entry);
      if (weight !== undefined) matches.push({ value, ...weight, detail: note });
    }
    const age = ageOf(value, lists.registered, now);
    if (age !== undefined)
      matches.push({ value, kind: kinds.registered, confidence: 0.4, detail: `registered ${age} days ago` });
  }
  const listFiles = filesThatList(matches);
  for (const ordinal of clientsOf(services)) listFiles.add(kinds.dynamic.rule + ' ' + ordinal);
  const found: NetworkFinding[] = [];
  for (const match of matches) {
    for (const { ordinal, offset } of match.value.places) {
      if (listFiles.has(match.kind.rule + ' ' + ordinal)) continue;
      found.push({ finding: toFinding(match, offset), ordinal, offset });
    }
  }
  return found;
}

interface Match {
  readonly value: SeenValue;
  readonly kind: FindingKind;
  readonly confidence: number;
  readonly detail: string;
}

export const kinds = {
  pool: {
    rule: 'network/mining-pool',
    title: 'Host of a mining pool',
    category: 'cryptomining',
    severity: 'medium',
    attack: ['T1496.001'],
  },
  dynamic: {
    rule: 'network/dynamic-dns',
    title: 'Host under a dynamic DNS service',
    category: 'dynamic-dns',
    severity: 'medium',
    attack: ['T1568'],
  },
  proxy: {
    rule: 'network/proxy-avoidance',
    title: 'Tunnel, web proxy or Tor gateway',
    category: 'proxy-avoidance',
    severity: 'medium',
    attack: ['T1572', 'T1090'],
  },
  malicious: {
    rule: 'network/malicious',
    title: 'Host known from malware',
    category: 'malicious-website',
    severity: 'medium',
    attack: ['T1105'],
  },
  hacking: {
    rule: 'network/hacking',
    title: 'Host that receives call-backs of exploits',
    category: 'hacking',
    severity: 'medium',
    attack: ['T1567'],
  },
  registered: {
    rule: 'network/newly-registered',
    title: 'Host under a newly registered domain',
    category: 'newly-registered-domain',
    severity: 'medium',
    attack: ['T1583.001'],
  },
} as const satisfies Record<string, FindingKind>;

/** A mention at or below this confidence is low. */
const mention = 0.3;

/** What a match on a list weighs; undefined where it cannot be a use. */
function weightOf(
  list: ListName,
  value: SeenValue,
  entry: string,
): { kind: FindingKind; confidence: number } | undefined {
  const bare = value.value === entry;
  const page = isPage(value.value, entry);
  switch (list) {
    case 'mining-pool':
      return { kind: kinds.pool, confidence: isMinedAt(value, page) ? 0.5 : mention };
    case 'dynamic-dns':
      return bare || page ? undefined : { kind: kinds.dynamic, confidence: 0.4 };
    case 'proxy-avoidance':
      return { kind: kinds.proxy, confidence: page || bare ? mention : 0.5 };
    case 'malicious':
      // By itself never strong: a list is of its date, and who asks for a host may be on the watch for it. Addresses
      // get new owners besides.
      return { kind: kinds.malicious, confidence: value.type === 'ip' ? 0.4 : 0.5 };
    case 'hacking':
      return { kind: kinds.hacking, confidence: bare || page ? mention : 0.5 };
    case 'shortener':
    case 'sinkhole':
      return undefined;
  }
}

/**
 * Miners connect to a port, at names below the pool's own, which is a page for people. A bare name is an entry of a
 * rule, a filter or a table.
 */
function isMinedAt({ type, value, note }: SeenValue, isOwnPage: boolean): boolean {
  if (type === 'ip' || note === 'bare') return false;
  return note === 'pool' || (!isOwnPage && (note === 'endpoint' || !isSite(value)));
}

/** A registered name itself, or its `www`: a page for people. */
function isSite(host: string): boolean {
  const site = parseDomain(host)?.registrable;
  return site === host || 'www.' + site === host;
}

/**
 * The service's own pages and interfaces: `www.noip.com`, `members.dyndns.org`, `ip1.dynupdate.no-ip.com`. Of a
 * longer name the part next to the service's says whose it is; `dynupdate6` is one of several.
 */
function isPage(host: string, entry: string): boolean {
  if (host.length <= entry.length) return false;
  const own = host.slice(0, -entry.length - 1);
  return ownNames.has(own.slice(own.lastIndexOf('.') + 1).replace(/\d$/, ''));
}

const ownNames = new Set(
  'www api sandbox docs blog help support status members update updates dynupdate nic freedns dashboard account forum wiki checkip checkip6 download rest whois dyn'.split(
    ' ',
  ),
);

/** Palo Alto Networks calls a domain newly registered for 32 days (Unit 42, 2019-08). */
const newForDays = 32;

function ageOf(value: SeenValue, registered: ReadonlyMap<string, Date>, now: Date): number | undefined {
  if (registered.size === 0 || value.type !== 'domain') return undefined;
  const date = registered.get(parseDomain(value.value)?.registrable ?? '');
  if (date === undefined) return undefined;
  const days = Math.floor((now.getTime() - date.getTime()) / 86_400_000);
  return days >= 0 && days <= newForDays ? days : undefined;
}

/** Files with so many different hosts of one kind are lists. */
const listSize = 20;

function filesThatList(matches: readonly Match[]): Set<string> {
  const hosts = new Map<string, Set<string>>();
  for (const { kind, value } of matches) {
    for (const { ordinal } of value.places) {
      const key = kind.rule + ' ' + ordinal;
      hosts.set(key, (hosts.get(key) ?? new Set()).add(value.value));
    }
  }
  return new Set([...hosts].filter(([, found]) => found.size >= listSize).map(([key]) => key));
}

/** A file that knows so many dynamic DNS services is a client for all of them (ddclient, inadyn), not a user of one. */
const clientServices = 6;

function clientsOf(services: readonly { readonly value: SeenValue; readonly entry: string }[]): number[] {
  const known = new Map<number, Set<string>>();
  for (const { value, entry } of services) {
    for (const { ordinal } of value.places) {
      const entries = known.get(ordinal) ?? new Set();
      known.set(ordinal, entries.add(entry));
    }
  }
  return [...known].filter(([, entries]) => entries.size >= clientServices).map(([ordinal]) => ordinal);
}

function toFinding({ value, kind, confidence, detail }: Match, offset: number): DetectedFinding {
  return {
    ...kind,
    severity: confidence <= mention ? 'low' : value.type === 'ip' ? 'medium' : kind.severity,
    confidence,
    subject: 'text',
    offset,
    length: value.value.length,
    excerpt: printable(detail === '' ? value.value : `${value.value} (${detail})`, 200),
    value: value.value,
  };
}

/**
 * A feed of registrations: `domain,date` lines, date as RFC 3339 or `YYYY-MM-DD`; other lines are left out. At most
 * 5,000,000 lines are read.
 */
export function parseRegistrations(text: string): Map<string, Date> {
  const found = new Map<string, Date>();
  let at = 0;
  for (let lines = 0; at < text.length && lines < 5_000_000; lines++) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end < 0 ? text.length : end).trim();
    at = end < 0 ? text.length : end + 1;
    const comma = line.indexOf(',');
    const date = comma < 4 ? Number.NaN : Date.parse(line.slice(comma + 1).trim());
    if (!Number.isNaN(date)) found.set(line.slice(0, comma).trim().toLowerCase(), new Date(date));
  }
  return found;
}
