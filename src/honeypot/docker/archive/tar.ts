/** Tar as clients send it (ustar, pax and GNU's long names), and as the daemon writes it. Bounded; nothing is unpacked. */

export interface TarEntry {
  /** As it stands there; may lead anywhere. */
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'link' | 'hardlink' | 'other';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Milliseconds since 1970. */
  readonly mtime: number;
  /** Of links. */
  readonly target: string;
  readonly content: Uint8Array;
}

export interface TarContents {
  readonly entries: readonly TarEntry[];
  /** The text ended within an entry, or had something in it that is none; what came before is there. */
  readonly isBroken: boolean;
}

const block = 512;
const mostEntries = 10_000;
const mostExtended = 64 << 10;

export function readTar(bytes: Uint8Array): TarContents {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries: TarEntry[] = [];
  let longName: string | undefined;
  let longTarget: string | undefined;
  let at = 0;
  while (at + block <= buffer.length && entries.length < mostEntries) {
    const header = buffer.subarray(at, at + block);
    if (header.every((byte) => byte === 0)) return { entries, isBroken: false };
    const size = numberAt(header, 124, 12);
    if (!isHeader(header) || size === undefined) return { entries, isBroken: true };
    const start = at + block;
    const content = buffer.subarray(start, start + size);
    at = start + Math.ceil(size / block) * block;
    const type = String.fromCharCode(header[156]!);
    if (type === 'L' || type === 'K') {
      const text = content.toString('utf8', 0, mostExtended).replace(/\0+$/, '');
      if (type === 'L') longName = text;
      else longTarget = text;
      continue;
    }
    if (type === 'x') {
      const told = extended(content.subarray(0, mostExtended));
      longName = told.get('path') ?? longName;
      longTarget = told.get('linkpath') ?? longTarget;
      continue;
    }
    if (type === 'g') continue;
    const prefix = textAt(header, 345, 155);
    const short = textAt(header, 0, 100);
    const isUstar = header.toString('latin1', 257, 262) === 'ustar';
    const name = longName ?? (isUstar && prefix !== '' && header[262] === 0 ? `${prefix}/${short}` : short);
    entries.push({
      name,
      kind: kindOf(type, name),
      mode: (numberAt(header, 100, 8) ?? 0o644) & 0o7777,
      uid: numberAt(header, 108, 8) ?? 0,
      gid: numberAt(header, 116, 8) ?? 0,
      mtime: (numberAt(header, 136, 12) ?? 0) * 1000,
      target: longTarget ?? textAt(header, 157, 100),
      content: type === '0' || type === '\0' || type === '7' ? content : new Uint8Array(),
    });
    longName = undefined;
    longTarget = undefined;
    if (content.length < size) return { entries, isBroken: true };
  }
  return { entries, isBroken: at < buffer.length && entries.length < mostEntries };
}

function kindOf(type: string, name: string): TarEntry['kind'] {
  switch (type) {
    case '0':
    case '\0':
    case '7':
      return name.endsWith('/') ? 'directory' : 'file';
    case '1':
      return 'hardlink';
    case '2':
      return 'link';
    case '5':
      return 'directory';
    default:
      return 'other';
  }
}

/** The sum of all bytes, its own taken for spaces. */
function isHeader(header: Buffer): boolean {
  let sum = 0;
  for (let index = 0; index < block; index++) sum += index >= 148 && index < 156 ? 32 : header[index]!;
  return sum === numberAt(header, 148, 8);
}

/** Octal, or GNU's base 256 for what is larger. */
function numberAt(header: Buffer, at: number, length: number): number | undefined {
  if (header[at]! & 0x80) {
    const value = header.readUIntBE(at + length - 6, 6);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const text = textAt(header, at, length).trim();
  if (text === '') return 0;
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : undefined;
}

function textAt(header: Buffer, at: number, length: number): string {
  const end = header.indexOf(0, at);
  return header.toString('utf8', at, end < 0 ? at + length : Math.min(end, at + length));
}

/** Records as `30 path=some/name\n`. */
function extended(bytes: Buffer): Map<string, string> {
  const told = new Map<string, string>();
  let at = 0;
  while (at < bytes.length) {
    const gap = bytes.indexOf(32, at);
    const length = gap < 0 ? 0 : Number(bytes.toString('latin1', at, gap));
    if (!Number.isInteger(length) || length < 5) break;
    const record = bytes.toString('utf8', gap + 1, at + length - 1);
    const equals = record.indexOf('=');
    if (equals > 0) told.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return told;
}

/** One entry with its content, padded. */
export function tarEntry(entry: Omit<TarEntry, 'content'> & { readonly content?: Uint8Array }): Buffer {
  const { content = new Uint8Array(), kind } = entry;
  const name = kind === 'directory' && !entry.name.endsWith('/') ? `${entry.name}/` : entry.name;
  const parts: Buffer[] = [];
  const bytes = Buffer.from(name);
  if (bytes.length > 100) parts.push(paxHeader('path', name));
  if (Buffer.byteLength(entry.target) > 100) parts.push(paxHeader('linkpath', entry.target));
  parts.push(
    header(entry, bytes.subarray(0, 100), content.length),
    Buffer.from(content),
    padding(content.length),
  );
  return Buffer.concat(parts);
}

/** What ends an archive. */
export const tarEnd = Buffer.alloc(2 * block);

const types = { file: '0', hardlink: '1', link: '2', directory: '5', other: '0' } as const;
const formats = {
  file: 0o100000,
  hardlink: 0o100000,
  link: 0o120000,
  directory: 0o040000,
  other: 0o100000,
} as const;

function header(
  { kind, mode, uid, gid, mtime, target }: Omit<TarEntry, 'content' | 'name'>,
  name: Uint8Array,
  size: number,
  type: string = types[kind],
): Buffer {
  const bytes = Buffer.alloc(block);
  bytes.set(name, 0);
  const octal = (value: number, at: number, length: number): void => {
    bytes.write(
      Math.max(0, Math.floor(value))
        .toString(8)
        .padStart(length - 1, '0')
        .slice(-(length - 1)),
      at,
      'latin1',
    );
  };
  octal(mode | formats[kind], 100, 8);
  octal(uid, 108, 8);
  octal(gid, 116, 8);
  octal(size, 124, 12);
  octal(mtime / 1000, 136, 12);
  bytes.fill(32, 148, 156);
  bytes.write(type, 156, 'latin1');
  bytes.set(Buffer.from(target).subarray(0, 100), 157);
  bytes.write('ustar\x0000', 257, 'latin1');
  if (uid === 0) bytes.write('root', 265, 'latin1');
  if (gid === 0) bytes.write('root', 297, 'latin1');
  octal(0, 329, 8);
  octal(0, 337, 8);
  let sum = 0;
  for (const byte of bytes) sum += byte;
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return bytes;
}

function paxHeader(name: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${name}=${value}\n`);
  let length = rest + String(rest).length;
  if (String(length).length + rest !== length) length = rest + String(length).length;
  const record = Buffer.from(`${length} ${name}=${value}\n`);
  const plain = { kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 0, target: '' } as const;
  return Buffer.concat([
    header(plain, Buffer.from('PaxHeaders.0/x'), record.length, 'x'),
    record,
    padding(record.length),
  ]);
}

function padding(size: number): Buffer {
  return Buffer.alloc((block - (size % block)) % block);
}
