/** The order in which Go writes an object: kind and version, fields as its type declares them, maps by their keys. */
import { isObject, type Json, type JsonObject } from '../json.ts';
import { type Message, messageOfKind } from './schema.ts';

/** @param object of a kind; of one that is not known it is left as it is */
export function ordered<T extends JsonObject>(object: T): T {
  const { kind, apiVersion, ...rest } = object;
  if (typeof kind !== 'string' || typeof apiVersion !== 'string') return object;
  const message = messageOfKind(apiVersion, kind);
  return { kind, apiVersion, ...(message === undefined ? rest : byFields(rest, message)) } as unknown as T;
}

function byFields(object: JsonObject, message: Message): JsonObject {
  const made: Record<string, Json> = {};
  for (const [name, field] of message.byName) {
    const value = object[name];
    if (value === undefined) continue;
    const one = (each: Json): Json =>
      field.type.kind === 'message' && isObject(each) ? byFields(each, field.type.message) : each;
    if (field.repeats === 'list') made[name] = Array.isArray(value) ? (value as Json[]).map(one) : value;
    else if (field.repeats === 'map') made[name] = isObject(value) ? byKeys(value) : value;
    else made[name] = one(value);
  }
  return made;
}

function byKeys(map: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
