/** What a path of the API asks for (k8s.io/apiserver, endpoints/request/requestinfo.go). */
import { type Resource, resourceOf, resources } from '../cluster/resources.ts';

export type Target =
  /** `/version`, `/healthz`: not of the API. */
  | { readonly kind: 'other' }
  /** `/api`, `/apis`. */
  | { readonly kind: 'groups'; readonly isCore: boolean }
  | { readonly kind: 'group'; readonly group: string }
  /** `/apis/apps/v1`: the resources of a version. */
  | { readonly kind: 'version'; readonly group: string; readonly version: string }
  | ResourceTarget
  /** In the API, and nothing is there. */
  | { readonly kind: 'nothing' };

export interface ResourceTarget {
  readonly kind: 'resource';
  readonly resource: Resource;
  readonly namespace?: string;
  readonly name?: string;
  /** `log`, `exec`, `status`. */
  readonly subresource?: string;
  /** What is behind a proxy: `/metrics`. */
  readonly behind: string;
  /** `/api/v1/watch/…`, as old clients ask. */
  readonly isWatch: boolean;
}

export function targetOf(path: string): Target {
  const parts = path.split('/').filter((part, index) => index > 0 && part !== '');
  const [root, ...rest] = parts;
  if (root !== 'api' && root !== 'apis') return { kind: 'other' };
  if (rest.length === 0) return { kind: 'groups', isCore: root === 'api' };
  const group = root === 'api' ? '' : rest.shift()!;
  if (root === 'apis' && rest.length === 0)
    return hasGroup(group) ? { kind: 'group', group } : { kind: 'nothing' };
  const version = rest.shift()!;
  if (!resources.some((one) => one.group === group && one.version === version)) return { kind: 'nothing' };
  if (rest.length === 0) return { kind: 'version', group, version };
  return resourceTarget(group, version, rest, path) ?? { kind: 'nothing' };
}

function hasGroup(group: string): boolean {
  return resources.some((one) => one.group === group);
}

function resourceTarget(
  group: string,
  version: string,
  parts: readonly string[],
  path: string,
): ResourceTarget | undefined {
  const rest = [...parts];
  const isWatch = rest[0] === 'watch';
  if (isWatch) rest.shift();
  let namespace: string | undefined;
  // `namespaces/x`, `namespaces/x/status` and `…/finalize` are the name space itself.
  if (rest[0] === 'namespaces' && rest.length > 2 && !['status', 'finalize'].includes(rest[2]!)) {
    namespace = rest[1]!;
    rest.splice(0, 2);
  }
  const [plural = '', name, subresource, ...more] = rest;
  const resource = resourceOf(group, version, plural);
  if (resource === undefined) return undefined;
  if (namespace !== undefined && !resource.isNamespaced) return undefined;
  if (name !== undefined && resource.isNamespaced && namespace === undefined) return undefined;
  if (subresource !== undefined && !resource.subresources.some((one) => one.name === subresource))
    return undefined;
  if (more.length > 0 && subresource !== 'proxy') return undefined;
  return {
    kind: 'resource',
    resource,
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
    ...(subresource !== undefined && { subresource }),
    behind: path.slice(path.indexOf('/proxy') + '/proxy'.length) || '/',
    isWatch,
  };
}
