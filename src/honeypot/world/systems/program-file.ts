/**
 * Files whose content nobody wrote: programs begin with the ELF header of their architecture, which bots read to choose
 * what to download, and go on with bytes out of the persona's seed; scripts and other texts are comments in words of
 * the seed, so that no line of them is on two servers. What a file is does not depend on its name: `wget` that was renamed to `wdl` runs as wget.
 */
import { createCipheriv, createHash } from 'node:crypto';
import type { Persona } from '../../persona/persona.ts';
import type { Content } from '../files/node.ts';

/** Names of programs by what makes their content, which moving, copying and linking keeps. */
const names = new WeakMap<object, string>();

/** The program that a file holds, as its package calls it: `mawk` for what is called awk. */
export function programIn(content: Uint8Array | (() => Uint8Array)): string | undefined {
  return names.get(content);
}

/** A program in machine code. @param size bytes, from 64 */
export function binary(persona: Persona, name: string, size: number): Content {
  return named(name, size, () => elf(persona, name, size));
}

/** A program that is a script. */
export function script(persona: Persona, name: string, interpreter: string, size: number): Content {
  return named(name, size, () => text(persona, `#!${interpreter}`, name, size));
}

/** What is not to be run: a library, a kernel, an archive, a text, by the end of its name. */
export function filler(persona: Persona, path: string, size: number): Content {
  if (/\.(so|ko)(\.|$)|\/vmlinuz/.test(path)) return { size, content: () => elf(persona, path, size) };
  if (/\.(gz|xz|bin|db|cache|mo|mgc|dat)$|\/initrd/.test(path))
    return { size, content: () => noise(persona, path, size) };
  return { size, content: () => text(persona, '#', path, size) };
}

function named(name: string, size: number, content: () => Uint8Array): Content {
  names.set(content, name);
  return { size, content };
}

/** Bytes of one persona that all its files are cut from. */
const blockSize = 1 << 16;
const blocks = new WeakMap<Persona, Buffer>();
/** Most bytes of a file that are really made. */
const mostBytes = 512 << 10;

/** Looks like machine code to nobody but who counts: the same bytes at each reading. */
export function noise(persona: Persona, label: string, size: number): Buffer {
  let block = blocks.get(persona);
  if (block === undefined) {
    const random = persona.random('files/noise');
    block = createCipheriv('aes-128-ctr', random.bytes(16), random.bytes(16)).update(Buffer.alloc(blockSize));
    blocks.set(persona, block);
  }
  const at = createHash('sha256').update(label).digest().readUInt16BE();
  const turned = Buffer.concat([block.subarray(at), block.subarray(0, at)]);
  return Buffer.alloc(Math.min(size, mostBytes), turned);
}

/** A position-independent executable for x86-64: System V gABI, chapter 4. */
export function elf(persona: Persona, label: string, size: number): Buffer {
  const bytes = noise(persona, label, size);
  const header = Buffer.alloc(64);
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  header.writeUInt16LE(3, 16);
  header.writeUInt16LE(62, 18);
  header.writeUInt32LE(1, 20);
  header.writeUInt32LE(0x1000 + (bytes.length & 0xff0), 24);
  header.writeUInt32LE(64, 32);
  header.writeUInt32LE(Math.max(64, size - 30 * 64), 40);
  for (const [index, value] of [64, 56, 13, 64, 30, 29].entries())
    header.writeUInt16LE(value, 52 + 2 * index);
  header.copy(bytes);
  return bytes;
}

/** Comments of one persona that all its texts are cut from. */
const prose = new WeakMap<Persona, readonly string[]>();
const words =
  'add after all any are as at be before boot by call can change check clean default device each end exit file find first for from group has if in is it key last left line link list load lock log made mode mount name new next no not of old on one only option or order other own path policy read root rule run same see set setting skip start state step stop system table that then this time to update use user value when where with word work write'.split(
    ' ',
  );

function text(persona: Persona, first: string, label: string, size: number): Buffer {
  let lines = prose.get(persona);
  if (lines === undefined) {
    const random = persona.random('files/prose');
    lines = Array.from(
      { length: 300 },
      () => `# ${Array.from({ length: random.int(7, 13) }, () => random.pick(words)).join(' ')}\n`,
    );
    prose.set(persona, lines);
  }
  const at = createHash('sha256').update(label).digest().readUInt16BE() % lines.length;
  const head = Buffer.from(`${first}\n`);
  const rest = [...lines.slice(at), ...lines.slice(0, at)].join('');
  const bytes = Buffer.concat([head, Buffer.alloc(Math.max(0, size - head.length), rest)]).subarray(0, size);
  if (bytes.length > 0) bytes[bytes.length - 1] = 0x0a;
  return bytes;
}
