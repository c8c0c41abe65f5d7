/** What stat tells of a node beside what is in it: size, blocks, links, number. As ext4 has them. */
import { createHash } from 'node:crypto';
import { type Directory, entriesOf, type Node } from '../../files/node.ts';
import { join, nameOf, parentOf } from '../../files/tree.ts';
import type { View } from '../../files/view.ts';
import type { World } from '../../world.ts';

const block = 4096;

export function sizeOf(node: Node): number {
  if (node.kind === 'file') return node.device === undefined ? node.size : 0;
  if (node.kind === 'link') return Buffer.byteLength(node.target);
  return directorySize(node);
}

/** Entries of 8 bytes and the name, in whole blocks; what the kernel makes up has no size. */
function directorySize(directory: Directory): number {
  if (typeof directory.entries === 'function') return 0;
  let bytes = 24;
  for (const name of directory.entries.keys()) bytes += 8 + Math.ceil(Buffer.byteLength(name) / 4) * 4;
  return Math.max(1, Math.ceil((bytes * 1.3) / block)) * block;
}

/** KiB on the disk. */
export function blocksOf(node: Node): number {
  if (node.kind === 'link') return 0;
  return (Math.ceil(sizeOf(node) / block) * block) / 1024;
}

export function linksOf(node: Node): number {
  if (node.kind !== 'directory') return 1;
  let folders = 2;
  for (const entry of entriesOf(node).values()) if (entry.kind === 'directory') folders += 1;
  return folders;
}

/** The same for a path as long as the machine lives. */
export function inodeOf(world: World, files: View, path: string): number {
  const name = nameOf(path);
  const isItself = name === '' || name === '.' || name === '..';
  const folder = path.includes('/') ? parentOf(path) : '.';
  const whole = isItself ? files.realpath(path) : join(files.realpath(folder), name);
  if (whole === '/') return 2;
  const hash = createHash('sha1').update(`${world.persona.seed}${whole}`).digest();
  return 12 + (hash.readUInt32BE() % (world.persona.machine.diskGiB * 32_768));
}
