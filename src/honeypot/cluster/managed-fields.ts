/** Who set which fields, as the API server notes it in every object (structured-merge-diff, fieldsV1). */
import { isObject, type Json, type JsonObject, timestamp } from './json.ts';

/** Lists that are told by their members' keys. */
const keys: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  volumes: ['name'],
  env: ['name'],
  volumeMounts: ['mountPath'],
  ports: ['containerPort', 'port'],
  imagePullSecrets: ['name'],
  ownerReferences: ['uid'],
  conditions: ['type'],
};

const maxDepth = 40;

/** What the server sets itself is nobody's. */
const unowned: ReadonlySet<string> = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
]);

export interface Manager {
  readonly name: string;
  readonly operation: 'Update' | 'Apply';
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Only that part of the object: `status`. */
  readonly subresource?: 'status';
}

/** The entry of one manager for all that it may have set: the object without its status, or its status alone. */
export function managedEntry(object: JsonObject, { name, operation, at, subresource }: Manager): JsonObject {
  const { apiVersion = 'v1', kind: _, metadata, status, ...rest } = object;
  const own = Object.entries(isObject(metadata) ? metadata : {}).filter(([field]) => !unowned.has(field));
  const set =
    subresource === 'status'
      ? { status: status ?? {} }
      : { ...(own.length > 0 && { metadata: Object.fromEntries(own) }), ...rest };
  return {
    manager: name,
    operation,
    apiVersion,
    time: timestamp(at),
    fieldsType: 'FieldsV1',
    fieldsV1: fieldsOf(set, 0),
    ...(subresource !== undefined && { subresource }),
  };
}

function fieldsOf(object: JsonObject, depth: number): JsonObject {
  const made: [string, Json][] = Object.entries(object).map(([name, value]) => [
    `f:${name}`,
    setOf(name, value ?? null, depth),
  ]);
  return Object.fromEntries(made.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function setOf(name: string, value: Json, depth: number): JsonObject {
  if (depth > maxDepth) return {};
  if (isObject(value)) {
    const fields = fieldsOf(value, depth + 1);
    return ['labels', 'annotations', 'data', 'strategy', 'selector'].includes(name)
      ? { '.': {}, ...fields }
      : fields;
  }
  if (!Array.isArray(value)) return {};
  const members = (value as readonly Json[]).filter(isObject);
  const key = keys[name]?.find(
    (one) => members.length > 0 && members.every((member) => member[one] !== undefined),
  );
  if (key === undefined) return {};
  return Object.fromEntries(
    members.map((member) => {
      const own = { [key]: member[key], ...(name === 'ports' && { protocol: member.protocol ?? 'TCP' }) };
      return [`k:${JSON.stringify(own)}`, { '.': {}, ...fieldsOf(member, depth + 1) }];
    }),
  );
}
