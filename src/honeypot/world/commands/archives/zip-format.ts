/** Archives of zip as bytes (APPNOTE.TXT of PKWARE, 6.3): what is written is stored, what is read may be deflated. */
import { crc32, inflateRawSync } from 'node:zlib';
import { maxFile } from '../../files/view.ts';

export interface ZipMember {
  readonly name: string;
  readonly mode: number;
  readonly content: Uint8Array;
}

const localHeader = 0x04034b50;
const centralHeader = 0x02014b50;
const endHeader = 0x06054b50;
/** 2024-01-01, as MS-DOS writes dates. */
const date = ((2024 - 1980) << 9) | (1 << 5) | 1;

export function zipOf(members: readonly ZipMember[]): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, mode, content } of members) {
    const path = Buffer.from(name);
    const crc = crc32(content);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(localHeader, 0);
    for (const [value, at] of [
      [20, 4],
      [date, 12],
      [path.length, 26],
    ] as const)
      head.writeUInt16LE(value, at);
    for (const [value, at] of [
      [crc, 14],
      [content.length, 18],
      [content.length, 22],
    ] as const)
      head.writeUInt32LE(value, at);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(centralHeader, 0);
    entry.writeUInt16LE(0x031e, 4);
    head.copy(entry, 6, 4, 30);
    entry.writeUInt32LE(((0o100000 | mode) << 16) >>> 0, 38);
    entry.writeUInt32LE(offset, 42);
    parts.push(head, path, Buffer.from(content));
    central.push(entry, path);
    offset += 30 + path.length + content.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(endHeader, 0);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, directory, end]);
}

/** Most members that are read, and bytes that they may have together. */
const mostMembers = 2000;
const mostBytes = 2 * maxFile;

/** @returns undefined for what is no archive */
export function zipMembers(archive: Buffer): ZipMember[] | undefined {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0 || end + 22 > archive.length) return undefined;
  const members: ZipMember[] = [];
  let at = archive.readUInt32LE(end + 16);
  let total = 0;
  for (let count = archive.readUInt16LE(end + 10); count > 0 && members.length < mostMembers; count--) {
    if (at + 46 > archive.length || archive.readUInt32LE(at) !== centralHeader) return undefined;
    const [method, packed, size] = [
      archive.readUInt16LE(at + 10),
      archive.readUInt32LE(at + 20),
      archive.readUInt32LE(at + 24),
    ];
    const [nameLength, extra, comment] = [
      archive.readUInt16LE(at + 28),
      archive.readUInt16LE(at + 30),
      archive.readUInt16LE(at + 32),
    ];
    const mode = archive.readUInt32LE(at + 38) >>> 16;
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    const content = contentAt(archive, archive.readUInt32LE(at + 42), packed, method);
    total += size;
    if (content === undefined || total > mostBytes) return undefined;
    members.push({ name, mode: mode & 0o777 || (name.endsWith('/') ? 0o755 : 0o644), content });
    at += 46 + nameLength + extra + comment;
  }
  return members;
}

function contentAt(archive: Buffer, at: number, packed: number, method: number): Uint8Array | undefined {
  if (at + 30 > archive.length || archive.readUInt32LE(at) !== localHeader) return undefined;
  const start = at + 30 + archive.readUInt16LE(at + 26) + archive.readUInt16LE(at + 28);
  const content = archive.subarray(start, start + packed);
  if (method === 0) return content;
  try {
    return inflateRawSync(content, { maxOutputLength: maxFile });
  } catch {
    return undefined;
  }
}
