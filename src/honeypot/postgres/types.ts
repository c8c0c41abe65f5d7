/** Types: how they are called, and how clients are told of them. */
import type { Decimal } from './decimal.ts';

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
bit 1560 -1 V 1561
varbit 1562 -1 V 1563 bit varying
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
  bit: known('bit'),
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
  'bit varying': 'varbit',
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

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isDecimal(value: Value): value is Decimal {
  return typeof value === 'object' && value !== null && 'digits' in value;
}
