/** Messages as gRPC carries them. What is malformed is refused as a whole; nesting and number are bounded. */
import { delimited, type Element, elements, Malformed } from '../../cluster/schema/wire.ts';
import { type Field, fieldsOf, isMessage, type Message, type MessageName, type Value } from './schema.ts';

/** Transactions in transactions. */
const maxDepth = 10;
/** Members of a message, all levels together. */
const maxMembers = 20_000;

/** @throws Malformed */
export function decode(bytes: Buffer, name: MessageName): Message {
  return decodeMessage(bytes, name, 0, { members: maxMembers });
}

function decodeMessage(
  bytes: Buffer,
  name: MessageName,
  depth: number,
  budget: { members: number },
): Message {
  if (depth > maxDepth) throw new Malformed('nested too deeply');
  const fields = new Map(fieldsOf(name).map((field) => [field.number, field]));
  const made: Record<string, Value> = {};
  for (const element of elements(bytes)) {
    budget.members -= 1;
    if (budget.members < 0) throw new Malformed('too many members');
    const field = fields.get(element.number);
    if (field === undefined) continue;
    if (!field.repeats) made[field.name] = decodeValue(element, field, depth, budget);
    else if (field.type.kind === 'enumeration' && element.bytes.length > 0)
      made[field.name] = [...element.bytes].map((word) => word);
    else {
      const list = (made[field.name] ?? []) as Value[];
      list.push(decodeValue(element, field, depth, budget));
      made[field.name] = list;
    }
  }
  return made;
}

function decodeValue(
  { value, bytes }: Element,
  { type }: Field,
  depth: number,
  budget: { members: number },
): Value {
  switch (type.kind) {
    case 'bytes':
      return Buffer.from(bytes);
    case 'string':
      return bytes.toString('utf8');
    case 'bool':
      return value !== 0n;
    case 'int64':
      return BigInt.asIntN(64, value);
    case 'uint64':
      return value;
    case 'uint32':
      return Number(BigInt.asUintN(32, value));
    case 'enumeration':
      return Number(BigInt.asIntN(32, value));
    case 'message':
      return decodeMessage(bytes, type.name, depth + 1, budget);
  }
}

export function encode(message: Message, name: MessageName): Buffer {
  const parts: Buffer[] = [];
  for (const field of fieldsOf(name)) {
    const value = message[field.name];
    if (value === undefined) continue;
    for (const one of field.repeats ? (value as readonly Value[]) : [value])
      parts.push(encodeValue(one, field));
  }
  return Buffer.concat(parts);
}

const nothing = Buffer.alloc(0);

/** Zeros are left out, but for what repeats. */
function encodeValue(value: Value, { number, type, repeats }: Field): Buffer {
  if (type.kind === 'message') return delimited(number, encode(isMessage(value) ? value : {}, type.name));
  if (Buffer.isBuffer(value) || typeof value === 'string') {
    const bytes = Buffer.from(value as string);
    return bytes.length > 0 || repeats ? delimited(number, bytes) : nothing;
  }
  const whole = BigInt(value as bigint | number | boolean);
  if (whole === 0n && !repeats) return nothing;
  return Buffer.concat([varint(BigInt(number) << 3n), varint(BigInt.asUintN(64, whole))]);
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  for (let left = value; ; left >>= 7n) {
    const low = Number(left & 0x7fn);
    if (left < 0x80n) return Buffer.from([...bytes, low]);
    bytes.push(low | 0x80);
  }
}
