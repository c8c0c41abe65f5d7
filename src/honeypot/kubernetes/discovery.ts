/** Tells which resources there are: by groups and versions, and all at once (k8s.io/apiserver, endpoints/discovery). */
import { createHash } from 'node:crypto';
import type { JsonObject } from '../cluster/json.ts';
import { apiVersionOf, type Resource, resources, type Subresource } from '../cluster/resources.ts';

export const discoveryType = 'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList';

const groups: readonly string[] = [...new Set(resources.map((one) => one.group))];

/** The newest first. */
function versionsOf(group: string): readonly string[] {
  return [...new Set(resources.filter((one) => one.group === group).map((one) => one.version))];
}

/** `/api`. @param server `10.0.0.1:6443` */
export function coreVersions(server: string): JsonObject {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: server }],
  };
}

/** `/apis`. */
export function groupList(): JsonObject {
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: groups.filter((group) => group !== '').map(described),
  };
}

/** `/apis/apps`. */
export function groupOf(group: string): JsonObject {
  return { kind: 'APIGroup', apiVersion: 'v1', ...described(group) };
}

function described(group: string): JsonObject {
  const versions = versionsOf(group).map((version) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions, preferredVersion: versions[0]! };
}

/** `/api/v1`, `/apis/apps/v1`. */
export function resourceList(group: string, version: string): JsonObject {
  const own = resources.filter((one) => one.group === group && one.version === version);
  return {
    kind: 'APIResourceList',
    ...(group !== '' && { apiVersion: 'v1' }),
    groupVersion: apiVersionOf({ group, version }),
    resources: own.flatMap((one) => [
      {
        name: one.plural,
        singularName: one.singular,
        namespaced: one.isNamespaced,
        kind: one.kind,
        verbs: one.verbs,
        ...(one.shortNames.length > 0 && { shortNames: one.shortNames }),
        ...(one.categories.length > 0 && { categories: one.categories }),
        ...(one.storageHash !== undefined && { storageVersionHash: one.storageHash }),
      },
      ...one.subresources.map((sub) => ({
        name: `${one.plural}/${sub.name}`,
        singularName: '',
        namespaced: one.isNamespaced,
        ...(sub.isForeign && { group: sub.group, version: sub.version }),
        kind: sub.kind,
        verbs: sub.verbs,
      })),
    ]),
  };
}

/** All of the core, or of the other groups, in one answer. */
export function aggregated(isCore: boolean): { readonly body: JsonObject; readonly tag: string } {
  const body = {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2beta1',
    metadata: {},
    items: groups
      .filter((group) => (group === '') === isCore)
      .map((group) => ({
        metadata: { ...(group !== '' && { name: group }), creationTimestamp: null },
        versions: versionsOf(group).map((version) => ({
          version,
          resources: resources
            .filter((one) => one.group === group && one.version === version)
            .map(aggregatedResource),
          freshness: 'Current',
        })),
      })),
  };
  const tag = createHash('sha512').update(JSON.stringify(body)).digest('hex').toUpperCase();
  return { body, tag: `"${tag}"` };
}

function aggregatedResource(one: Resource): JsonObject {
  return {
    resource: one.plural,
    responseKind: kindOf(one),
    scope: one.isNamespaced ? 'Namespaced' : 'Cluster',
    singularResource: one.singular,
    verbs: one.verbs,
    ...(one.shortNames.length > 0 && { shortNames: one.shortNames }),
    ...(one.categories.length > 0 && { categories: one.categories }),
    ...(one.subresources.length > 0 && {
      subresources: one.subresources.map((sub) => ({
        subresource: sub.name,
        responseKind: kindOf(sub),
        verbs: sub.verbs,
      })),
    }),
  };
}

function kindOf({
  group,
  version,
  kind,
}: Pick<Resource | Subresource, 'group' | 'version' | 'kind'>): JsonObject {
  return { group, version, kind };
}
