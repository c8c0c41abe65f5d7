/** Types and values: how they are called, how clients are told of them, how texts are read and written. */
import { type Decimal, decimalText, parseDecimal, round } from './decimal.ts';
import { PgError } from './failure.ts';

export interface Type {
  /** As `pg_type` has it. */
  readonly name: string;
  readonly oid: number;
  /** Bytes; -1 where it varies, -2 for C strings. */
  readonly length: number;
  /** As people call it: `integer` for int4. */
  readonly title: string;
  readonly category: string;
  /** Of an array: what is in it. */
  readonly element?: Type;
  readonly arrayOid: number;
}

/** Texts, dates and addresses are strings; bytea is bytes; arrays are lists. */
export type Value = null | boolean | number | bigint | string | Decimal | Buffer | readonly Value[];

/** Name, oid, length, category, oid of the array, and title where it is another. */
const table = `bool 16 1 B 1000 boolean
bytea 17 -1 U 1001
char 18 1 Z 1002 "char"
name 19 64 S 1003
int8 20 8 N 1016 bigint
int2 21 2 N 1005 smallint
int2vector 22 -1 A 1006
int4 23 4 N 1007 integer
regproc 24 4 N 1008
text 25 -1 S 1009
oid 26 4 N 1028
xid 28 4 U 1011
cid 29 4 U 1012
oidvector 30 -1 A 1013
json 114 -1 U 199
xml 142 -1 U 143
pg_node_tree 194 -1 Z 0
float4 700 4 N 1021 real
float8 701 8 N 1022 double precision
unknown 705 -2 X 0
money 790 8 N 791
inet 869 -1 I 1041
cidr 650 -1 I 651
aclitem 1033 12 U 1034
bpchar 1042 -1 S 1014 character
varchar 1043 -1 S 1015 character varying
date 1082 4 D 1182
time 1083 8 D 1183 time without time zone
timestamp 1114 8 D 1115 timestamp without time zone
timestamptz 1184 8 D 1185 timestamp with time zone
interval 1186 16 T 1187
numeric 1700 -1 N 1231
refcursor 1790 -1 U 2201
regclass 2205 4 N 2210
regtype 2206 4 N 2211
regrole 4096 4 N 4097
regnamespace 4089 4 N 4090
record 2249 -1 P 2287
cstring 2275 -2 P 1263
void 2278 4 P 0
trigger 2279 4 P 0
uuid 2950 16 U 2951
pg_lsn 3220 8 U 3221
jsonb 3802 -1 U 3807
anyarray 2277 -1 P 0`;

const byName = new Map<string, Type>();
const byOid = new Map<number, Type>();
for (const line of table.split('\n')) {
  const [name = '', oid, length, category = '', arrayOid, ...title] = line.split(' ');
  const type = {
    name,
    oid: Number(oid),
    length: Number(length),
    category,
    arrayOid: Number(arrayOid),
    title: title.join(' ') || name,
  };
  add(type);
  if (type.arrayOid > 0)
    add({
      name: `_${name}`,
      oid: type.arrayOid,
      length: -1,
      category: 'A',
      title: `${type.title}[]`,
      element: type,
      arrayOid: 0,
    });
}

function add(type: Type): void {
  byName.set(type.name, type);
  byOid.set(type.oid, type);
}

/** @throws Error for a name that is not in the table, which is ours */
function known(name: string): Type {
  const type = byName.get(name);
  if (type === undefined) throw new Error(`there is no type ${name}`);
  return type;
}

export const types = {
  bool: known('bool'),
  bytea: known('bytea'),
  char: known('char'),
  name: known('name'),
  int8: known('int8'),
  int2: known('int2'),
  int4: known('int4'),
  text: known('text'),
  oid: known('oid'),
  xid: known('xid'),
  float8: known('float8'),
  float4: known('float4'),
  numeric: known('numeric'),
  unknown: known('unknown'),
  inet: known('inet'),
  cidr: known('cidr'),
  date: known('date'),
  timestamp: known('timestamp'),
  timestamptz: known('timestamptz'),
  interval: known('interval'),
  regclass: known('regclass'),
  regtype: known('regtype'),
  regnamespace: known('regnamespace'),
  regrole: known('regrole'),
  regproc: known('regproc'),
  record: known('record'),
  void: known('void'),
  cstring: known('cstring'),
  trigger: known('trigger'),
  uuid: known('uuid'),
  json: known('json'),
  aclitem: known('aclitem'),
  int2vector: known('int2vector'),
  oidvector: known('oidvector'),
  nodeTree: known('pg_node_tree'),
  bpchar: known('bpchar'),
  varchar: known('varchar'),
} as const;

/** As queries name types. */
const aliases: Readonly<Record<string, string>> = {
  int: 'int4',
  integer: 'int4',
  smallint: 'int2',
  bigint: 'int8',
  boolean: 'bool',
  decimal: 'numeric',
  real: 'float4',
  'double precision': 'float8',
  float: 'float8',
  character: 'bpchar',
  'character varying': 'varchar',
  serial: 'int4',
  bigserial: 'int8',
  smallserial: 'int2',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamptz',
  'time without time zone': 'time',
  string: 'text',
  // Domains of the information schema.
  sql_identifier: 'name',
  character_data: 'varchar',
  yes_or_no: 'varchar',
  cardinal_number: 'int4',
  time_stamp: 'timestamptz',
};

export function typeNamed(name: string): Type | undefined {
  if (name.endsWith('[]')) {
    const element = typeNamed(name.slice(0, -2));
    return element === undefined ? undefined : arrayOf(element);
  }
  return byName.get(aliases[name] ?? name);
}

export function typeByOid(oid: number): Type | undefined {
  return byOid.get(oid);
}

export function allTypes(): Iterable<Type> {
  return byOid.values();
}

export function arrayOf(type: Type): Type {
  return byOid.get(type.arrayOid) ?? types.text;
}

/** As `atttypmod` has it: `(10,2)` of numeric(10,2), `(3)` of varchar(3); -1 for none. */
export function typmod({ name }: Type, [first, second = 0]: readonly number[]): number {
  if (first === undefined) return -1;
  return name === 'numeric' ? ((first << 16) | second) + 4 : first + 4;
}

/** Characters of one text that is made. */
export const maxText = 2 << 20;

export function isNumber({ category, name }: Type): boolean {
  return category === 'N' && !name.startsWith('reg');
}

export function isText({ category, name }: Type): boolean {
  return category === 'S' || name === 'unknown' || name === 'char';
}

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

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isDecimal(value: Value): value is Decimal {
  return typeof value === 'object' && value !== null && 'digits' in value;
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

const invalid = (type: string, text: string, place: string): PgError =>
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
      if (value === undefined) throw invalid('numeric', text, 'numeric.c:703:numeric_in');
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

function moment(text: string, type: Type): string {
  const word = text.trim().toLowerCase();
  const time =
    word === 'now'
      ? Date.now()
      : word === 'today'
        ? Date.now()
        : word === 'epoch'
          ? 0
          : Date.parse(text.trim());
  if (word === 'infinity' || word === '-infinity') return word;
  if (Number.isNaN(time) && /^\d{4}-\d\d-\d\d/.test(word))
    throw new PgError(
      '22008',
      `date/time field value out of range: "${text}"`,
      'datetime.c:4028:DateTimeParseError',
      { hint: 'Perhaps you need a different "datestyle" setting.' },
    );
  if (Number.isNaN(time))
    throw new PgError(
      '22007',
      `invalid input syntax for type ${type.name === 'timestamp' ? type.name : type.title}: "${text}"`,
      'datetime.c:4048:DateTimeParseError',
    );
  return momentText(time, type);
}

function clock(text: string): string {
  const [, hours, minutes, seconds = '00'] =
    /^\s*([01]?\d|2[0-4]):([0-5]\d)(?::([0-5]\d(?:\.\d{1,6})?))?\s*$/.exec(text) ?? [];
  if (hours === undefined && /^\s*\d+:\d+/.test(text))
    throw new PgError(
      '22008',
      `date/time field value out of range: "${text}"`,
      'datetime.c:4021:DateTimeParseError',
    );
  if (hours === undefined)
    throw new PgError(
      '22007',
      `invalid input syntax for type time: "${text}"`,
      'datetime.c:4048:DateTimeParseError',
    );
  return `${hours.padStart(2, '0')}:${minutes}:${seconds}`;
}

/** @param time milliseconds since 1970 */
export function momentText(time: number, type: Type, micros = ''): string {
  const iso = new Date(time).toISOString();
  if (type.name === 'date') return iso.slice(0, 10);
  const fraction = (iso.slice(20, 23) + micros).replace(/0+$/, '');
  const text = `${iso.slice(0, 10)} ${iso.slice(11, 19)}${fraction === '' ? '' : `.${fraction}`}`;
  return type.name === 'timestamptz' ? `${text}+00` : text;
}

/** Elements of one array. */
const maxElements = 10_000;

/** `{a,"b c",NULL}`, of one dimension. */
function array(text: string, element: Type): Value[] {
  const malformed = (): PgError =>
    new PgError('22P02', `malformed array literal: "${text.slice(0, 1000)}"`, 'arrayfuncs.c:212:array_in', {
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
        type.name === 'varchar' ? 'varchar.c:632:varchar' : 'varchar.c:305:bpchar',
      );
    return type.name === 'bpchar' ? value.slice(0, size).padEnd(size) : value.slice(0, size);
  }
  return isDecimal(value) && type.name === 'numeric' ? round(value, places) : value;
}
