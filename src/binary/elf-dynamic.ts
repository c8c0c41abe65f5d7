/** What an ELF file asks of the dynamic loader: libraries, search paths, and the symbols it takes and gives. */
import { stringAt } from './byte-reader.ts';
import { contentOf, type Elf, fileOffset, sectionType, segmentType } from './elf.ts';

export interface ElfDynamic {
  readonly needed: readonly string[];
  readonly soname: string;
  readonly rpath: string;
  readonly runpath: string;
  /** DF_1_PIE: the linker says that this shared object is a program. */
  readonly pie: boolean;
  readonly tags: ReadonlyMap<number, number>;
}

export interface ElfSymbols {
  /** Names taken from other objects. */
  readonly imports: ReadonlySet<string>;
  /** Names given to other objects: defined, global or weak, not hidden. */
  readonly exports: ReadonlySet<string>;
  /** The table is larger than the bound; the sets hold its first part. */
  readonly more: boolean;
}

/** `DT_*`, from the gABI; flags1 and gnuHash from the Linux `elf.h`. */
const tag = {
  needed: 1,
  hash: 4,
  strings: 5,
  symbols: 6,
  stringsSize: 10,
  soname: 14,
  rpath: 15,
  runpath: 29,
  gnuHash: 0x6ffffef5,
  flags1: 0x6ffffffb,
} as const;

const maxEntries = 1024;
const maxNeeded = 256;
const nameLimit = 256;

/** @returns undefined for a file without a dynamic section */
export function readDynamic(elf: Elf): ElfDynamic | undefined {
  const part =
    elf.segments.find((segment) => segment.type === segmentType.dynamic) ??
    elf.sections.find((section) => section.type === sectionType.dynamic);
  if (part === undefined) return undefined;

  const content = contentOf(elf, part);
  const tags = new Map<number, number>();
  const neededAt: number[] = [];
  const word = elf.bits / 8;
  const count = Math.min(maxEntries, Math.floor(content.length / (2 * word)));
  for (let index = 0; index < count; index++) {
    const at = part.offset + index * 2 * word;
    const key = readWord(elf, at);
    const value = readWord(elf, at + word);
    if (key === 0) break;
    if (key === tag.needed && neededAt.length < maxNeeded) neededAt.push(value);
    if (!tags.has(key)) tags.set(key, value);
  }

  const strings = stringTable(elf, tags);
  const text = (key: number): string => {
    const at = tags.get(key);
    return at === undefined ? '' : stringAt(strings, at, nameLimit);
  };
  return {
    needed: neededAt.map((at) => stringAt(strings, at, nameLimit)),
    soname: text(tag.soname),
    rpath: text(tag.rpath),
    runpath: text(tag.runpath),
    pie: Math.floor((tags.get(tag.flags1) ?? 0) / 0x08000000) % 2 === 1,
    tags,
  };
}

/**
 * The names in the dynamic symbol table, found as the loader finds it (through DT_SYMTAB), so that broken or
 * absent section headers hide nothing.
 * @param limit most symbols read
 */
export function readSymbols(elf: Elf, dynamic: ElfDynamic, limit = 20_000): ElfSymbols {
  const imports = new Set<string>();
  const exports = new Set<string>();
  const table = fileOffset(elf, dynamic.tags.get(tag.symbols) ?? -1);
  if (table < 0) return { imports, exports, more: false };

  const strings = stringTable(elf, dynamic.tags);
  const { reader } = elf;
  const entry = elf.bits === 64 ? 24 : 16;
  const total = symbolCount(elf, dynamic.tags, table, entry, limit);
  const count = Math.min(total, limit);
  for (let index = 1; index < count; index++) {
    const at = table + index * entry;
    if (!reader.has(at, entry)) break;
    const info = reader.u8(at + (elf.bits === 64 ? 4 : 12));
    const visibility = reader.u8(at + (elf.bits === 64 ? 5 : 13)) & 3;
    const section = reader.u16(at + (elf.bits === 64 ? 6 : 14));
    const binding = info >> 4;
    if (binding !== 1 && binding !== 2 && binding !== 10) continue; // global, weak, GNU unique
    const name = stringAt(strings, reader.u32(at), nameLimit);
    if (name === '') continue;
    if (section === 0) imports.add(name);
    else if (visibility === 0 || visibility === 3) exports.add(name);
  }
  return { imports, exports, more: total > limit };
}

/** The table has no count of its own: hash tables know it, a section header may, else it ends at the strings. */
function symbolCount(
  elf: Elf,
  tags: ReadonlyMap<number, number>,
  table: number,
  entry: number,
  limit: number,
): number {
  const hash = fileOffset(elf, tags.get(tag.hash) ?? -1);
  if (hash >= 0 && elf.reader.has(hash, 8)) {
    const chains = elf.reader.u32(hash + 4);
    if (chains > 0) return chains;
  }
  const named = gnuHashCount(elf, fileOffset(elf, tags.get(tag.gnuHash) ?? -1), limit);
  if (named > 0) return named;
  const section = elf.sections.find((one) => one.type === sectionType.dynamicSymbols);
  if (section !== undefined && section.offset === table) return Math.floor(section.size / entry);
  const strings = fileOffset(elf, tags.get(tag.strings) ?? -1);
  const end = strings > table ? strings : elf.bytes.length;
  return Math.floor((end - table) / entry);
}

/**
 * DT_GNU_HASH sorts the symbols that it covers by bucket to the end of the table: the last symbol closes the
 * chain of the highest bucket.
 * @returns 0 where there is no such table, or none of its buckets is used
 */
function gnuHashCount(elf: Elf, at: number, limit: number): number {
  const { reader } = elf;
  if (!reader.has(at, 16)) return 0;
  const buckets = reader.u32(at);
  const firstSymbol = reader.u32(at + 4);
  const bucketsAt = at + 16 + reader.u32(at + 8) * (elf.bits / 8);
  if (buckets > limit || !reader.has(bucketsAt, 4 * buckets)) return 0;
  let last = 0;
  for (let index = 0; index < buckets; index++) last = Math.max(last, reader.u32(bucketsAt + 4 * index));
  if (last < firstSymbol) return 0;
  const chains = bucketsAt + 4 * buckets;
  while (last < limit && reader.has(chains + 4 * (last - firstSymbol), 4)) {
    if (reader.u32(chains + 4 * (last - firstSymbol)) % 2 === 1) return last + 1;
    last++;
  }
  return last;
}

function stringTable(elf: Elf, tags: ReadonlyMap<number, number>): Buffer {
  const at = fileOffset(elf, tags.get(tag.strings) ?? -1);
  if (at < 0) return elf.bytes.subarray(0, 0);
  const size = tags.get(tag.stringsSize) ?? 0;
  return elf.bytes.subarray(at, Math.min(elf.bytes.length, at + size));
}

function readWord(elf: Elf, at: number): number {
  if (!elf.reader.has(at, elf.bits / 8)) return 0;
  return elf.bits === 64 ? elf.reader.u64(at) : elf.reader.u32(at);
}
