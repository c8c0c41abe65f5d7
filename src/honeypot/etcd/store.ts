/**
 * The keys of etcd's version 3 with their revisions, as one source sees and changes them: what all sources share comes
 * first, and memory that a visitor takes is bounded. A key is latin1, so that it orders by its bytes.
 */
import type { Quota } from '../world/files/quota.ts';
import { failures } from './failure.ts';

export interface KeyValue {
  readonly key: string;
  readonly value: Buffer;
  readonly createRevision: bigint;
  readonly modRevision: bigint;
  /** Counts changes since it was created. */
  readonly version: bigint;
  /** 0 for none. */
  readonly lease: bigint;
}

export interface Change {
  readonly kind: 'put' | 'delete';
  readonly key: string;
  readonly before: KeyValue | undefined;
  /** Undefined where it was deleted. */
  readonly after: KeyValue | undefined;
  readonly revision: bigint;
}

/** From and to, as requests have them: one key, those up to another, all from here on (`\0`). */
export interface Range {
  readonly from: string;
  /** Empty for one key. */
  readonly end: string;
}

/** What a version costs beside its bytes. */
const versionCost = 200;
/** Bytes that one visitor may write. */
const share = 4 << 20;
/** Changes that are remembered, for watches and reads that begin in the past. */
const maxChanges = 2000;

export class Store {
  private readonly current: Map<string, KeyValue>;
  /** In the order of their bytes. */
  private readonly order: string[];
  private readonly quota: Quota;
  private used = 0;
  private changes: Change[] = [];
  private readonly listeners = new Set<(changes: readonly Change[]) => void>();
  revision: bigint;
  /** Reads of what was before are refused. */
  compacted: bigint;

  /** @param base in any order. @param quota gives the memory for changes */
  constructor(base: readonly KeyValue[], revision: bigint, quota: Quota) {
    this.current = new Map(base.map((one) => [one.key, one]));
    this.order = [...this.current.keys()].sort(byBytes);
    this.revision = revision;
    this.compacted = revision - 1n;
    this.quota = quota;
  }

  /** Bytes that were written. */
  get size(): number {
    return this.used;
  }

  /** Bytes of all that is there. */
  get total(): number {
    let sum = 0;
    for (const { key, value } of this.current.values()) sum += versionCost + key.length + value.length;
    return sum;
  }

  get(key: string): KeyValue | undefined {
    return this.current.get(key);
  }

  /** In order. @param revision 0 for now. @throws EtcdError where it is gone or to come */
  range(range: Range, revision = 0n): KeyValue[] {
    if (revision > this.revision) throw failures.futureRevision();
    if (revision > 0n && revision < this.compacted) throw failures.compacted();
    const now = this.keysIn(range).map((key) => this.current.get(key)!);
    if (revision <= 0n || revision === this.revision) return now;
    return this.undone(range, now, revision);
  }

  keysIn({ from, end }: Range): string[] {
    if (end === '') return this.current.has(from) ? [from] : [];
    const start = this.placeOf(from);
    return this.order.slice(start, end === '\0' ? undefined : Math.max(start, this.placeOf(end)));
  }

  /** Several changes that are one: `\`revision\` is theirs. @throws EtcdError where there is no room */
  write(change: (writer: Writer) => void): void {
    const revision = this.revision + 1n;
    const made: Change[] = [];
    const writer: Writer = {
      revision,
      put: (key, value, lease) => {
        const before = this.current.get(key);
        const after = {
          key,
          value,
          createRevision: before?.createRevision ?? revision,
          modRevision: revision,
          version: (before?.version ?? 0n) + 1n,
          lease,
        };
        this.take(versionCost + key.length + value.length);
        if (before === undefined) this.order.splice(this.placeOf(key), 0, key);
        this.current.set(key, after);
        made.push({ kind: 'put', key, before, after, revision });
        return before;
      },
      delete: (key) => {
        const before = this.current.get(key);
        if (before === undefined) return undefined;
        this.current.delete(key);
        this.order.splice(this.placeOf(key), 1);
        made.push({ kind: 'delete', key, before, after: undefined, revision });
        return before;
      },
    };
    try {
      change(writer);
    } finally {
      if (made.length > 0) this.finish(revision, made);
    }
  }

  /** @throws EtcdError */
  compact(revision: bigint): void {
    if (revision <= this.compacted) throw failures.compacted();
    if (revision > this.revision) throw failures.futureRevision();
    this.compacted = revision;
    this.changes = this.changes.filter((change) => change.revision > revision);
  }

  /** @returns those from a revision on. @throws EtcdError where they are gone */
  changesFrom(revision: bigint): readonly Change[] {
    if (revision <= this.compacted) throw failures.compacted();
    return this.changes.filter((change) => change.revision >= revision);
  }

  /** @returns takes the listener off again */
  listen(listener: (changes: readonly Change[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private finish(revision: bigint, made: readonly Change[]): void {
    this.revision = revision;
    this.changes.push(...made);
    if (this.changes.length > maxChanges) {
      const gone = this.changes.splice(0, this.changes.length - maxChanges);
      this.compacted = gone.at(-1)!.revision;
    }
    for (const listener of [...this.listeners]) listener(made);
  }

  private take(bytes: number): void {
    if (this.used + bytes > share) throw failures.noSpace();
    try {
      this.quota.take(bytes);
    } catch {
      throw failures.noSpace();
    }
    this.used += bytes;
  }

  /** What was there at an earlier revision: later changes taken back. */
  private undone(range: Range, now: readonly KeyValue[], revision: bigint): KeyValue[] {
    const then = new Map(now.map((one) => [one.key, one]));
    for (const { key, before } of this.changes.filter((change) => change.revision > revision).reverse()) {
      if (!isWithin(key, range)) continue;
      if (before === undefined) then.delete(key);
      else then.set(key, before);
    }
    return [...then.values()].sort((a, b) => byBytes(a.key, b.key));
  }

  private placeOf(key: string): number {
    let [low, high] = [0, this.order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.order[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export interface Writer {
  readonly revision: bigint;
  /** @returns what was there */
  put(key: string, value: Buffer, lease: bigint): KeyValue | undefined;
  delete(key: string): KeyValue | undefined;
}

export function isWithin(key: string, { from, end }: Range): boolean {
  if (end === '') return key === from;
  return key >= from && (end === '\0' || key < end);
}

function byBytes(a: string, b: string): number {
  return a < b ? -1 : 1;
}
