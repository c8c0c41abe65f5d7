/** One member of an etcd cluster, alone in it, as one source sees it. */

import type { Endpoint } from '../../model/event.ts';
import type { Persona } from '../persona/persona.ts';
import { Quota } from '../world/files/quota.ts';
import { Access } from './access.ts';
import { settingsOf } from './keys/settings.ts';
import { Tree } from './keys/tree.ts';
import { Leases } from './leases.ts';
import type { Registry } from './registry.ts';
import { Store } from './store.ts';
import type { Message } from './wire/schema.ts';

export const version = '3.4.23';

export interface Member {
  readonly id: bigint;
  readonly name: string;
  readonly peerUrls: readonly string[];
  readonly clientUrls: readonly string[];
}

/** Members that a visitor may add. */
const maxMembers = 50;

export class Etcd {
  readonly clusterId: bigint;
  readonly memberId: bigint;
  readonly name: string;
  readonly raftTerm: bigint;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly store: Store;
  readonly leases: Leases;
  readonly access = new Access();
  /** Keys of version 2. */
  readonly tree: Tree;
  readonly added: Member[] = [];
  /** How much larger the file is than what is in it. */
  private readonly slack: number;
  private readonly quota: Quota;
  private readonly baseIndex: bigint;
  connections = 0;

  /** @param quota memory for what all sources write */
  constructor(persona: Persona, { keys, revision }: Registry, quota: Quota) {
    const random = persona.random('etcd/member');
    this.clusterId = random.bytes(8).readBigUInt64BE();
    this.memberId = random.bytes(8).readBigUInt64BE();
    this.name = random.pick(['default', persona.hostname, 'etcd-1', 'etcd0']);
    this.raftTerm = BigInt(random.int(2, 14));
    this.startedAt = persona.bootedAt(Date.now()) + random.int(9000, 40_000);
    this.quota = new Quota(8 << 20, quota);
    this.store = new Store(keys, revision, this.quota);
    this.baseIndex = revision + BigInt(random.int(20_000, 90_000));
    this.slack = random.int(300, 550) / 100;
    this.tree = new Tree(settingsOf(persona), this.quota);
    this.leases = new Leases(this.store);
  }

  get isInUse(): boolean {
    return this.connections > 0;
  }

  get size(): number {
    return this.store.size;
  }

  close(): void {
    this.quota.release();
  }

  /** Grows with what is written. */
  get raftIndex(): bigint {
    return this.baseIndex + this.store.revision + BigInt(this.tree.changes);
  }

  /** Bytes of the file, which never gets smaller, and of what is in it. */
  get databaseSize(): number {
    return 4096 * Math.ceil((this.store.total * this.slack) / 4096);
  }

  get usedSize(): number {
    return 4096 * Math.ceil((this.store.total * 1.15) / 4096);
  }

  get header(): Message {
    return {
      cluster_id: this.clusterId,
      member_id: this.memberId,
      revision: this.store.revision,
      raft_term: this.raftTerm,
    };
  }

  /** Where it says that it can be reached: where it was. */
  members(at: Endpoint): readonly Member[] {
    const host = at.ip.includes(':') ? `[${at.ip}]` : at.ip;
    const own = {
      id: this.memberId,
      name: this.name,
      peerUrls: [`http://${host}:2380`],
      clientUrls: [`http://${host}:${at.port}`],
    };
    return [own, ...this.added].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** @returns whether there was room for it */
  add(member: Member): boolean {
    if (this.added.length >= maxMembers) return false;
    this.added.push(member);
    return true;
  }
}
