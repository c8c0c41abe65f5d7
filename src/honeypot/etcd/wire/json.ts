/** Messages as the gateway writes and reads them (golang/protobuf's jsonpb, with the names of the fields as they are). */
import { scanJson } from '../../docker/json/scan.ts';
import { type Field, fieldsOf, isMessage, type Message, type MessageName, type Value } from './schema.ts';

/** What is no message; the words are Go's. */
export class JsonError extends Error {}

/** Zeros are left out. Integers of 64 bits are texts. */
export function toJson(message: Message, name: MessageName): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const field of fieldsOf(name)) {
    const value = message[field.name];
    if (value === undefined) continue;
    if (!field.repeats) {
      const one = jsonOf(value, field);
      if (one !== undefined) made[field.name] = one;
    } else if ((value as readonly Value[]).length > 0)
      made[field.name] = (value as readonly Value[]).map((item) => jsonOf(item, field));
  }
  return made;
}

function jsonOf(value: Value, { type, repeats }: Field): unknown {
  switch (type.kind) {
    case 'bytes':
      return Buffer.isBuffer(value) && (value.length > 0 || repeats) ? value.toString('base64') : undefined;
    case 'string':
      return value === '' && !repeats ? undefined : value;
    case 'int64':
    case 'uint64':
      return value === 0n ? undefined : String(value);
    case 'bool':
    case 'uint32':
      return value === false || value === 0 ? undefined : value;
    case 'enumeration':
      return value === 0 ? undefined : (type.words[value as number] ?? value);
    case 'message':
      return toJson(isMessage(value) ? value : {}, type.name);
  }
}

/** Messages in messages. */
const maxDepth = 20;

/** @param body the first value in it counts, nothing is an empty message. @throws JsonError */
export function fromJson(body: Buffer, name: MessageName): Message {
  const found = scanJson(body);
  if (found.kind === 'empty') return {};
  if (found.kind === 'cut') throw new JsonError('unexpected EOF');
  if (found.kind === 'wrong') throw new JsonError(found.message);
  return messageOf(JSON.parse(body.toString('utf8', found.from, found.to), exactly), name, 0);
}

/** Identities of leases and members are beyond what doubles hold. */
function exactly(_: string, value: unknown, { source = '' }: { readonly source?: string } = {}): unknown {
  const isLong = typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d{1,20}$/.test(source);
  return isLong ? BigInt(source) : value;
}

function messageOf(json: unknown, name: MessageName, depth: number): Message {
  if (depth > maxDepth) throw new JsonError('exceeded max depth');
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new JsonError(
      `json: cannot unmarshal ${kindOf(json)} into Go value of type map[string]json.RawMessage`,
    );
  const made: Record<string, Value> = {};
  for (const field of fieldsOf(name)) {
    const given =
      (json as Record<string, unknown>)[field.name] ??
      (json as Record<string, unknown>)[camelCase(field.name)];
    if (given === undefined || given === null) continue;
    if (!field.repeats) made[field.name] = valueFrom(given, field, depth);
    else if (Array.isArray(given)) made[field.name] = given.map((one) => valueFrom(one, field, depth));
    else
      throw new JsonError(`json: cannot unmarshal ${kindOf(given)} into Go value of type []json.RawMessage`);
  }
  return made;
}

function valueFrom(json: unknown, { type }: Field, depth: number): Value {
  switch (type.kind) {
    case 'bytes':
      if (typeof json !== 'string') throw mismatch(json, '[]uint8');
      return base64(json);
    case 'string':
      if (typeof json !== 'string') throw mismatch(json, 'string');
      return json;
    case 'bool':
      if (typeof json !== 'boolean') throw mismatch(json, 'bool');
      return json;
    case 'int64':
    case 'uint64':
    case 'uint32': {
      const value = integer(json, type.kind);
      return type.kind === 'uint32' ? Number(value) : value;
    }
    case 'enumeration': {
      const at = typeof json === 'number' ? json : type.words.indexOf(json as string);
      if (at < 0) throw new JsonError(`unknown value ${JSON.stringify(json)} for enum ${type.name}`);
      return at;
    }
    case 'message':
      return messageOf(json, type.name, depth + 1);
  }
}

/** Numbers may come as texts. */
function integer(json: unknown, type: string): bigint {
  const isNumber = typeof json === 'number' || typeof json === 'bigint';
  const text = typeof json === 'string' || isNumber ? String(json) : undefined;
  if (text === undefined) throw mismatch(json, type);
  if (!/^-?\d{1,20}$/.test(text)) {
    const found = scanJson(Buffer.from(text));
    if (found.kind === 'wrong') throw new JsonError(found.message);
    throw mismatch(json, type);
  }
  const value = BigInt(text);
  const isFit = type === 'int64' ? BigInt.asIntN(64, value) === value : BigInt.asUintN(64, value) === value;
  if (!isFit) throw new JsonError(`json: cannot unmarshal number ${text} into Go value of type ${type}`);
  return value;
}

function base64(text: string): Buffer {
  const wrong = /[^A-Za-z0-9+/=\r\n]/.exec(text);
  if (wrong !== null) throw new JsonError(`illegal base64 data at input byte ${wrong.index}`);
  const digits = text.replace(/[\r\n]/g, '');
  const isPadded = digits.length % 4 === 0 && /^[^=]*={0,2}$/.test(digits);
  if (!isPadded)
    throw new JsonError(`illegal base64 data at input byte ${digits.replace(/=+$/, '').length & ~3}`);
  return Buffer.from(digits, 'base64');
}

function mismatch(json: unknown, type: string): JsonError {
  return new JsonError(`json: cannot unmarshal ${kindOf(json)} into Go value of type ${type}`);
}

function kindOf(json: unknown): string {
  if (Array.isArray(json)) return 'array';
  return typeof json === 'boolean' ? 'bool' : typeof json;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
