/** Attributes of files as SFTP writes them, and the long names of `readdir`, which are lines of `ls -l`. */
import type { Node } from '../../world/files/node.ts';
import { type Reader, u32 } from '../protocol/bytes.ts';
import { field } from './words.ts';

export interface Change {
  readonly size?: number;
  readonly owner?: { readonly uid: number; readonly gid: number };
  readonly mode?: number;
  /** Milliseconds since 1970. */
  readonly mtime?: number;
}

const types = { file: 0o100000, directory: 0o040000, link: 0o120000 } as const;
/** What ext4 says of a directory, in bytes. */
const directorySize = 4096;

export function sizeOf(node: Node): number {
  if (node.kind === 'file') return node.size;
  return node.kind === 'link' ? node.target.length : directorySize;
}

export function attributesOf(node: Node): Buffer {
  const bytes = Buffer.alloc(32);
  bytes.writeUInt32BE(field.size | field.owner | field.mode | field.time, 0);
  bytes.writeBigUInt64BE(BigInt(sizeOf(node)), 4);
  bytes.writeUInt32BE(node.uid, 12);
  bytes.writeUInt32BE(node.gid, 16);
  bytes.writeUInt32BE((types[node.kind] | node.mode) >>> 0, 20);
  const seconds = Math.floor(node.mtime / 1000);
  bytes.writeUInt32BE(seconds, 24);
  bytes.writeUInt32BE(seconds, 28);
  return bytes;
}

export const noAttributes: Buffer = u32(0);

export function readAttributes(reader: Reader): Change {
  const flags = reader.u32();
  const has = (one: number): boolean => (flags & one) !== 0;
  const size = has(field.size) ? reader.u32() * 2 ** 32 + reader.u32() : undefined;
  const owner = has(field.owner) ? { uid: reader.u32(), gid: reader.u32() } : undefined;
  const mode = has(field.mode) ? reader.u32() & 0o7777 : undefined;
  let mtime: number | undefined;
  if (has(field.time)) {
    reader.u32();
    mtime = reader.u32() * 1000;
  }
  return {
    ...(size !== undefined && { size }),
    ...(owner !== undefined && { owner }),
    ...(mode !== undefined && { mode }),
    ...(mtime !== undefined && { mtime }),
  };
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Half a year in milliseconds: what is older has its year instead of the time of day. */
const recent = 182.5 * 86_400_000;

/** `ls_file` of sftp-common.c. @param name of a user or group by its number */
export function longName(name: string, node: Node, user: string, group: string, now: number): string {
  const links = node.kind === 'directory' ? 2 : 1;
  const date = new Date(node.mtime);
  const day = `${months[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)}`;
  const time =
    now - node.mtime < recent && node.mtime <= now
      ? `${String(date.getUTCHours()).padStart(2, '0')}:${String(date.getUTCMinutes()).padStart(2, '0')}`
      : ` ${date.getUTCFullYear()}`;
  return `${modeText(node)} ${String(links).padStart(4)} ${user.padEnd(8)} ${group.padEnd(8)} ${String(sizeOf(node)).padStart(8)} ${day} ${time} ${name}`;
}

function modeText({ kind, mode }: Node): string {
  const type = kind === 'directory' ? 'd' : kind === 'link' ? 'l' : '-';
  const bits = [...'rwxrwxrwx'].map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-'));
  const special = (bit: number, at: number, letter: string): void => {
    if ((mode & bit) !== 0) bits[at] = bits[at] === 'x' ? letter : letter.toUpperCase();
  };
  special(0o4000, 2, 's');
  special(0o2000, 5, 's');
  special(0o1000, 8, 't');
  return type + bits.join('');
}
