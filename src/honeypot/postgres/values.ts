/** Values: how texts are read and written, by their types. */
import { decimalText, parseDecimal, round } from './decimal.ts';
import { PgError } from './failure.ts';
import { clock, moment } from './moments.ts';
import { isDecimal, isList, type Type, types, type Value } from './types.ts';

/** As it goes to clients, in text. */
export function output(value: Value, type: Type): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (typeof value === 'string') return value;
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`;
  if (isList(value)) {
    if (type.name.endsWith('vector')) return value.map((one) => output(one, types.int4)).join(' ');
    return `{${value.map((one) => arrayElement(one, type.element ?? types.text)).join(',')}}`;
  }
  if (typeof value === 'object') return decimalText(value);
  return typeof value === 'number' && !Number.isInteger(value) ? floatText(value) : String(value);
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

function arrayElement(value: Value, type: Type): string {
  if (value === null) return 'NULL';
  if (isList(value)) return output(value, { ...type, element: type });
  const text = output(value, type);
  if (text !== '' && !/[{}",\\\s]/.test(text) && text.toUpperCase() !== 'NULL') return text;
  return `"${text.replace(/["\\]/g, (char) => `\\${char}`)}"`;
}

export const invalid = (type: string, text: string, place: string): PgError =>
  new PgError('22P02', `invalid input syntax for type ${type}: "${text}"`, place);
const outOfRange = (type: string, text: string, place: string): PgError =>
  new PgError('22003', `value "${text}" is out of range for type ${type}`, place);

/** Where PostgreSQL complains of what is no such number, and of what is too large for one. */
const integers: Readonly<Record<string, readonly [bits: number, invalid: string, range: string]>> = {
  int2: [16, 'numutils.c:156:pg_strtoint16', 'numutils.c:150:pg_strtoint16'],
  int4: [32, 'numutils.c:232:pg_strtoint32', 'numutils.c:226:pg_strtoint32'],
  int8: [64, 'numutils.c:316:pg_strtoint64', 'numutils.c:310:pg_strtoint64'],
};

/** Characters of a text that is read as something else. */
const maxInput = 1 << 20;

/** @throws PgError */
export function input(text: string, type: Type, resolve?: (text: string, type: Type) => Value): Value {
  const bits = integers[type.name];
  if (bits !== undefined) {
    if (!/^\s*[+-]?\d{1,40}\s*$/.test(text)) throw invalid(type.title, text, bits[1]);
    const value = BigInt(text.trim().replace('+', ''));
    if (BigInt.asIntN(bits[0], value) !== value) throw outOfRange(type.title, text, bits[2]);
    return type.name === 'int8' ? value : Number(value);
  }
  switch (type.name) {
    case 'bool':
      return bool(text);
    case 'oid':
    case 'xid':
    case 'cid':
      if (!/^\s*-?\d{1,20}\s*$/.test(text)) throw invalid(type.name, text, 'oid.c:62:oidin_subr');
      return Number(BigInt.asUintN(32, BigInt(text.trim())));
    case 'float4':
    case 'float8': {
      const value = Number(
        /^\s*[+-]?inf(inity)?\s*$/i.test(text) ? text.replace(/inf(inity)?/i, 'Infinity') : text,
      );
      const isGiven = text.trim() !== '' && (!Number.isNaN(value) || /^\s*nan\s*$/i.test(text));
      if (!isGiven) throw invalid(type.title, text, 'float.c:484:float8in_internal_opt_error');
      return value;
    }
    case 'numeric': {
      const value = text.length > maxInput ? undefined : parseDecimal(text);
      if (value === undefined) throw invalid('numeric', text, 'numeric.c:6896:set_var_from_str');
      return value;
    }
    case 'bytea':
      return bytes(text);
    case 'name':
      return text.slice(0, 63);
    case 'regclass':
    case 'regtype':
    case 'regnamespace':
    case 'regrole':
    case 'regproc':
      if (/^\d{1,10}$/.test(text)) return Number(text);
      return resolve === undefined ? text : resolve(text, type);
    case 'inet':
    case 'cidr':
      if (!/^[0-9a-fA-F:.]{2,45}(?:\/\d{1,3})?$/.test(text))
        throw invalid(type.name, text, 'network.c:96:network_in');
      return text;
    case 'json':
    case 'jsonb':
      try {
        JSON.parse(text);
      } catch {
        throw invalidJson(text);
      }
      return text;
    case 'uuid':
      if (!/^\{?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i.test(text))
        throw invalid('uuid', text, 'uuid.c:133:string_to_uuid');
      return text.toLowerCase();
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return moment(text, type);
    case 'time':
      return clock(text);
    default:
      if (type.name.endsWith('vector'))
        return text
          .split(' ')
          .filter((one) => one !== '')
          .map(Number);
      return type.element === undefined ? text : array(text, type.element);
  }
}

function invalidJson(text: string): PgError {
  const token = /^\s*(\w+|\S)/.exec(text)?.[1] ?? '';
  const detail = /^[{["]?$/.test(token)
    ? 'The input string ended unexpectedly.'
    : `Token "${token.slice(0, 100)}" is invalid.`;
  return new PgError('22P02', 'invalid input syntax for type json', 'jsonfuncs.c:627:json_ereport_error', {
    detail,
    context: `JSON data, line 1: ${text.slice(0, 50)}`,
  });
}

function bool(text: string): boolean {
  const word = text.trim().toLowerCase();
  const is = (name: string): boolean => word !== '' && word !== 'o' && name.startsWith(word);
  if (is('true') || is('yes') || word === 'on' || word === '1') return true;
  if (is('false') || is('no') || is('off') || word === '0') return false;
  throw invalid('boolean', text, 'bool.c:151:boolin');
}

/** @throws PgError */
export function hexBytes(text: string): Buffer {
  const digits = text.replace(/\s/g, '');
  const wrong = /[^0-9a-fA-F]/.exec(digits);
  if (wrong !== null)
    throw new PgError('22023', `invalid hexadecimal digit: "${wrong[0]}"`, 'encode.c:184:get_hex');
  if (digits.length % 2 !== 0)
    throw new PgError('22023', 'invalid hexadecimal data: odd number of digits', 'encode.c:214:hex_decode');
  return Buffer.from(digits, 'hex');
}

function bytes(text: string): Buffer {
  if (/^\\x/i.test(text)) return hexBytes(text.slice(2));
  const plain = text.replace(/\\(\\|[0-3][0-7]{2})/g, (_, code: string) =>
    code === '\\' ? '\\' : String.fromCharCode(Number.parseInt(code, 8)),
  );
  return Buffer.from(plain, 'latin1');
}

/** Elements of one array. */
const maxElements = 10_000;

/** `{a,"b c",NULL}`, of one dimension. */
function array(text: string, element: Type): Value[] {
  const malformed = (): PgError =>
    new PgError('22P02', `malformed array literal: "${text.slice(0, 1000)}"`, 'arrayfuncs.c:284:array_in', {
      detail: 'Array value must start with "{" or dimension information.',
    });
  const inner = /^\s*\{([\s\S]*)\}\s*$/.exec(text)?.[1];
  if (inner === undefined) throw malformed();
  if (inner.trim() === '') return [];
  const items: Value[] = [];
  const item = /\s*(?:"((?:[^"\\]|\\.)*)"|([^,"{}]*))\s*(,|$)/y;
  for (let at = 0; at <= inner.length; at = item.lastIndex) {
    item.lastIndex = at;
    const found = item.exec(inner);
    if (found === null || items.length >= maxElements) throw malformed();
    const plain = found[2]?.trim();
    if (found[1] === undefined && plain === '') throw malformed();
    const isNull = found[1] === undefined && plain?.toUpperCase() === 'NULL';
    items.push(isNull ? null : input(found[1]?.replace(/\\(.)/g, '$1') ?? plain!, element));
    if (found[3] === '') return items;
  }
  return items;
}

/** What a type's modifier does to a value that is stored: `varchar(3)`, `numeric(5,2)`. @throws PgError */
export function modified(value: Value, type: Type, modifiers: readonly number[]): Value {
  const [size, places = 0] = modifiers;
  if (value === null || size === undefined) return value;
  if (typeof value === 'string' && (type.name === 'varchar' || type.name === 'bpchar')) {
    const rest = value.slice(size);
    if (rest.trim() !== '')
      throw new PgError(
        '22001',
        `value too long for type ${type.title}(${size})`,
        type.name === 'varchar' ? 'varchar.c:632:varchar' : 'varchar.c:308:bpchar',
      );
    return type.name === 'bpchar' ? value.slice(0, size).padEnd(size) : value.slice(0, size);
  }
  return isDecimal(value) && type.name === 'numeric' ? round(value, places) : value;
}
