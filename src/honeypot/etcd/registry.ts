/** What the API server of the persona's cluster keeps in etcd: every object under its key, in protobuf. */
import { createCluster } from '../cluster/cluster.ts';
import type { KubeObject } from '../cluster/json.ts';
import { encodeObject } from '../cluster/schema/protobuf.ts';
import type { Persona } from '../persona/persona.ts';
import type { KeyValue } from './store.ts';

/** Resources whose place is not their group and name (`DefaultKubernetesAPI` and storage of each, 1.27). */
const places: Readonly<Record<string, string>> = {
  Node: 'minions',
  Service: 'services/specs',
  Endpoints: 'services/endpoints',
  Ingress: 'ingress',
  Lease: 'leases',
  CustomResourceDefinition: 'apiextensions.k8s.io/customresourcedefinitions',
  APIService: 'apiregistration.k8s.io/apiservices',
  IngressClass: 'ingressclasses',
  NetworkPolicy: 'networkpolicies',
};

/** Keys, and the revision that the cluster has come to. */
export interface Registry {
  readonly keys: readonly KeyValue[];
  readonly revision: bigint;
}

/** Milliseconds; what all sources share is made anew so often, which takes some fifty of them. */
const freshFor = 3_600_000;

/** @returns the keys as they are now, or were a while ago. Certificates are made at once */
export function createRegistry(persona: Persona): () => Registry {
  const cluster = createCluster(persona);
  const make = (): Registry => {
    const revision = BigInt(cluster.version());
    return {
      keys: together(cluster.objects().flatMap((object) => keyValueOf(object, revision) ?? [])),
      revision,
    };
  };
  let registry = make();
  let madeAt = Date.now();
  return () => {
    if (Date.now() - madeAt > freshFor) {
      registry = make();
      madeAt = Date.now();
    }
    return registry;
  };
}

/** Values one after another in one block: each by itself keeps the piece of Node's pool alive in which it was made. */
function together(keys: readonly KeyValue[]): readonly KeyValue[] {
  const block = Buffer.concat(keys.map((one) => one.value));
  let at = 0;
  return keys.map((one) => {
    const value = block.subarray(at, at + one.value.length);
    at += value.length;
    return { ...one, value };
  });
}

function keyValueOf(object: KubeObject, revision: bigint): KeyValue | undefined {
  const { metadata } = object;
  const { resourceVersion, ...stored } = metadata;
  // What etcd has does not tell its own version; that is the key's.
  const value = encodeObject({ ...object, metadata: stored });
  if (value === undefined) return undefined;
  const modified = BigInt(resourceVersion ?? 1);
  const name = metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
  const modRevision = modified > revision ? revision : modified;
  return {
    key: `/registry/${placeOf(object.kind)}/${name}`,
    value,
    createRevision: modRevision > 40n ? modRevision - (modRevision % 7n) : modRevision,
    modRevision,
    version: 1n + (modRevision % 7n),
    lease: 0n,
  };
}

function placeOf(kind: string): string {
  return places[kind] ?? pluralOf(kind.toLowerCase());
}

function pluralOf(kind: string): string {
  if (kind.endsWith('class') || kind.endsWith('s')) return `${kind}es`;
  return kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`;
}
