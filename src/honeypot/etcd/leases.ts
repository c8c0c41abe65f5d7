/** Leases: keys that go when nobody asks for them any more. */
import { randomBytes } from 'node:crypto';
import { failures } from './failure.ts';
import type { Store } from './store.ts';

interface Lease {
  readonly granted: number;
  /** Milliseconds since 1970. */
  endsAt: number;
  readonly keys: Set<string>;
}

/** Seconds; less is not granted (election timeout and half of it, as the defaults have them). */
const least = 2;
const most = 9_000_000_000;
/** Leases of one visitor. */
const maxLeases = 1000;

export class Leases {
  private readonly store: Store;
  private readonly all = new Map<bigint, Lease>();

  constructor(store: Store) {
    this.store = store;
  }

  /** @param seconds how long it lasts at least. @param wanted 0 for any. @throws EtcdError */
  grant(seconds: bigint, wanted: bigint): { readonly id: bigint; readonly seconds: number } {
    this.expire();
    if (seconds > BigInt(most)) throw failures.leaseTooLarge();
    const id = wanted === 0n ? randomBytes(8).readBigUInt64BE() >> 1n : wanted;
    if (this.all.has(id)) throw failures.leaseExists();
    if (this.all.size >= maxLeases) throw failures.noSpace();
    const granted = Math.max(least, Number(seconds));
    this.all.set(id, { granted, endsAt: Date.now() + 1000 * granted, keys: new Set() });
    return { id, seconds: granted };
  }

  /** @throws EtcdError */
  attach(id: bigint, key: string): void {
    if (id === 0n) return;
    this.expire();
    const lease = this.all.get(id);
    if (lease === undefined) throw failures.leaseNotFound();
    lease.keys.add(key);
  }

  /** @returns seconds; 0 where it is none any more */
  keepAlive(id: bigint): number {
    this.expire();
    const lease = this.all.get(id);
    if (lease === undefined) return 0;
    lease.endsAt = Date.now() + 1000 * lease.granted;
    return lease.granted;
  }

  /** @throws EtcdError */
  revoke(id: bigint): void {
    const lease = this.all.get(id);
    if (lease === undefined) throw failures.leaseNotFound();
    this.end(id, lease);
  }

  find(
    id: bigint,
  ): { readonly left: number; readonly granted: number; readonly keys: readonly string[] } | undefined {
    this.expire();
    const lease = this.all.get(id);
    if (lease === undefined) return undefined;
    const left = Math.floor((lease.endsAt - Date.now()) / 1000);
    return { left, granted: lease.granted, keys: [...lease.keys] };
  }

  get ids(): readonly bigint[] {
    this.expire();
    return [...this.all.keys()];
  }

  private expire(): void {
    const now = Date.now();
    for (const [id, lease] of this.all) if (lease.endsAt <= now) this.end(id, lease);
  }

  private end(id: bigint, { keys }: Lease): void {
    this.all.delete(id);
    const own = [...keys].filter((key) => this.store.get(key)?.lease === id);
    if (own.length > 0)
      this.store.write((writer) => {
        for (const key of own) writer.delete(key);
      });
  }
}
