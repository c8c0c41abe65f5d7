/**
 * The records of a pax extended header: `LENGTH KEY=VALUE\n`, with the values that change how an entry is read.
 * Everything else (times, SCHILY.xattr, vendor keys) is passed over. As in Go's archive/tar, a record that
 * breaks the form makes the archive corrupt, and an empty value leaves the header's own.
 */
import { corrupt } from './header.ts';

/** Names are copies: the entry that they are for may come with the next chunk. */
export interface PaxRecords {
  path?: Buffer;
  linkpath?: Buffer;
  size?: number;
  uid?: number;
  gid?: number;
  sparse?: PaxSparse;
}

/** Keys below `GNU.sparse.`; `map` holds offset, length, offset, length … of formats 0.0 and 0.1. */
export interface PaxSparse {
  version?: string;
  major?: string;
  minor?: string;
  name?: Buffer;
  size?: number;
  map?: number[];
}

/** @throws WaterguardError `corrupt` */
export function parsePax(body: Buffer): PaxRecords {
  const records: PaxRecords = {};
  let at = 0;
  while (at < body.length && body[at] !== 0) {
    const blank = body.indexOf(0x20, at);
    const length = blank < 0 ? Number.NaN : decimal(body.subarray(at, blank));
    const end = at + length;
    if (!(length > 0 && end <= body.length && end > blank + 1) || body[end - 1] !== 0x0a) {
      throw corrupt('a pax record has a wrong length');
    }
    const record = body.subarray(blank + 1, end - 1);
    const equals = record.indexOf(0x3d);
    if (equals <= 0) throw corrupt('a pax record has no key');
    apply(records, record.toString('latin1', 0, Math.min(equals, 64)), record.subarray(equals + 1));
    at = end;
  }
  return records;
}

/** Whether the records would change where or how much an entry is. */
export function movesContent(records: PaxRecords): boolean {
  return (
    records.path !== undefined ||
    records.linkpath !== undefined ||
    records.size !== undefined ||
    records.sparse !== undefined
  );
}

function apply(records: PaxRecords, key: string, value: Buffer): void {
  if (value.length === 0) return;
  switch (key) {
    case 'path':
      records.path = name(value);
      return;
    case 'linkpath':
      records.linkpath = name(value);
      return;
    case 'size':
      records.size = number(value);
      return;
    case 'uid':
      records.uid = number(value) >>> 0;
      return;
    case 'gid':
      records.gid = number(value) >>> 0;
      return;
    default:
      if (key.startsWith('GNU.sparse.')) {
        records.sparse ??= {};
        applySparse(records.sparse, key.slice('GNU.sparse.'.length), value);
      }
  }
}

function applySparse(sparse: PaxSparse, key: string, value: Buffer): void {
  switch (key) {
    case 'major':
      sparse.major = value.toString('latin1', 0, 8);
      return;
    case 'minor':
      sparse.minor = value.toString('latin1', 0, 8);
      return;
    case 'name':
      sparse.name = name(value);
      return;
    case 'size':
    case 'realsize':
      sparse.size = number(value);
      return;
    case 'offset':
    case 'numbytes':
      sparse.map ??= [];
      sparse.map.push(number(value));
      return;
    case 'map':
      sparse.map = numberList(value);
      return;
  }
}

function numberList(value: Buffer): number[] {
  const list: number[] = [];
  let at = 0;
  while (at <= value.length) {
    const comma = value.indexOf(0x2c, at);
    const end = comma < 0 ? value.length : comma;
    list.push(number(value.subarray(at, end)));
    at = end + 1;
  }
  return list;
}

function name(value: Buffer): Buffer {
  if (value.includes(0)) throw corrupt('a name in a pax record has a NUL byte');
  return Buffer.from(value);
}

function number(value: Buffer): number {
  const parsed = decimal(value);
  if (!Number.isSafeInteger(parsed)) throw corrupt('a pax record has an impossible number');
  return parsed;
}

/** @returns NaN for anything but decimal digits */
export function decimal(text: Buffer): number {
  if (text.length === 0 || text.length > 20) return Number.NaN;
  let value = 0;
  for (const byte of text) {
    if (byte < 0x30 || byte > 0x39) return Number.NaN;
    value = value * 10 + byte - 0x30;
  }
  return value;
}
