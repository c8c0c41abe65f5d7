/**
 * OpenAPI documents of what is served: types out of the messages of the API, and the paths that clients look at before
 * they apply something (kube-openapi; without its descriptions).
 */
import { createHash } from 'node:crypto';
import type { JsonObject } from '../cluster/json.ts';
import { apiVersionOf, type Resource, resources } from '../cluster/resources.ts';
import { allMessages, type Field, type Message, messageOfKind, type Type } from '../cluster/schema/schema.ts';
import type { Release } from '../persona/kubernetes-release.ts';
import { encodeDocument } from './openapi-protobuf.ts';

type Version = 2 | 3;

/** `core/v1.Pod` is `io.k8s.api.core.v1.Pod`. */
function definitionName({ id }: Message): string {
  return id.startsWith('meta/')
    ? `io.k8s.apimachinery.pkg.apis.${id.replace('/', '.')}`
    : `io.k8s.api.${id.replace('/', '.')}`;
}

const specials: Readonly<Record<string, JsonObject>> = {
  Quantity: { type: 'string' },
  IntOrString: { type: 'string', format: 'int-or-string' },
  RawExtension: { type: 'object' },
  Time: { type: 'string', format: 'date-time' },
  MicroTime: { type: 'string', format: 'date-time' },
  Duration: { type: 'string' },
  FieldsV1: { type: 'object' },
};

function typeSchema(type: Type, refs: string): JsonObject {
  switch (type.kind) {
    case 'text':
      return { type: 'string' };
    case 'bytes':
      return { type: 'string', format: 'byte' };
    case 'int32':
    case 'int64':
      return { type: 'integer', format: type.kind };
    case 'flag':
      return { type: 'boolean' };
    case 'texts':
      return { type: 'array', items: { type: 'string' } };
    case 'special':
      return specials[type.name] ?? { type: 'string' };
    case 'message':
      return { $ref: `${refs}${definitionName(type.message)}` };
  }
}

/** Keys by which strategic merge patches tell members of lists. */
const mergeKeys: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  volumes: 'name',
  env: 'name',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  imagePullSecrets: 'name',
  secrets: 'name',
  hostAliases: 'ip',
  topologySpreadConstraints: 'topologyKey',
  conditions: 'type',
  addresses: 'type',
  taints: 'key',
  ownerReferences: 'uid',
  webhooks: 'name',
};

function fieldSchema(field: Field, inside: Message, refs: string): JsonObject {
  const one = typeSchema(field.type, refs);
  if (field.repeats === 'no') return one;
  if (field.repeats === 'map') return { type: 'object', additionalProperties: one };
  const key =
    field.name === 'ports'
      ? inside.name === 'ServiceSpec'
        ? 'port'
        : 'containerPort'
      : mergeKeys[field.name];
  const merges =
    key !== undefined && field.type.kind === 'message' && !/^(?:Policy|Network|Ingress)/.test(inside.name);
  return {
    type: 'array',
    items: one,
    ...(merges && { 'x-kubernetes-patch-merge-key': key, 'x-kubernetes-patch-strategy': 'merge' }),
  };
}

function definitions(refs: string): JsonObject {
  const made: Record<string, JsonObject> = {};
  for (const message of allMessages()) {
    const own = resources.filter((one) => messageOfKind(apiVersionOf(one), one.kind) === message);
    const kinds = own.map(({ group, version, kind }) => ({ group, kind, version }));
    const isObject = message.fields[0]?.name === 'metadata';
    made[definitionName(message)] = {
      type: 'object',
      properties: {
        ...(isObject && { apiVersion: { type: 'string' }, kind: { type: 'string' } }),
        ...Object.fromEntries(
          [...message.byName].map(([name, field]) => [name, fieldSchema(field, message, refs)]),
        ),
      },
      ...(kinds.length > 0 && { 'x-kubernetes-group-version-kind': kinds }),
    };
  }
  return made;
}

function pathOf(one: Resource): string {
  const root = one.group === '' ? `/api/${one.version}` : `/apis/${one.group}/${one.version}`;
  return `${root}${one.isNamespaced ? '/namespaces/{namespace}' : ''}/${one.plural}`;
}

const parameters = ['dryRun', 'fieldManager', 'fieldValidation'] as const;

function operation(one: Resource, verb: string, action: string, version: Version): JsonObject {
  const { group, kind } = one;
  const name = group === '' ? 'Core' : group.split('.')[0]!.replace(/^./, (first) => first.toUpperCase());
  const scope = one.isNamespaced ? 'Namespaced' : '';
  const inQuery = parameters.map((each) =>
    version === 2
      ? { in: 'query', name: each, type: 'string', uniqueItems: true }
      : { in: 'query', name: each, schema: { type: 'string', uniqueItems: true } },
  );
  return {
    ...(version === 2 && {
      consumes: ['*/*'],
      produces: ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'],
      schemes: ['https'],
    }),
    operationId: `${verb}${name}${one.version.replace(/^v/, 'V')}${scope}${kind}`,
    tags: [`${name.toLowerCase()}_${one.version}`],
    parameters: action === 'get' ? [] : inQuery,
    responses: { 200: { description: 'OK' }, 401: { description: 'Unauthorized' } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group, kind, version: one.version },
  };
}

function paths(of: readonly Resource[], version: Version): JsonObject {
  const made: Record<string, JsonObject> = {};
  for (const one of of) {
    const path = pathOf(one);
    if (one.verbs.includes('create')) made[path] = { post: operation(one, 'create', 'post', version) };
    if (one.verbs.includes('patch'))
      made[`${path}/{name}`] = {
        get: operation(one, 'read', 'get', version),
        put: operation(one, 'replace', 'put', version),
        delete: operation(one, 'delete', 'delete', version),
        patch: operation(one, 'patch', 'patch', version),
      };
  }
  return made;
}

export interface Documents {
  /** `/openapi/v2`: as JSON, and in protobuf. */
  readonly v2: string;
  readonly v2Protobuf: Buffer;
  /** `/openapi/v3`. */
  readonly index: string;
  /** By its path behind `/openapi/v3/`. */
  readonly v3: ReadonlyMap<string, string>;
}

/** Made once: half a megabyte each. */
export function createDocuments({ version }: Release): Documents {
  const info = { title: 'Kubernetes', version };
  const schemas = definitions('#/components/schemas/');
  const v3 = new Map<string, string>([
    [
      'version',
      JSON.stringify({
        openapi: '3.0.0',
        info,
        paths: {
          '/version/': { get: { operationId: 'getCodeVersion', responses: { 200: { description: 'OK' } } } },
        },
      }),
    ],
  ]);
  for (const name of new Set(resources.map((one) => apiVersionOf(one)))) {
    const own = resources.filter((one) => apiVersionOf(one) === name);
    v3.set(
      name.includes('/') ? `apis/${name}` : `api/${name}`,
      JSON.stringify({
        openapi: '3.0.0',
        info,
        paths: paths(own, 3),
        components: { schemas: schemasFor(own, schemas) },
      }),
    );
  }
  const hashed = [...v3].map(([name, document]) => [
    name,
    {
      serverRelativeURL: `/openapi/v3/${name}?hash=${createHash('sha512').update(document).digest('hex').toUpperCase()}`,
    },
  ]);
  const v2 = { swagger: '2.0', info, paths: paths(resources, 2), definitions: definitions('#/definitions/') };
  return {
    v2: JSON.stringify(v2),
    v2Protobuf: encodeDocument(v2),
    index: JSON.stringify({ paths: Object.fromEntries(hashed) }),
    v3,
  };
}

/** The schemas that some resources reach. */
function schemasFor(own: readonly Resource[], all: JsonObject): JsonObject {
  const reached = new Map<string, Message>();
  const reach = (message: Message | undefined): void => {
    if (message === undefined || reached.has(message.id)) return;
    reached.set(message.id, message);
    for (const { type } of message.fields) if (type.kind === 'message') reach(type.message);
  };
  for (const one of own) reach(messageOfKind(apiVersionOf(one), one.kind));
  const names = [...reached.values()].map(definitionName);
  return Object.fromEntries(names.map((name) => [name, all[name]]));
}
