/** Changes objects: whole, by patches, and in their size. */
import { withDefaults } from '../cluster/defaults.ts';
import {
  at,
  isObject,
  type Json,
  type JsonObject,
  type KubeObject,
  listAt,
  textAt,
} from '../cluster/json.ts';
import { apiVersionOf, type Resource } from '../cluster/resources.ts';
import { type Call, find, isDryRun, shown } from './call.ts';
import { applyNew } from './create.ts';
import { bodyOf, conformed, jsonIn, readObject, warnings, yamlIn } from './input.ts';
import { managed } from './managed-fields.ts';
import { jsonPatch, mergePatch, strategicPatch } from './patch.ts';
import { badRequest, conflict, notFound, Refused } from './status.ts';
import { validate } from './validate.ts';

export async function update(call: Call): Promise<void> {
  const { exchange, target, visit } = call;
  const { resource, name = '' } = target;
  const { object, text, unknown } = await readObject(exchange, resource.kind, apiVersionOf(resource));
  const more = warnings(exchange, resource, resource.version, unknown);
  const before = find(call);
  const given = textAt(object, 'metadata', 'name');
  if (given !== name)
    throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
  const version = textAt(object, 'metadata', 'resourceVersion');
  if (version !== '' && version !== before.metadata.resourceVersion) throw conflict(resource, name);
  const after = changed(call, before, object);
  await visit.tellWrite(exchange, 'update', after, text, before);
  await store(call, before, after, 200, more);
}

/** @param after what a visitor made of it: identity and status stay what they were */
function changed({ target }: Call, before: KubeObject, after: JsonObject): KubeObject {
  const metadata = isObject(after.metadata) ? after.metadata : {};
  const isStatus = target.subresource === 'status' || target.subresource === 'approval';
  const { uid, creationTimestamp, resourceVersion, name, namespace, generation, ownerReferences } =
    before.metadata;
  const spec = isStatus ? before.spec : withDefaults({ ...after, kind: before.kind }).spec;
  const hasNewSpec = JSON.stringify(spec) !== JSON.stringify(before.spec);
  const identity = {
    name,
    ...(namespace !== undefined && { namespace }),
    uid,
    creationTimestamp,
    resourceVersion,
  };
  const { spec: _, status: __, ...rest } = withDefaults({ ...after, kind: before.kind });
  return {
    ...rest,
    apiVersion: before.apiVersion,
    kind: before.kind,
    metadata: {
      ...metadata,
      ...(ownerReferences !== undefined && { ownerReferences }),
      ...(generation !== undefined && { generation: hasNewSpec ? generation + 1 : generation }),
      ...identity,
    },
    ...(spec !== undefined && { spec }),
    ...(before.status !== undefined && {
      status: isStatus ? (after.status ?? before.status) : before.status,
    }),
  } as KubeObject;
}

async function store(
  call: Call,
  before: KubeObject,
  after: KubeObject,
  status: number,
  more: readonly (readonly [string, string])[],
): Promise<void> {
  const { exchange, target, visit, answering } = call;
  const { resource } = target;
  if (target.subresource !== 'ephemeralcontainers') checkImmutable(resource, before, after);
  validate(resource, after);
  const isSame =
    JSON.stringify({ ...before, metadata: { ...before.metadata, managedFields: undefined } }) ===
    JSON.stringify({ ...after, metadata: { ...after.metadata, managedFields: undefined } });
  if (isDryRun(call) || isSame)
    return answering.object(exchange, status, shown(isSame ? before : after, resource), more);
  const stored = visit.store.put(managed(after, exchange, 'Update'));
  visit.controllers.updated(stored);
  return answering.object(exchange, status, shown(stored, resource), more);
}

/** Pods may change their images and little else. */
function checkImmutable(resource: Resource, before: KubeObject, after: KubeObject): void {
  if (resource.kind !== 'Pod') return;
  const fixed = (pod: KubeObject): string =>
    JSON.stringify({
      ...(pod.spec as JsonObject),
      tolerations: 0,
      activeDeadlineSeconds: 0,
      containers: listAt(pod, 'spec', 'containers').map((one) =>
        isObject(one) ? { ...one, image: 0 } : one,
      ),
    });
  if (fixed(before) === fixed(after)) return;
  const why =
    'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
  const { name } = before.metadata;
  throw new Refused(422, 'Invalid', `Pod "${name}" is invalid: spec: Forbidden: ${why}`, {
    name,
    kind: 'Pod',
    causes: [{ reason: 'FieldValueForbidden', message: `Forbidden: ${why}`, field: 'spec' }],
  });
}

export async function patch(call: Call): Promise<void> {
  const { exchange, target, visit } = call;
  const { resource, name = '', namespace } = target;
  const type = (exchange.header('content-type') ?? '').split(';')[0]!.trim();
  const bytes = await bodyOf(exchange);
  const text = bytes.toString('utf8');
  const isApply = type === 'application/apply-patch+yaml';
  const before = visit.store.get(resource.kind, namespace, name);
  if (before === undefined && !isApply) {
    await visit.tellWrite(exchange, 'patch', undefined, text);
    throw notFound(resource, name);
  }
  const value: Json = isApply ? yamlIn(text, resource.kind) : jsonIn(text, resource.kind);
  if (isApply && (exchange.query.get('fieldManager') ?? '') === '')
    throw badRequest(
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
  if (before === undefined) return applyNew(call, value, text);
  const merged = patched(type, before, value);
  const { object, unknown } = conformed(merged, resource.kind, before.apiVersion);
  const more = warnings(exchange, resource, resource.version, unknown);
  const after = changed(call, before, object);
  await visit.tellWrite(exchange, 'patch', after, text, before);
  await store(call, before, after, 200, more);
}

function patched(type: string, before: KubeObject, patch: Json): JsonObject {
  switch (type) {
    case 'application/json-patch+json':
      return jsonPatch(before, patch);
    case 'application/merge-patch+json':
      return mergePatch(before, patch) as JsonObject;
    case 'application/strategic-merge-patch+json':
    case 'application/apply-patch+yaml':
      if (!isObject(patch))
        throw badRequest('json: cannot unmarshal into Go value of type map[string]interface {}');
      return strategicPatch(before, patch);
    default:
      throw new Refused(
        415,
        'UnsupportedMediaType',
        'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml',
        {},
      );
  }
}

/** Reads and changes the size of what has replicas. */
export async function serveScale(call: Call): Promise<void> {
  const { exchange, target, visit, answering } = call;
  const found = find(call);
  const spec = found.spec as JsonObject;
  const view = (object: KubeObject): JsonObject => ({
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name: object.metadata.name,
      ...(object.metadata.namespace !== undefined && { namespace: object.metadata.namespace }),
      uid: object.metadata.uid,
      resourceVersion: object.metadata.resourceVersion,
      creationTimestamp: object.metadata.creationTimestamp,
    },
    spec: {
      ...(((object.spec as JsonObject).replicas ?? 0) !== 0 && {
        replicas: (object.spec as JsonObject).replicas,
      }),
    },
    status: {
      replicas: at(object, 'status', 'replicas') ?? 0,
      selector: Object.entries((at(spec, 'selector', 'matchLabels') ?? {}) as Record<string, string>)
        .map(([key, value]) => `${key}=${value}`)
        .join(','),
    },
  });
  if (exchange.method === 'GET') return answering.object(exchange, 200, view(found));
  const before = view(found);
  const bytes = await bodyOf(exchange);
  const text = bytes.toString('utf8');
  const type = (exchange.header('content-type') ?? '').split(';')[0]!.trim();
  const after =
    exchange.method === 'PUT'
      ? (await readObject(exchange, 'Scale', 'autoscaling/v1')).object
      : patched(type, before as KubeObject, jsonIn(text, 'Scale'));
  const replicas = at(after, 'spec', 'replicas') ?? 0;
  if (typeof replicas !== 'number' || replicas < 0 || !Number.isInteger(replicas))
    throw new Refused(
      422,
      'Invalid',
      `Scale.autoscaling "${found.metadata.name}" is invalid: spec.replicas: Invalid value: ${String(replicas)}: must be greater than or equal to 0`,
    );
  const resized = changed({ ...call, target: { ...target, subresource: 'scale' } }, found, {
    ...found,
    spec: { ...spec, replicas },
  });
  await visit.tellWrite(exchange, 'patch', resized, text, found);
  const stored = visit.store.put(resized);
  visit.controllers.updated(stored);
  return answering.object(exchange, 200, view(stored));
}
