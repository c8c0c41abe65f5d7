/** Archives of tar as bytes: ustar, with GNU's long names (POSIX, pax; GNU tar manual, "Basic Tar Format"). */

export interface Member {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'link' | 'hard link' | 'other';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly user: string;
  readonly group: string;
  /** Milliseconds since 1970. */
  readonly mtime: number;
  readonly target: string;
  readonly content: Uint8Array;
}

const block = 512;
/** GNU tar pads archives to twenty blocks. */
const record = 20 * block;

type Draft = Pick<Member, 'name' | 'content'> & Partial<Member>;

export function tarOf(members: readonly Draft[]): Buffer {
  const parts: Buffer[] = [];
  for (const member of members) {
    const { name, content, kind = 'file', target = '' } = member;
    for (const [letter, text] of [
      ['K', target],
      ['L', name],
    ] as const)
      if (Buffer.byteLength(text) > 100)
        parts.push(
          header({ name: '././@LongLink', content: Buffer.from(`${text}\0`) }, letter),
          padded(Buffer.from(`${text}\0`)),
        );
    const letter = kind === 'directory' ? '5' : kind === 'link' ? '2' : kind === 'hard link' ? '1' : '0';
    parts.push(header(member, letter), padded(kind === 'file' ? content : new Uint8Array()));
  }
  const size = parts.reduce((sum, part) => sum + part.length, 2 * block);
  parts.push(Buffer.alloc(2 * block + ((record - (size % record)) % record)));
  return Buffer.concat(parts);
}

function padded(content: Uint8Array): Buffer {
  return Buffer.concat([content, Buffer.alloc((block - (content.length % block)) % block)]);
}

function header(
  {
    name,
    content,
    mode = 0o644,
    uid = 0,
    gid = 0,
    mtime = 0,
    target = '',
    user = 'root',
    group = 'root',
    kind = 'file',
  }: Draft,
  letter: string,
): Buffer {
  const bytes = Buffer.alloc(block);
  const octal = (value: number, width: number): string =>
    `${Math.floor(value)
      .toString(8)
      .padStart(width - 1, '0')}\0`;
  const size = kind === 'file' ? content.length : 0;
  bytes.write(name, 0, 100);
  bytes.write(octal(mode, 8), 100, 'latin1');
  bytes.write(octal(uid, 8), 108, 'latin1');
  bytes.write(octal(gid, 8), 116, 'latin1');
  bytes.write(octal(size, 12), 124, 'latin1');
  bytes.write(octal(mtime / 1000, 12), 136, 'latin1');
  bytes.write('        ', 148, 'latin1');
  bytes.write(letter, 156, 'latin1');
  bytes.write(target, 157, 100);
  bytes.write('ustar  \0', 257, 'latin1');
  bytes.write(user, 265, 32);
  bytes.write(group, 297, 32);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return bytes;
}

/** What is wrong with an archive. */
export class TarFault extends Error {}

/** Most members that are read. */
const mostMembers = 10_000;

/** @throws TarFault for what is no archive, or ends within a member */
export function* membersOf(archive: Buffer): Generator<Member> {
  let [longName, longTarget] = ['', ''];
  let count = 0;
  for (let at = 0; at + block <= archive.length; ) {
    const head = archive.subarray(at, at + block);
    if (head.every((byte) => byte === 0)) return;
    if (!hasChecksum(head))
      throw new TarFault(at === 0 ? 'This does not look like a tar archive' : 'Skipping to next header');
    const size = number(head, 124, 12);
    const letter = String.fromCharCode(head[156]!);
    const start = at + block;
    const content = archive.subarray(start, start + size);
    if (content.length < size) throw new TarFault('Unexpected EOF in archive');
    at = start + Math.ceil(size / block) * block;
    if (letter === 'L' || letter === 'K') {
      const value = content.toString().replace(/\0[\s\S]*$/, '');
      if (letter === 'L') longName = value;
      else longTarget = value;
      continue;
    }
    if (letter === 'x' || letter === 'g') {
      if (letter === 'x') {
        const records = content.toString();
        longName = /^\d+ path=(.*)$/m.exec(records)?.[1] ?? longName;
        longTarget = /^\d+ linkpath=(.*)$/m.exec(records)?.[1] ?? longTarget;
      }
      continue;
    }
    const prefix =
      head.toString('latin1', 257, 262) === 'ustar' && head[263] !== 0x20 ? text(head, 345, 155) : '';
    const name = longName || (prefix === '' ? text(head, 0, 100) : `${prefix}/${text(head, 0, 100)}`);
    yield {
      name,
      kind:
        letter === '5' || name.endsWith('/')
          ? 'directory'
          : letter === '2'
            ? 'link'
            : letter === '1'
              ? 'hard link'
              : letter === '0' || letter === '\0' || letter === '7'
                ? 'file'
                : 'other',
      mode: number(head, 100, 8) & 0o7777,
      uid: number(head, 108, 8),
      gid: number(head, 116, 8),
      user: text(head, 265, 32),
      group: text(head, 297, 32),
      mtime: number(head, 136, 12) * 1000,
      target: longTarget || text(head, 157, 100),
      content,
    };
    [longName, longTarget] = ['', ''];
    count += 1;
    if (count >= mostMembers) return;
  }
}

function text(head: Buffer, at: number, length: number): string {
  return head.toString('utf8', at, at + length).replace(/\0[\s\S]*$/, '');
}

function number(head: Buffer, at: number, length: number): number {
  const digits = head.toString('latin1', at, at + length).replace(/[\0 ]/g, '');
  const value = Number.parseInt(digits || '0', 8);
  return Number.isFinite(value) && value >= 0 ? value : 0;
}

function hasChecksum(head: Buffer): boolean {
  let sum = 0;
  for (const [index, byte] of head.entries()) sum += index >= 148 && index < 156 ? 32 : byte;
  return number(head, 148, 8) === sum;
}
