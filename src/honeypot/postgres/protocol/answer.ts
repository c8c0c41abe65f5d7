/** Messages to the client, version 3 of the protocol. */
import type { Row } from '../database.ts';
import type { Context } from '../engine/context.ts';
import { nameOfOid } from '../engine/resolve.ts';
import type { Visible } from '../engine/scope.ts';
import type { Details, Notice, PgError } from '../failure.ts';
import { type Type, types, type Value } from '../types.ts';
import { output } from '../values.ts';

export function message(kind: string, ...parts: (Buffer | string)[]): Buffer {
  const body = Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part)),
  );
  const head = Buffer.alloc(5, kind);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

export function int32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeInt32BE(value | 0, 4 * index);
  return bytes;
}

export function int16(...values: number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [index, value] of values.entries()) bytes.writeInt16BE(value, 2 * index);
  return bytes;
}

export const ready = (status: 'I' | 'T' | 'E'): Buffer => message('Z', Buffer.from(status));
export const complete = (tag: string): Buffer => message('C', tag);
export const parameterStatus = (name: string, value: string): Buffer => message('S', name, value);
export const emptyQuery = message('I');
export const parseComplete = message('1');
export const bindComplete = message('2');
export const closeComplete = message('3');
export const portalSuspended = message('s');
export const noData = message('n');

/** As it was before version 3 of the protocol. */
export function oldFailure(text: string): Buffer {
  return Buffer.from(`EFATAL:  ${text}\n\0`);
}

export function failure(error: PgError): Buffer {
  return message('E', ...fields(error.severity, error.code, error.message, error.place, error.details));
}

export function notice({ severity, code, message: text, place, details = {} }: Notice): Buffer {
  return message('N', ...fields(severity, code, text, place, details));
}

function fields(
  severity: string,
  code: string,
  text: string,
  place: string,
  { detail, hint, position, inner, context, schema, table, column, constraint }: Details,
): (Buffer | string)[] {
  const [file = '', line = '', routine = ''] = place.split(':');
  const named: readonly (readonly [string, string | undefined])[] = [
    ['S', severity],
    ['V', severity],
    ['C', code],
    ['M', text],
    ['D', detail],
    ['H', hint],
    ['W', context],
    ['s', schema],
    ['t', table],
    ['c', column],
    ['n', constraint],
    [inner === undefined ? 'P' : 'p', position === undefined ? undefined : String(position)],
    ['q', position === undefined ? undefined : inner],
    ['F', file],
    ['L', line],
    ['R', routine],
  ];
  return [
    ...named.flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}${value.replaceAll('\0', '')}`],
    ),
    Buffer.alloc(1),
  ];
}

export function rowDescription(columns: readonly Visible[], formats: readonly number[] = []): Buffer {
  const described = columns.map(({ name, type, modifier = -1, tableOid = 0, number = 0 }, index) => [
    Buffer.from(`${name.replaceAll('\0', '')}\0`),
    int32(tableOid),
    int16(number),
    int32(type.oid),
    int16(type.length),
    int32(modifier),
    int16(formatOf(formats, index)),
  ]);
  return message('T', int16(columns.length), ...described.flat());
}

/** What types are written in binary; others are texts in either. */
const binaries: ReadonlySet<string> = new Set(['int2', 'int4', 'int8', 'oid', 'bool', 'float8', 'bytea']);

function formatOf(formats: readonly number[], index: number): number {
  return formats.length === 1 ? formats[0]! : (formats[index] ?? 0);
}

export function dataRow(
  row: Row,
  columns: readonly Visible[],
  context: Context,
  formats: readonly number[] = [],
): Buffer {
  const parts = columns.flatMap(({ type }, index) => {
    const value = row[index] ?? null;
    if (value === null) return [int32(-1)];
    const isBinary = formatOf(formats, index) === 1;
    const bytes = isBinary
      ? binary(value, type)
      : Buffer.from(textOf(value, type, context).replaceAll('\0', ''));
    return [int32(bytes.length), bytes];
  });
  return message('D', int16(columns.length), ...parts);
}

function textOf(value: Value, type: Type, context: Context): string {
  if (type.name.startsWith('reg') && typeof value === 'number') return nameOfOid(value, type, context);
  return output(value, type);
}

/** @param value not null */
export function binary(value: Value, type: Type): Buffer {
  if (!binaries.has(type.name)) return Buffer.from(output(value, type));
  const bytes = Buffer.alloc(8);
  switch (type.name) {
    case 'bool':
      return Buffer.of(value === true ? 1 : 0);
    case 'int2':
      bytes.writeInt16BE(Number(value));
      return bytes.subarray(0, 2);
    case 'int8':
      bytes.writeBigInt64BE(BigInt(value as bigint));
      return bytes;
    case 'float8':
      bytes.writeDoubleBE(Number(value));
      return bytes;
    case 'bytea':
      return value as Buffer;
    default:
      bytes.writeInt32BE(Number(value) | 0);
      return bytes.subarray(0, 4);
  }
}

/** Of values that come in binary. */
export function fromBinary(bytes: Buffer, type: Type): Value {
  switch (type.name) {
    case 'bool':
      return bytes[0] === 1;
    case 'int2':
      return bytes.length === 2 ? bytes.readInt16BE() : 0;
    case 'int4':
      return bytes.length === 4 ? bytes.readInt32BE() : 0;
    case 'oid':
      return bytes.length === 4 ? bytes.readUInt32BE() : 0;
    case 'int8':
      return bytes.length === 8 ? bytes.readBigInt64BE() : 0n;
    case 'float8':
      return bytes.length === 8 ? bytes.readDoubleBE() : 0;
    case 'bytea':
      return Buffer.from(bytes);
    default:
      return bytes.toString('utf8');
  }
}

export function parameterDescription(given: readonly Type[]): Buffer {
  return message(
    't',
    int16(given.length),
    int32(...given.map(({ oid, name }) => (name === 'unknown' ? types.text.oid : oid))),
  );
}

export function copyResponse(isFrom: boolean, columns: number): Buffer {
  return message(
    isFrom ? 'G' : 'H',
    Buffer.of(0),
    int16(columns, ...Array.from({ length: Math.min(columns, 1600) }, () => 0)),
  );
}
