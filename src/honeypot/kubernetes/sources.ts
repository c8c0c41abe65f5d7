/** The store of each source, until others need the room. */
import type { Cluster } from '../cluster/cluster.ts';
import { createStore, type Store } from './store.ts';

/** Sources whose changes are kept, and what all of them may have written, in bytes. */
const most = { sources: 1000, bytes: 64 << 20 } as const;
/** Milliseconds after which the cluster is as it was. */
const keptFor = 3_600_000;

interface Kept {
  readonly store: Store;
  at: number;
}

/** @param forgotten is told of each store that is no more */
export function createSources(
  cluster: Cluster,
  forgotten: (store: Store) => void,
): { of(source: string): Store } {
  /** The one that was longest away comes first. */
  const stores = new Map<string, Kept>();

  function forget(): void {
    let bytes = 0;
    for (const { store } of stores.values()) bytes += store.size;
    for (const [source, { store, at }] of stores) {
      if (stores.size < most.sources && bytes < most.bytes && Date.now() - at < keptFor) return;
      bytes -= store.size;
      stores.delete(source);
      store.close();
      forgotten(store);
    }
  }

  return {
    of(source) {
      const known = stores.get(source);
      stores.delete(source);
      if (known === undefined) forget();
      const kept = known ?? { store: createStore(cluster), at: 0 };
      kept.at = Date.now();
      stores.set(source, kept);
      return kept.store;
    },
  };
}
