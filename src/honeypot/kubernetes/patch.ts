/**
 * Changes by patches: merge (RFC 7386), JSON patch (RFC 6902), strategic merge and server-side apply, the last two with
 * the keys by which lists of the API are merged.
 */
import { isObject, type Json, type JsonObject } from '../cluster/json.ts';
import { badRequest, Refused } from './status.ts';

const maxOperations = 1000;
/** Characters that copying may add altogether. */
const maxCopied = 1 << 20;
const maxDepth = 60;

export function mergePatch(target: Json | undefined, patch: Json, depth = 0): Json {
  if (!isObject(patch)) return patch;
  deepen(depth);
  const made: Record<string, Json | undefined> = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete made[name];
    else if (value !== undefined) set(made, name, mergePatch(made[name], value, depth + 1));
  }
  return made;
}

function deepen(depth: number): void {
  if (depth > maxDepth) throw badRequest('the patch is nested too deeply');
}

/** An own property, whatever it is called. */
function set(object: Record<string, Json | undefined>, name: string, value: Json): void {
  Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
}

/** The key of each list that is merged (`patchMergeKey` in k8s.io/api); other lists are replaced. */
const mergeKeys: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  volumes: ['name'],
  env: ['name'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  ports: ['containerPort', 'port'],
  imagePullSecrets: ['name'],
  secrets: ['name'],
  hostAliases: ['ip'],
  topologySpreadConstraints: ['topologyKey'],
  conditions: ['type'],
  addresses: ['type'],
  taints: ['key'],
  ownerReferences: ['uid'],
  schedulingGates: ['name'],
  webhooks: ['name'],
};

/** Lists of texts that are added to. */
const sets: ReadonlySet<string> = new Set(['finalizers']);

const directive = /^\$(?:patch|retainKeys|setElementOrder\/.*|deleteFromPrimitiveList\/.*)$/;

export function strategicPatch(target: Json | undefined, patch: JsonObject, depth = 0): JsonObject {
  deepen(depth);
  if (patch.$patch === 'replace') return withoutDirectives(patch);
  const made: Record<string, Json | undefined> = isObject(target) ? { ...target } : {};
  if (Array.isArray(patch.$retainKeys)) {
    for (const name of Object.keys(made))
      if (!(patch.$retainKeys as Json[]).includes(name)) delete made[name];
  }
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    const removed = /^\$deleteFromPrimitiveList\/(.*)$/.exec(name)?.[1];
    if (removed !== undefined && Array.isArray(made[removed]) && Array.isArray(value))
      made[removed] = (made[removed] as Json[]).filter((one) => !(value as Json[]).includes(one));
    if (directive.test(name)) continue;
    if (value === null) delete made[name];
    else if (isObject(value)) {
      if (value.$patch === 'delete') delete made[name];
      else set(made, name, strategicPatch(made[name], value, depth + 1));
    } else if (Array.isArray(value)) {
      const order = patch[`$setElementOrder/${name}`];
      set(made, name, mergeList(name, made[name], value, Array.isArray(order) ? order : undefined, depth));
    } else set(made, name, value);
  }
  return made;
}

function mergeList(
  name: string,
  before: Json | undefined,
  patch: readonly Json[],
  order: readonly Json[] | undefined,
  depth: number,
): Json {
  const old = Array.isArray(before) ? (before as readonly Json[]) : [];
  if (sets.has(name)) return [...new Set([...old, ...patch])];
  const key = keyOfList(name, patch, old);
  if (key === undefined) return plain(patch);
  if (patch.some((one) => isObject(one) && one.$patch === 'replace'))
    return patch.filter((one) => !(isObject(one) && one.$patch !== undefined)).map(plain);
  const byKey = new Map<Json | undefined, JsonObject>(old.filter(isObject).map((one) => [one[key], one]));
  for (const one of patch) {
    if (!isObject(one)) continue;
    if (one.$patch === 'delete') byKey.delete(one[key]);
    else byKey.set(one[key], strategicPatch(byKey.get(one[key]), one, depth + 1));
  }
  const merged = [...byKey.values()];
  if (order === undefined) return merged;
  const places = new Map(order.filter(isObject).map((one, index) => [one[key], index]));
  const place = (one: Json): number =>
    isObject(one) ? (places.get(one[key]) ?? order.length) : order.length;
  return merged.toSorted((a, b) => place(a) - place(b));
}

function keyOfList(name: string, ...lists: readonly (readonly Json[])[]): string | undefined {
  const members = lists.flat().filter(isObject);
  return mergeKeys[name]?.find((key) =>
    members.every((one) => one[key] !== undefined || one.$patch === 'replace'),
  );
}

function withoutDirectives(object: JsonObject): JsonObject {
  const kept = Object.entries(object).filter(([name]) => !directive.test(name));
  return Object.fromEntries(kept.map(([name, one]) => [name, plain(one ?? null)]));
}

function plain(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(plain);
  return isObject(value) ? withoutDirectives(value) : value;
}

/** @throws Refused where an operation cannot be done */
export function jsonPatch(target: JsonObject, operations: Json): JsonObject {
  if (!Array.isArray(operations))
    throw badRequest(
      'error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch',
    );
  if (operations.length > maxOperations)
    throw new Refused(
      413,
      'RequestEntityTooLarge',
      `Request entity too large: The allowed maximum operations in a JSON patch is ${maxOperations}, got ${operations.length}`,
    );
  let document = structuredClone(target) as Json;
  let copied = 0;
  const read = (path: string): Json | undefined =>
    pointer(path).reduce<Json | undefined>((at, part) => stepInto(at, part), document);
  for (const operation of operations as readonly Json[]) {
    if (!isObject(operation)) throw badRequest('error decoding patch');
    const { op, path, from, value } = operation;
    if (typeof path !== 'string') throw badRequest('error decoding patch: missing path');
    const taken = op === 'move' || op === 'copy' ? read(String(from)) : value;
    if (op === 'copy') copied += JSON.stringify(taken ?? null).length;
    if (copied > maxCopied)
      throw unprocessable(
        `Unable to complete the copy, the accumulated size increase of copy is ${copied}, exceeding the limit ${maxCopied}`,
      );
    switch (op) {
      case 'test':
        if (JSON.stringify(read(path)) !== JSON.stringify(value))
          throw unprocessable(`testing value ${path} failed: test failed`);
        break;
      case 'remove':
        document = write(document, pointer(path), undefined, op);
        break;
      case 'add':
      case 'replace':
      case 'copy':
        document = write(document, pointer(path), taken ?? null, op);
        break;
      case 'move':
        document = write(document, pointer(String(from)), undefined, 'remove');
        document = write(document, pointer(path), taken ?? null, 'add');
        break;
      default:
        throw unprocessable(`Unexpected kind: ${String(op)}`);
    }
  }
  return isObject(document) ? document : target;
}

function unprocessable(message: string): Refused {
  return new Refused(422, 'Invalid', message);
}

function pointer(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function stepInto(at: Json | undefined, part: string): Json | undefined {
  if (Array.isArray(at)) return (at as readonly Json[])[Number(part)];
  return isObject(at) && Object.hasOwn(at, part) ? at[part] : undefined;
}

/** A document with one place changed; an undefined value removes it. */
function write(document: Json, path: readonly string[], value: Json | undefined, op: string): Json {
  const [part, ...rest] = path;
  if (part === undefined) return value ?? null;
  deepen(path.length);
  if (Array.isArray(document)) {
    const list = [...(document as readonly Json[])];
    const at = part === '-' ? list.length : Number(part);
    if (!Number.isInteger(at) || at < 0 || at > list.length)
      throw unprocessable(`Unable to access invalid index: ${part}`);
    if (rest.length > 0) list[at] = write(list[at] ?? null, rest, value, op);
    else if (value === undefined) list.splice(at, 1);
    else if (op === 'replace') list[at] = value;
    else list.splice(at, 0, value);
    return list;
  }
  const object: Record<string, Json | undefined> = isObject(document) ? { ...document } : {};
  if (rest.length > 0) {
    const inner = Object.hasOwn(object, part) ? object[part] : undefined;
    if (inner === undefined)
      throw unprocessable(`${op} operation does not apply: doc is missing path: ${part}: missing value`);
    set(object, part, write(inner, rest, value, op));
  } else if (value === undefined) delete object[part];
  else set(object, part, value);
  return object;
}
