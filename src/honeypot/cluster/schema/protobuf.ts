/**
 * Objects in `application/vnd.kubernetes.protobuf`: four bytes, then runtime.Unknown with the kind and the message
 * (k8s.io/apimachinery, runtime/serializer/protobuf). Decoding is bounded by the length of what came and by
 * `maxMembers`, in depth by the messages, none of which is inside itself; what is malformed is refused as a whole.
 */
import { isObject, type Json, type JsonObject, numberAt, textAt, timestamp } from '../json.ts';
import { type Field, type Message, messageOfKind, type Special, type Type } from './schema.ts';
import { delimited, type Element, elements, Malformed, varintField } from './wire.ts';

const magic = Buffer.from('k8s\0', 'latin1');
const maxMembers = 20_000;

/** @throws Malformed where it is none, or of a kind that is not known */
export function decodeObject(bytes: Buffer): JsonObject {
  if (!bytes.subarray(0, 4).equals(magic))
    throw new Malformed(
      'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]',
    );
  let type: Buffer = Buffer.alloc(0);
  let raw: Buffer = Buffer.alloc(0);
  for (const { number, bytes: content } of elements(bytes.subarray(4))) {
    if (number === 1) type = content;
    else if (number === 2) raw = content;
  }
  const names = new Map(elements(type).map((one) => [one.number, one.bytes.toString('utf8')]));
  const [apiVersion = '', kind = ''] = [names.get(1), names.get(2)];
  const message = messageOfKind(apiVersion, kind);
  if (message === undefined)
    throw new Malformed(`no kind "${kind}" is registered for version "${apiVersion}"`);
  const budget = { members: maxMembers };
  return { apiVersion, kind, ...decodeMessage(raw, message, budget) };
}

/** @returns undefined where no message is known for its kind */
export function encodeObject(object: JsonObject): Buffer | undefined {
  const apiVersion = textAt(object, 'apiVersion');
  const kind = textAt(object, 'kind');
  const message = messageOfKind(apiVersion, kind);
  const item = kind.endsWith('List') ? messageOfKind(apiVersion, kind.slice(0, -4)) : undefined;
  if (message === undefined && item === undefined) return undefined;
  const raw = message !== undefined ? encodeMessage(object, message) : encodeList(object, item!);
  const type = Buffer.concat([delimited(1, Buffer.from(apiVersion)), delimited(2, Buffer.from(kind))]);
  const rest = [delimited(3, Buffer.alloc(0)), delimited(4, Buffer.alloc(0))];
  return Buffer.concat([magic, delimited(1, type), delimited(2, raw), ...rest]);
}

function encodeList(list: JsonObject, item: Message): Buffer {
  const metadata = isObject(list.metadata) ? list.metadata : {};
  const meta = [
    delimited(1, Buffer.alloc(0)),
    delimited(2, Buffer.from(textAt(metadata, 'resourceVersion'))),
    delimited(3, Buffer.from(textAt(metadata, 'continue'))),
  ];
  if (typeof metadata.remainingItemCount === 'number') meta.push(varintField(4, metadata.remainingItemCount));
  const items = Array.isArray(list.items) ? (list.items as readonly Json[]) : [];
  const members = items.filter(isObject).map((one) => delimited(2, encodeMessage(one, item)));
  return Buffer.concat([delimited(1, Buffer.concat(meta)), ...members]);
}

function decodeMessage(bytes: Buffer, message: Message, budget: { members: number }): JsonObject {
  const fields = new Map(message.fields.map((field) => [field.number, field]));
  const made: Record<string, Json> = {};
  for (const element of elements(bytes)) {
    budget.members -= 1;
    if (budget.members < 0) throw new Malformed('too many members');
    const field = fields.get(element.number);
    if (field === undefined) continue;
    if (field.isEmbedded && field.type.kind === 'message')
      Object.assign(made, decodeMessage(element.bytes, field.type.message, budget));
    else if (field.repeats === 'list') {
      const list = (made[field.name] ?? []) as Json[];
      list.push(decodeValue(element, field.type, budget));
      made[field.name] = list;
    } else if (field.repeats === 'map') {
      const pair = new Map(elements(element.bytes).map((one) => [one.number, one]));
      const name = pair.get(1)?.bytes.toString('utf8') ?? '';
      const empty: Element = { number: 2, value: 0n, bytes: Buffer.alloc(0) };
      const map = (made[field.name] ?? {}) as Record<string, Json>;
      // Own properties only, whatever they are called.
      Object.defineProperty(map, name, {
        value: decodeValue(pair.get(2) ?? empty, field.type, budget),
        ...{ enumerable: true, writable: true, configurable: true },
      });
      made[field.name] = map;
    } else {
      const value = decodeValue(element, field.type, budget);
      if (!isOmitted(value, field.type)) made[field.name] = value;
    }
  }
  return made;
}

/** What JSON leaves out, because protobuf writes fields that were never set. */
function isOmitted(value: Json, type: Type): boolean {
  return (type.kind === 'text' || type.kind === 'bytes') && value === '';
}

function decodeValue(element: Element, type: Type, budget: { members: number }): Json {
  switch (type.kind) {
    case 'text':
      return element.bytes.toString('utf8');
    case 'bytes':
      return element.bytes.toString('base64');
    case 'flag':
      return element.value !== 0n;
    case 'int32':
    case 'int64':
      return Number(BigInt.asIntN(64, element.value));
    case 'texts':
      return elements(element.bytes).map((one) => one.bytes.toString('utf8'));
    case 'special':
      return decodeSpecial(element.bytes, type.name);
    case 'message':
      return decodeMessage(element.bytes, type.message, budget);
  }
}

function decodeSpecial(bytes: Buffer, name: Special): Json {
  const found = new Map(elements(bytes).map((one) => [one.number, one]));
  const number = (at: number): number => Number(BigInt.asIntN(64, found.get(at)?.value ?? 0n));
  switch (name) {
    case 'Quantity':
      return found.get(1)?.bytes.toString('utf8') ?? '0';
    case 'IntOrString':
      return number(1) === 1 ? (found.get(3)?.bytes.toString('utf8') ?? '') : number(2);
    case 'Time':
    case 'MicroTime': {
      const at = number(1) * 1000;
      return found.size === 0 || Math.abs(at) > 8.64e15 ? null : timestamp(at);
    }
    case 'Duration':
      return `${number(1) / 1e9}s`;
    case 'RawExtension':
    case 'FieldsV1':
      try {
        return JSON.parse(found.get(1)?.bytes.toString('utf8') ?? 'null') as Json;
      } catch {
        return null;
      }
  }
}

function encodeMessage(object: JsonObject, message: Message): Buffer {
  const parts: Buffer[] = [];
  for (const field of message.fields) {
    if (field.isEmbedded && field.type.kind === 'message') {
      parts.push(delimited(field.number, encodeMessage(object, field.type.message)));
      continue;
    }
    const value = object[field.name];
    if (value === undefined || value === null) continue;
    if (field.repeats === 'list' && Array.isArray(value)) {
      for (const one of value as readonly Json[]) parts.push(encodeField(field, one));
    } else if (field.repeats === 'map' && isObject(value)) {
      for (const [name, one] of Object.entries(value))
        parts.push(
          delimited(
            field.number,
            Buffer.concat([
              delimited(1, Buffer.from(name)),
              encodeField({ ...field, number: 2 }, one ?? null),
            ]),
          ),
        );
    } else parts.push(encodeField(field, value));
  }
  return Buffer.concat(parts);
}

function encodeField({ number, type }: Field, value: Json): Buffer {
  switch (type.kind) {
    case 'text':
      return delimited(number, Buffer.from(String(value)));
    case 'bytes':
      return delimited(number, Buffer.from(String(value), 'base64'));
    case 'flag':
      return varintField(number, value === true ? 1 : 0);
    case 'int32':
    case 'int64':
      return varintField(number, Number(value));
    case 'texts':
      return delimited(
        number,
        Buffer.concat((value as readonly string[]).map((one) => delimited(1, Buffer.from(one)))),
      );
    case 'special':
      return delimited(number, encodeSpecial(value, type.name));
    case 'message':
      return delimited(number, encodeMessage(isObject(value) ? value : {}, type.message));
  }
}

function encodeSpecial(value: Json, name: Special): Buffer {
  switch (name) {
    case 'Quantity':
      return delimited(1, Buffer.from(String(value)));
    case 'IntOrString':
      return Buffer.concat(
        typeof value === 'number'
          ? [varintField(1, 0), varintField(2, value), delimited(3, Buffer.alloc(0))]
          : [varintField(1, 1), varintField(2, 0), delimited(3, Buffer.from(String(value)))],
      );
    case 'Time':
    case 'MicroTime':
      return Buffer.concat([varintField(1, Math.floor(Date.parse(String(value)) / 1000)), varintField(2, 0)]);
    case 'Duration':
      return varintField(1, numberAt({ value }, 'value'));
    case 'RawExtension':
    case 'FieldsV1':
      return delimited(1, Buffer.from(JSON.stringify(value)));
  }
}
