/**
 * Keys and values of one source, in sixteen databases, bounded in memory. What a command may add is known before it
 * runs; what is really held is counted again only when the sum of all that was added comes near the bound.
 */
import type { Quota } from '../world/files/quota.ts';
import { RedisError } from './reply.ts';
import type { SortedSet } from './sorted-set.ts';
import type { Stream } from './stream/stream.ts';

export type Value =
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'list'; readonly items: string[] }
  | { readonly kind: 'hash'; readonly fields: Map<string, string> }
  | { readonly kind: 'set'; readonly members: Set<string> }
  | SortedSet
  | Stream;

export type Kind = Value['kind'];

export interface Entry {
  readonly value: Value;
  /** Milliseconds since 1970. */
  expiresAt?: number;
  usedAt: number;
}

/** What a key costs beside its bytes, and each part of a value. */
const entryCost = 400;
export const partCost = 64;
/** Milliseconds between two counts of what is held, where it is nearly full. */
const recountEvery = 100;

export class Keyspace {
  readonly databases: readonly Database[];
  private readonly quota: Quota;
  private readonly most: number;
  /** Held at the last count, and added since then. */
  private counted = 0;
  private added = 0;
  private countedAt = 0;

  /** @param quota gives the memory, of which `most` bytes are asked for */
  constructor(quota: Quota, most = 4 << 20) {
    this.quota = quota;
    this.most = most;
    this.databases = Array.from({ length: 16 }, (_, index) => new Database(index, this));
  }

  /** Bytes, nearly. */
  get size(): number {
    return this.counted + this.added;
  }

  /** Has to be called before so much is added. @throws RedisError where there is no room for it */
  need(bytes: number): void {
    if (this.size + bytes > this.most) {
      if (Date.now() - this.countedAt < recountEvery) throw outOfMemory();
      this.recount();
      if (this.size + bytes > this.most) throw outOfMemory();
    }
    this.take(bytes);
    this.added += bytes;
  }

  private recount(): void {
    const before = this.size;
    this.countedAt = Date.now();
    this.counted = this.databases.reduce((sum, database) => sum + database.count(), 0);
    this.added = 0;
    this.take(this.counted - before);
  }

  private take(bytes: number): void {
    try {
      this.quota.take(bytes);
    } catch {
      throw outOfMemory();
    }
  }
}

/** Also for what would take more memory or time than a decoy has to give. */
export function outOfMemory(): RedisError {
  return new RedisError("OOM command not allowed when used memory > 'maxmemory'.");
}

/** What the parts of a command cost if all of them are kept. */
export function costOf(args: readonly string[]): number {
  return entryCost + args.reduce((sum, { length }) => sum + partCost + length, 0);
}

export class Database {
  readonly index: number;
  readonly keyspace: Keyspace;
  private entries = new Map<string, Entry>();
  private readonly listeners = new Set<(key: string | undefined) => void>();
  hits = 0;
  misses = 0;
  expired = 0;
  /** Changes since the last SAVE. */
  changes = 0;

  constructor(index: number, keyspace: Keyspace) {
    this.index = index;
    this.keyspace = keyspace;
  }

  /** The key as it is now, to be read; counted for INFO. */
  read(key: string): Entry | undefined {
    const entry = this.peek(key);
    if (entry === undefined) this.misses += 1;
    else {
      this.hits += 1;
      entry.usedAt = Date.now();
    }
    return entry;
  }

  peek(key: string): Entry | undefined {
    const entry = this.entries.get(key);
    if (entry?.expiresAt === undefined || entry.expiresAt > Date.now()) return entry;
    this.entries.delete(key);
    this.expired += 1;
    return undefined;
  }

  /** @throws RedisError where it holds something else */
  valueOf<K extends Kind>(key: string, kind: K): Extract<Value, { readonly kind: K }> | undefined {
    const value = this.read(key)?.value;
    if (value !== undefined && value.kind !== kind)
      throw new RedisError('WRONGTYPE Operation against a key holding the wrong kind of value');
    return value as Extract<Value, { readonly kind: K }> | undefined;
  }

  /** In place of what was there; when it ends stays where that is wanted. */
  put(key: string, value: Value, keepsTime = false): void {
    const before = keepsTime ? this.peek(key)?.expiresAt : undefined;
    this.entries.set(key, {
      value,
      usedAt: Date.now(),
      ...(before !== undefined && { expiresAt: before }),
    });
    this.changed(key);
  }

  delete(key: string): boolean {
    if (this.peek(key) === undefined) return false;
    this.entries.delete(key);
    this.changed(key);
    return true;
  }

  /** Has to be called after a value was changed in place; what is empty is no key any more. */
  changed(key: string): void {
    const value = this.entries.get(key)?.value;
    if (value !== undefined && isEmpty(value)) this.entries.delete(key);
    this.changes += 1;
    for (const listener of [...this.listeners]) listener(key);
  }

  clear(): void {
    this.changes += this.entries.size;
    this.entries = new Map();
    for (const listener of [...this.listeners]) listener(undefined);
  }

  swap(other: Database): void {
    [this.entries, other.entries] = [other.entries, this.entries];
    for (const listener of [...this.listeners, ...other.listeners]) listener(undefined);
  }

  /** @param listener is told which key changed, or that all may have. @returns takes it off again */
  listen(listener: (key: string | undefined) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** All that have not ended. */
  *keys(): Generator<readonly [key: string, entry: Entry]> {
    const now = Date.now();
    for (const pair of this.entries)
      if (pair[1].expiresAt === undefined || pair[1].expiresAt > now) yield pair;
  }

  get size(): number {
    return this.entries.size;
  }

  count(): number {
    let sum = 0;
    for (const [key, { value }] of this.keys()) sum += entryCost + key.length + sizeOf(value);
    return sum;
  }
}

/** Bytes, nearly. */
export function sizeOf(value: Value): number {
  if (value.kind === 'string') return value.text.length;
  if (value.kind === 'stream') return value.size;
  let sum = 0;
  for (const part of partsOf(value)) sum += partCost + part.length;
  return sum;
}

function* partsOf(value: Exclude<Value, { readonly kind: 'string' | 'stream' }>): Generator<string> {
  if (value.kind === 'list') yield* value.items;
  else if (value.kind === 'set') yield* value.members;
  else if (value.kind === 'hash') for (const [field, text] of value.fields) yield field + text;
  else for (const { member } of value.all) yield member;
}

function isEmpty(value: Value): boolean {
  switch (value.kind) {
    case 'string':
    case 'stream':
      return false;
    case 'list':
      return value.items.length === 0;
    case 'hash':
      return value.fields.size === 0;
    case 'set':
    case 'zset':
      return (value.kind === 'set' ? value.members : value).size === 0;
  }
}

/** How Redis keeps a value, by its size and with the default bounds; OBJECT ENCODING tells, and RDB files have it. */
export function encodingOf(value: Value): string {
  switch (value.kind) {
    case 'string':
      if (isInteger(value.text)) return 'int';
      return value.text.length <= 44 ? 'embstr' : 'raw';
    case 'list':
      return 'quicklist';
    case 'set':
      return value.members.size <= 512 && [...value.members].every(isInteger) ? 'intset' : 'hashtable';
    case 'hash':
      return value.fields.size <= 512 && [...value.fields].flat().every(isShort) ? 'listpack' : 'hashtable';
    case 'zset':
      return value.size <= 128 && value.all.every(({ member }) => isShort(member)) ? 'listpack' : 'skiplist';
    case 'stream':
      return 'stream';
  }
}

const isShort = (text: string): boolean => text.length <= 64;

function isInteger(text: string): boolean {
  return (
    text.length <= 20 &&
    /^(?:0|-?[1-9]\d{0,18})$/.test(text) &&
    BigInt.asIntN(64, BigInt(text)) === BigInt(text)
  );
}
