/**
 * What one source has made of the cluster: the objects that it created, changed or deleted lie over those of the
 * cluster, with the versions and the watch events that etcd would count. Bounded in objects, bytes, events and timers.
 */
import { byName, type Cluster, keyOf } from '../cluster/cluster.ts';
import type { KubeObject } from '../cluster/json.ts';
import { ordered } from '../cluster/schema/order.ts';

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
  readonly version: number;
}

export interface Store {
  readonly cluster: Cluster;
  get(kind: string, namespace: string | undefined, name: string): KubeObject | undefined;
  /** In the order of their names; of all name spaces where none is told. */
  list(kind: string, namespace?: string): readonly KubeObject[];
  /** Stores a new or changed object under the next version. @throws Full */
  put(object: KubeObject): KubeObject;
  remove(object: KubeObject): void;
  /** The version that a list has. */
  version(): number;
  /** Changes after a version; undefined where they are no longer known. */
  changesAfter(version: number): readonly Change[] | undefined;
  /** @returns how to stop listening */
  listen(listener: (change: Change) => void): () => void;
  /** Later, while the store lives. */
  after(milliseconds: number, act: () => void): void;
  /** Bytes of all that was written. */
  readonly size: number;
  close(): void;
}

/** The source has written as much as is kept for one. */
export class Full extends Error {}

const most = { objects: 600, bytes: 4 << 20, changes: 2000, timers: 1000, listeners: 40 } as const;

const indexes = new WeakMap<readonly KubeObject[], ReadonlyMap<string, KubeObject>>();

function indexOf(objects: readonly KubeObject[]): ReadonlyMap<string, KubeObject> {
  const known = indexes.get(objects);
  if (known !== undefined) return known;
  const made = new Map(objects.map((object) => [`${object.kind} ${keyOf(object)}`, object]));
  indexes.set(objects, made);
  return made;
}

export function createStore(cluster: Cluster): Store {
  /** What lies over the cluster's objects; undefined where one was deleted. */
  const over = new Map<string, KubeObject | undefined>();
  const sizes = new Map<string, number>();
  const changes: Change[] = [];
  const listeners = new Set<(change: Change) => void>();
  const timers = new Set<NodeJS.Timeout>();
  let forgotten = 0;
  let latest = 0;
  let size = 0;

  const key = (kind: string, namespace: string | undefined, name: string): string =>
    `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
  const next = (): number => {
    latest = Math.max(latest + 1, cluster.version());
    return latest;
  };

  function tell(change: Change): void {
    changes.push(change);
    if (changes.length > most.changes) forgotten = changes.shift()!.version;
    for (const listener of [...listeners]) listener(change);
  }

  function find(of: string): KubeObject | undefined {
    return over.has(of) ? over.get(of) : indexOf(cluster.objects()).get(of);
  }

  function measure(of: string, bytes: number): void {
    size += bytes - (sizes.get(of) ?? 0);
    sizes.set(of, bytes);
  }

  return {
    cluster,
    get: (kind, namespace, name) => find(key(kind, namespace, name)),
    list(kind, namespace) {
      const isWanted = (one: KubeObject): boolean =>
        one.kind === kind && (namespace === undefined || one.metadata.namespace === namespace);
      const own = [...over.values()].filter((one): one is KubeObject => one !== undefined && isWanted(one));
      const others = cluster
        .objects()
        .filter((one) => isWanted(one) && !over.has(key(kind, one.metadata.namespace, one.metadata.name)));
      return own.length === 0 ? others : [...others, ...own].sort(byName);
    },
    put(object) {
      const of = key(object.kind, object.metadata.namespace, object.metadata.name);
      const isNew = find(of) === undefined;
      if (!over.has(of) && over.size >= most.objects) throw new Full();
      const bytes = JSON.stringify(object).length;
      if (size - (sizes.get(of) ?? 0) + bytes > most.bytes) throw new Full();
      const version = next();
      const stored = ordered({
        ...object,
        metadata: { ...object.metadata, resourceVersion: String(version) },
      } as KubeObject);
      measure(of, bytes);
      over.set(of, stored);
      tell({ type: isNew ? 'ADDED' : 'MODIFIED', object: stored, version });
      return stored;
    },
    remove(object) {
      const of = key(object.kind, object.metadata.namespace, object.metadata.name);
      const isOfCluster = indexOf(cluster.objects()).has(of);
      measure(of, 0);
      if (isOfCluster) over.set(of, undefined);
      else over.delete(of);
      const version = next();
      const last = ordered({
        ...object,
        metadata: { ...object.metadata, resourceVersion: String(version) },
      } as KubeObject);
      tell({ type: 'DELETED', object: last, version });
    },
    version: () => Math.max(latest, cluster.version()),
    changesAfter: (version) =>
      version < forgotten ? undefined : changes.filter((change) => change.version > version),
    listen(listener) {
      if (listeners.size >= most.listeners) return () => {};
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    after(milliseconds, act) {
      if (timers.size >= most.timers) return;
      const timer = setTimeout(() => {
        timers.delete(timer);
        try {
          act();
        } catch (error) {
          // What does not fit any more stays as it was.
          if (!(error instanceof Full)) throw error;
        }
      }, milliseconds);
      timer.unref();
      timers.add(timer);
    },
    get size() {
      return size;
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      listeners.clear();
      over.clear();
    },
  };
}
