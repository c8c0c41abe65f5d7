/** Values of Python: whole numbers as `bigint`, floats as `number`, bytes as `Buffer`; and how they print. */

export interface List {
  readonly kind: 'list' | 'tuple' | 'set';
  readonly items: Value[];
  /** Of a named tuple. */
  readonly names?: readonly string[];
}

export interface Dict {
  readonly kind: 'dict';
  /** By the key's `repr`. */
  readonly pairs: Map<string, readonly [Value, Value]>;
}

export interface Callable {
  readonly kind: 'function';
  readonly name: string;
  call(args: readonly Value[], named: ReadonlyMap<string, Value>): Value | Promise<Value>;
}

/** A module, or an object of a class: its members are all that is known of it. */
export interface Thing {
  readonly kind: 'thing';
  readonly type: string;
  readonly repr: string;
  readonly members: Readonly<Record<string, Value>>;
}

/** What nobody computed: whatever is done with it gives it again, and nothing is printed of it. */
export interface Unknown {
  readonly kind: 'unknown';
}

export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Buffer
  | List
  | Dict
  | Callable
  | Thing
  | Unknown;

export const unknown: Unknown = { kind: 'unknown' };

export function isUnknown(value: Value): value is Unknown {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'unknown';
}

export function isList(value: Value): value is List {
  return typeOf(value) === 'list' || typeOf(value) === 'tuple' || typeOf(value) === 'set';
}

export function listOf(items: readonly Value[], kind: List['kind'] = 'list'): List {
  return { kind, items: [...items] };
}

export function namedTuple(members: Readonly<Record<string, Value>>): List {
  return { kind: 'tuple', items: Object.values(members), names: Object.keys(members) };
}

export function dictOf(pairs: Iterable<readonly [Value, Value]>): Dict {
  return { kind: 'dict', pairs: new Map([...pairs].map((pair) => [reprOf(pair[0]), pair])) };
}

export function callable(name: string, call: Callable['call']): Callable {
  return { kind: 'function', name, call };
}

export function thing(type: string, members: Thing['members'], repr?: string): Thing {
  return {
    kind: 'thing',
    type,
    repr: repr ?? `<${type} object at 0x7f${type.length.toString(16)}c4d1b2e90>`,
    members,
  };
}

/** Name of its class, as messages of errors have it. */
export function typeOf(value: Value): string {
  if (value === null) return 'NoneType';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float';
  if (typeof value === 'string') return 'str';
  if (Buffer.isBuffer(value)) return 'bytes';
  if (value.kind === 'thing') return value.type;
  return value.kind;
}

/** Longest text that is made of a value. */
const longest = 256 * 1024;

export function reprOf(value: Value): string {
  return written(value, 0).slice(0, longest);
}

export function textOf(value: Value): string {
  return typeof value === 'string' ? value : isUnknown(value) ? '' : reprOf(value);
}

function written(value: Value, depth: number): string {
  if (depth > 20) return '...';
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return floatText(value);
  if (typeof value === 'string') return quoted(value, false);
  if (Buffer.isBuffer(value)) return `b${quoted(value.toString('latin1'), true)}`;
  const all = (items: readonly Value[]): string => items.map((one) => written(one, depth + 1)).join(', ');
  switch (value.kind) {
    case 'list':
      return `[${all(value.items)}]`;
    case 'tuple':
      return value.items.length === 1 ? `(${all(value.items)},)` : `(${all(value.items)})`;
    case 'set':
      return value.items.length === 0 ? 'set()' : `{${all(value.items)}}`;
    case 'dict': {
      const pairs = [...value.pairs.values()];
      return `{${pairs.map(([key, one]) => `${written(key, depth + 1)}: ${written(one, depth + 1)}`).join(', ')}}`;
    }
    case 'function':
      return `<function ${value.name}>`;
    case 'thing':
      return value.repr;
    case 'unknown':
      return '';
  }
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const text = String(value);
  if (/e/.test(text)) return text.replace(/e([+-])(\d)$/, 'e$10$2');
  return text.includes('.') ? text : `${text}.0`;
}

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

function quoted(text: string, isBytes: boolean): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inside = text.replace(/[\0-\x1f\\'"\x7f-\xa0\xad]|[\ud800-\udfff](?![\udc00-\udfff])/g, (one) => {
    if (one === quote) return `\\${one}`;
    if (one === '"' || one === "'") return one;
    return escapes[one] ?? `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  const plain = isBytes
    ? inside.replace(/[\xa1-\xff]/g, (one) => `\\x${one.charCodeAt(0).toString(16)}`)
    : inside;
  return quote + plain + quote;
}

export function isTrue(value: Value): boolean {
  if (value === null || value === false || value === 0n || value === 0 || value === '') return false;
  if (Buffer.isBuffer(value)) return value.length > 0;
  if (typeof value !== 'object') return true;
  if ('items' in value) return value.items.length > 0;
  return 'pairs' in value ? value.pairs.size > 0 : true;
}

export function isEqual(a: Value, b: Value): boolean {
  if (isNumber(a) && isNumber(b)) return Number(a) === Number(b);
  return typeOf(a) === typeOf(b) && reprOf(a) === reprOf(b);
}

export function isNumber(value: Value): value is bigint | number | boolean {
  return typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean';
}

/** An exception, as it reaches whoever reads its traceback. */
export class Raised extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}
