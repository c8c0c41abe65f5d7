/**
 * Holds JSON that came in against its message: what has the wrong type is refused with the words of Go's decoder,
 * unknown fields are left out and named, so that all behind this point may trust types. Depth is bounded by the schema,
 * except for JSON schemas and raw extensions, which are kept as they are.
 */
import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Field, Message, Special, Type } from './schema.ts';

export interface Conformed {
  readonly value: JsonObject;
  /** `spec.template.spec.containers[0].imagee`; as many as are worth telling. */
  readonly unknown: readonly string[];
}

/** JSON of a type that the field does not have; the message is Go's. */
export class WrongType extends Error {}

const maxUnknown = 32;

export function conform(value: JsonObject, message: Message): Conformed {
  const unknown: string[] = [];

  function object(from: JsonObject, inside: Message, path: string): JsonObject {
    const made: Record<string, Json> = {};
    for (const [name, one] of Object.entries(from)) {
      const where = path === '' ? name : `${path}.${name}`;
      if (path === '' && (name === 'apiVersion' || name === 'kind')) {
        if (one !== undefined) made[name] = one;
        continue;
      }
      const field = inside.byName.get(name);
      if (field === undefined) {
        if (unknown.length < maxUnknown) unknown.push(where);
      } else if (one !== null && one !== undefined) made[name] = repeated(one, field, inside, where);
    }
    return made;
  }

  function repeated(one: Json, field: Field, inside: Message, path: string): Json {
    const where = `${inside.name}.${path.replace(/\[\d+\]/g, '')}`;
    switch (field.repeats) {
      case 'no':
        return single(one, field.type, where, path);
      case 'list':
        if (!Array.isArray(one)) throw wrong(one, where, `[]${goName(field.type)}`);
        return one.map((each, index) => single(each, field.type, where, `${path}[${index}]`));
      case 'map':
        if (!isObject(one)) throw wrong(one, where, `map[string]${goName(field.type)}`);
        return Object.fromEntries(
          Object.entries(one).map(([name, each]) => [
            name,
            single(each ?? null, field.type, where, `${path}.${name}`),
          ]),
        );
    }
  }

  function single(one: Json, type: Type, where: string, path: string): Json {
    switch (type.kind) {
      case 'text':
      case 'bytes':
        if (one === null) return '';
        if (typeof one !== 'string') throw wrong(one, where, goName(type));
        return one;
      case 'int32':
      case 'int64':
        if (typeof one !== 'number') throw wrong(one, where, goName(type));
        if (!Number.isInteger(one)) throw wrong(one, where, goName(type), `number ${one}`);
        return one;
      case 'flag':
        if (typeof one !== 'boolean') throw wrong(one, where, 'bool');
        return one;
      case 'texts':
        if (!Array.isArray(one) || one.some((each) => typeof each !== 'string'))
          throw wrong(one, where, '[]string');
        return one;
      case 'special':
        return special(one, type.name, where);
      case 'message':
        if (one === null) return {};
        if (!isObject(one)) throw wrong(one, where, goName(type));
        return object(one, type.message, path);
    }
  }

  return { value: object(value, message, ''), unknown };
}

function special(one: Json, name: Special, where: string): Json {
  switch (name) {
    case 'Quantity':
      if (typeof one !== 'string' && typeof one !== 'number') throw wrong(one, where, 'resource.Quantity');
      if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/.test(String(one)))
        throw new WrongType(
          "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
        );
      return String(one);
    case 'IntOrString':
      if (typeof one !== 'string' && typeof one !== 'number') throw wrong(one, where, 'intstr.IntOrString');
      return one;
    case 'Time':
    case 'MicroTime':
    case 'Duration':
      if (typeof one !== 'string') throw wrong(one, where, 'string');
      return one;
    case 'RawExtension':
    case 'FieldsV1':
      return one;
  }
}

function goName(type: Type): string {
  switch (type.kind) {
    case 'text':
      return 'string';
    case 'bytes':
      return '[]uint8';
    case 'flag':
      return 'bool';
    case 'texts':
      return '[]string';
    case 'special':
      return type.name;
    case 'message':
      return type.message.id.replace('core/', '').replace(/^[a-z]+\//, '');
    default:
      return type.kind;
  }
}

function wrong(one: Json, where: string, type: string, what = jsonName(one)): WrongType {
  return new WrongType(`json: cannot unmarshal ${what} into Go struct field ${where} of type ${type}`);
}

function jsonName(one: Json): string {
  if (Array.isArray(one)) return 'array';
  if (typeof one === 'boolean') return 'bool';
  return one === null ? 'null' : typeof one;
}
