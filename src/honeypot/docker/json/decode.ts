/**
 * Decodes JSON into the shape of a Go struct: fields are found whatever the case of their names, unknown ones are
 * dropped, and the first value of a wrong kind gives the error of encoding/json (1.19, decode.go), which names the
 * struct, the path and the Go type.
 */
import { scanJson } from './scan.ts';

/** What a value has to be. The text of a kind is its Go type, as errors name it. */
export type Shape =
  | { readonly kind: 'string' | 'bool'; readonly type: string }
  | { readonly kind: 'int'; readonly type: string }
  | { readonly kind: 'list'; readonly type: string; readonly of: Shape }
  | { readonly kind: 'map'; readonly type: string; readonly of: Shape }
  /** A string or a list of strings. */
  | { readonly kind: 'words'; readonly type: string }
  | { readonly kind: 'struct'; readonly type: string; readonly fields: Fields }
  | { readonly kind: 'any'; readonly type: string };

export type Fields = Readonly<Record<string, Shape>>;

export const text: Shape = { kind: 'string', type: 'string' };
export const bool: Shape = { kind: 'bool', type: 'bool' };
export const int: Shape = { kind: 'int', type: 'int' };
export const int64: Shape = { kind: 'int', type: 'int64' };
export const any: Shape = { kind: 'any', type: 'interface {}' };
export const words: Shape = { kind: 'words', type: 'strslice.StrSlice' };

export function named(kind: 'string' | 'bool' | 'int', type: string): Shape {
  return { kind, type };
}

export function listOf(of: Shape, type = `[]${of.type}`): Shape {
  return { kind: 'list', type, of };
}

export function mapOf(of: Shape, type = `map[string]${of.type}`): Shape {
  return { kind: 'map', type, of };
}

export function struct(type: string, fields: Fields): Shape {
  return { kind: 'struct', type, fields };
}

/** What Go's decoder says of a text that it does not take. */
export class JsonError extends Error {
  /** `EOF` for a text with nothing in it. */
  readonly isEmpty: boolean;

  constructor(message: string, isEmpty = false) {
    super(message);
    this.isEmpty = isEmpty;
  }
}

export type Decoded = Readonly<Record<string, unknown>>;

/**
 * The first value of a text, as `json.NewDecoder(body).Decode(&v)` leaves it: absent and null members are missing.
 * @throws JsonError
 */
export function decodeJson(bytes: Uint8Array, shape: Shape): Decoded {
  const value = parseJson(bytes);
  const context: Context = { path: [] };
  const decoded = decode(value, shape, context);
  if (context.error !== undefined) throw new JsonError(context.error);
  return (decoded ?? {}) as Decoded;
}

/** @throws JsonError */
export function parseJson(bytes: Uint8Array): unknown {
  const scanned = scanJson(bytes);
  switch (scanned.kind) {
    case 'empty':
      throw new JsonError('EOF', true);
    case 'cut':
      throw new JsonError('unexpected EOF');
    case 'wrong':
      throw new JsonError(scanned.message);
    case 'value':
      return JSON.parse(Buffer.from(bytes.subarray(scanned.from, scanned.to)).toString('utf8'));
  }
}

interface Context {
  readonly path: string[];
  struct?: string;
  error?: string;
}

function decode(value: unknown, shape: Shape, context: Context): unknown {
  if (value === null) return undefined;
  const refuse = (told = kindOf(value), type = shape.type): undefined => {
    context.error ??=
      context.struct === undefined
        ? `json: cannot unmarshal ${told} into Go value of type ${type}`
        : `json: cannot unmarshal ${told} into Go struct field ${context.struct}.${context.path.join('.')} of type ${type}`;
    return undefined;
  };
  switch (shape.kind) {
    case 'any':
      return value;
    case 'string':
      return typeof value === 'string' ? value : refuse();
    case 'bool':
      return typeof value === 'boolean' ? value : refuse();
    case 'int':
      if (typeof value !== 'number') return refuse();
      return Number.isInteger(value) && Math.abs(value) <= 2 ** 63 ? value : refuse(`number ${value}`);
    case 'words':
      if (typeof value === 'string') return [value];
      return Array.isArray(value) && value.every((one) => typeof one === 'string' || one === null)
        ? value.map((one) => one ?? '')
        : refuse(kindOf(value), 'string');
    case 'list':
      if (!Array.isArray(value)) return refuse();
      return value.map((one) => decode(one, shape.of, context) ?? zeroOf(shape.of));
    case 'map': {
      if (kindOf(value) !== 'object') return refuse();
      const entries = Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1));
      return Object.fromEntries(
        entries.map(([key, one]) => [key, decode(one, shape.of, context) ?? zeroOf(shape.of)]),
      );
    }
    case 'struct':
      return kindOf(value) === 'object' ? decodeStruct(value as object, shape, context) : refuse();
  }
}

function decodeStruct(value: object, shape: Shape & { kind: 'struct' }, context: Context): Decoded {
  const outer = context.struct;
  context.struct = shape.type.slice(shape.type.lastIndexOf('.') + 1);
  const decoded: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(value)) {
    const name = fieldOf(shape.fields, key);
    if (name === undefined) continue;
    context.path.push(name);
    const member = decode(one, shape.fields[name]!, context);
    if (member !== undefined) decoded[name] = member;
    context.path.pop();
  }
  if (outer === undefined) delete context.struct;
  else context.struct = outer;
  return decoded;
}

const folded = new WeakMap<Fields, ReadonlyMap<string, string>>();

function fieldOf(fields: Fields, key: string): string | undefined {
  if (Object.hasOwn(fields, key)) return key;
  let names = folded.get(fields);
  if (names === undefined) {
    names = new Map(Object.keys(fields).map((name) => [name.toLowerCase(), name]));
    folded.set(fields, names);
  }
  return names.get(key.toLowerCase());
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function zeroOf(shape: Shape): unknown {
  switch (shape.kind) {
    case 'string':
      return '';
    case 'bool':
      return false;
    case 'int':
      return 0;
    case 'list':
    case 'words':
    case 'any':
      return null;
    case 'map':
    case 'struct':
      return {};
  }
}
