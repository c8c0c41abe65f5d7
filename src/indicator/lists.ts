/**
 * Lists of hosts by what they are for: mining pools, dynamic DNS, tunnels, malware. They ship as plain text under
 * `rules/lists/`, with sources and licences beside them. This is the one file of the ground floor that reads: the
 * lists are part of the program, like its code.
 */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export const listNames = [
  'mining-pool',
  'dynamic-dns',
  'proxy-avoidance',
  'malicious',
  'hacking',
  'shortener',
  'sinkhole',
] as const;
export type ListName = (typeof listNames)[number];

export interface Listed {
  readonly list: ListName;
  /** The entry that matched: the host itself or a domain above it. */
  readonly entry: string;
  /** Malware family and the like; empty where the list has none. */
  readonly note: string;
}

export interface HostLists {
  /** All lists that hold the host or a domain above it, the longest entry of each. `host` in normal form. */
  match(host: string): readonly Listed[];
  /** All entries of a list, addresses included. */
  entries(list: ListName): readonly string[];
}

const poolBit = 1 << listNames.indexOf('mining-pool');
const maliciousBit = 1 << listNames.indexOf('malicious');

/**
 * An entry of both lists is a pool: lists of malware name the pools that it mines in, and those serve other people too.
 * @param texts one entry a line, `#` begins a comment line, a tab a note
 */
export function parseLists(texts: Readonly<Partial<Record<ListName, string>>>): HostLists {
  const masks = new Map<string, number>();
  const notes = new Map<string, string>();
  for (const [index, name] of listNames.entries()) {
    for (const line of (texts[name] ?? '').split('\n')) {
      if (line === '' || line[0] === '#') continue;
      const tab = line.indexOf('\t');
      const entry = tab < 0 ? line : line.slice(0, tab);
      masks.set(entry, (masks.get(entry) ?? 0) | (1 << index));
      if (tab >= 0) notes.set(name + ' ' + entry, line.slice(tab + 1));
    }
  }
  for (const [entry, mask] of masks) if (mask & poolBit) masks.set(entry, mask & ~maliciousBit);
  return {
    entries(list) {
      const bit = 1 << listNames.indexOf(list);
      return [...masks].filter(([, mask]) => (mask & bit) !== 0).map(([entry]) => entry);
    },
    match(host) {
      let found = none;
      let seen = 0;
      const last = host.lastIndexOf('.');
      for (let at = 0; at <= last || at === 0; at = host.indexOf('.', at) + 1) {
        const entry = at === 0 ? host : host.slice(at);
        const fresh = (masks.get(entry) ?? 0) & ~seen;
        if (fresh !== 0) found = [...found, ...listed(entry, fresh)];
        seen |= fresh;
        if (last < 0) break;
      }
      return found;
    },
  };

  function listed(entry: string, mask: number): Listed[] {
    return listNames
      .filter((_name, index) => (mask >> index) & 1)
      .map((list) => ({ list, entry, note: notes.get(list + ' ' + entry) ?? '' }));
  }
}

const none: readonly Listed[] = [];

interface Bundled {
  readonly lists: HostLists;
  readonly digest: string;
}

let texts: readonly (readonly [ListName, string])[] | undefined;
let bundled: Bundled | undefined;

/** Reads the lists now, for a process that may need them when it may read no file any more: 100 kB. */
export function readLists(): typeof texts & {} {
  texts ??= listNames.map((name) => [
    name,
    readFileSync(new URL(`../../rules/lists/${name}.txt`, import.meta.url), 'utf8'),
  ]);
  return texts;
}

/** The lists of `rules/lists/`, put together at the first call. */
export function bundledLists(): HostLists {
  bundled ??= bundle();
  return bundled.lists;
}

/** Changes with any entry: what was judged by other lists may be judged otherwise now. */
export function bundledDigest(): string {
  bundled ??= bundle();
  return bundled.digest;
}

function bundle(): Bundled {
  const texts = readLists();
  return { lists: parseLists(Object.fromEntries(texts)), digest: hash('sha256', JSON.stringify(texts)) };
}

/** Whether an entry is a name and no address. */
export function isName(entry: string): boolean {
  return !/^[\d.]+$|:/.test(entry);
}

/** Whether a host, in normal form, is one of a mining pool. */
export function isPoolHost(host: string): boolean {
  return bundledLists()
    .match(host)
    .some((one) => one.list === 'mining-pool');
}
