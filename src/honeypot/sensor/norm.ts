/** What an event says in normal form: its texts decoded, what the emulation saw, and the techniques that follow. */
import { isIP } from 'node:net';
import type { Norm } from '../../model/event.ts';
import type { Recorded } from '../decoy.ts';
import { registryOf } from '../payload/container.ts';
import { decodePayload } from '../payload/decode.ts';
import { techniquesOf } from '../payload/techniques.ts';
import type { Note } from '../world/world.ts';

/** Most values of each list, and most characters of one value and of all values of a list. */
const most = { values: 500, value: 4096, list: 32 * 1024 };

export function normOf(
  { texts, commands = [], images = [], notes = [], artefacts = [] }: Recorded,
  raw: Uint8Array,
): { readonly norm: Norm; readonly attack: readonly string[] } {
  const told = texts ?? (raw.length === 0 ? [] : [Buffer.from(raw).toString('utf8')]);
  const lists = {
    urls: new Set<string>(),
    hosts: new Set<string>(),
    images: new Set(images),
    wallets: new Set<string>(),
    commands: new Set(commands),
  };
  for (const text of told) {
    const decoded = decodePayload(text);
    for (const key of ['urls', 'hosts', 'images', 'wallets', 'commands'] as const)
      for (const value of decoded[key]) lists[key].add(value);
  }
  for (const note of notes) addNote(lists, note);
  for (const image of lists.images) {
    const registry = registryOf(image);
    if (registry !== undefined) lists.hosts.add(registry.host);
  }
  const norm = {
    urls: bounded(lists.urls),
    hosts: bounded(lists.hosts),
    images: bounded(lists.images),
    wallets: bounded(lists.wallets),
    commands: bounded(lists.commands),
  };
  const left = new Set(artefacts.map(({ name }) => name));
  for (const note of notes) if (note.kind === 'file') left.add(note.path);
  return { norm, attack: techniquesOf(norm.commands, norm, [...left]) };
}

/** Whom the emulated package managers ask: everybody does, so that it says nothing of a visitor. */
const mirrors: ReadonlySet<string> = new Set([
  'deb.debian.org',
  'dl-cdn.alpinelinux.org',
  'mirrorlist.centos.org',
  'pypi.org',
  'registry.npmjs.org',
]);

function bounded(values: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  let length = 0;
  for (const value of values) {
    const part = value.slice(0, most.value);
    length += part.length;
    if (kept.length >= most.values || length > most.list) break;
    kept.push(part);
  }
  return kept;
}

function addNote(lists: Readonly<Record<keyof Norm, Set<string>>>, note: Note): void {
  switch (note.kind) {
    case 'request': {
      const host = URL.parse(note.url)?.hostname.replace(/^\[|\]$/g, '');
      if (host !== undefined && mirrors.has(host)) return;
      lists.urls.add(note.url);
      if (host) lists.hosts.add(host);
      return;
    }
    case 'connect':
      if (isIP(note.host) !== 0 || note.host.includes('.')) lists.hosts.add(note.host.toLowerCase());
      return;
    case 'image':
      lists.images.add(note.reference);
      return;
    case 'command':
    case 'file':
      return;
  }
}
