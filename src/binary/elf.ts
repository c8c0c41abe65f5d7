/**
 * The headers of an ELF file: what a loader would map (segments) and what a linker left behind (sections).
 * Everything else in this folder reads from what `parseElf` returns. Packers and attackers break headers on
 * purpose, so damage behind a readable file header is a fault to report, never a reason to stop.
 *
 * Constants: System V gABI, chapters 4 and 5, and the Linux `elf.h` (read 2026-11).
 */
import { WaterguardError } from '../model/error.ts';
import { type ByteReader, byteReader, stringAt } from './byte-reader.ts';

export type ElfType = 'relocatable' | 'executable' | 'shared' | 'core' | 'other';

export interface ElfSegment {
  /** `PT_*`. */
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  /** Bytes in the file, and in memory. */
  readonly fileSize: number;
  readonly memorySize: number;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly executable: boolean;
}

export interface ElfSection {
  /** Into the name table; `sectionName` reads it. */
  readonly nameOffset: number;
  /** `SHT_*`. */
  readonly type: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly info: number;
  readonly executable: boolean;
}

export interface Elf {
  /** `bytes` of it are the file from its beginning, perhaps only the first part. */
  readonly reader: ByteReader;
  readonly bytes: Buffer;
  /** Of the whole file, at least `bytes.length`. */
  readonly size: number;
  readonly bits: 32 | 64;
  readonly type: ElfType;
  /** `EM_*`. */
  readonly machine: number;
  readonly entry: number;
  /** First byte behind the program header table. */
  readonly headersEnd: number;
  readonly segments: readonly ElfSegment[];
  readonly sections: readonly ElfSection[];
  /** The section that holds the names of sections. */
  readonly names: ElfSection | undefined;
  /** First byte behind everything that the headers speak of, at most `size`. */
  readonly end: number;
  /** What is wrong with the headers, one phrase each. */
  readonly faults: readonly string[];
}

export const segmentType = { load: 1, dynamic: 2, interpreter: 3, note: 4 } as const;
export const sectionType = { symbols: 2, dynamic: 6, note: 7, noBits: 8, dynamicSymbols: 11 } as const;

/** Real programs have about ten segments and forty sections; kernel modules some hundred. */
const maxSegments = 1024;
const maxSections = 4096;

const magic = Buffer.from('\x7fELF', 'latin1');

/**
 * @param bytes the file from offset 0, or its first window
 * @param size of the whole file in bytes
 * @throws WaterguardError `corrupt` when it is no ELF file or its file header is unreadable
 */
export function parseElf(bytes: Buffer, size = bytes.length): Elf {
  const { reader, bits } = identify(bytes);
  const header = fileHeader(reader, bits);
  const faults: string[] = [];
  const first = sectionHeader(reader, bits, header.sectionOffset);

  // Counts that do not fit 16 bits are kept in the first section header.
  const segmentCount = header.segmentCount === 0xffff ? (first?.info ?? 0) : header.segmentCount;
  const sectionCount = header.sectionCount === 0 ? (first?.size ?? 0) : header.sectionCount;
  const namesIndex = header.namesIndex === 0xffff ? (first?.link ?? 0) : header.namesIndex;

  const segments = readTable(reader, {
    name: 'program header',
    offset: header.segmentOffset,
    count: segmentCount,
    entry: bits === 64 ? 56 : 32,
    stated: header.segmentEntry,
    limit: maxSegments,
    read: (at) => segmentAt(reader, bits, at),
    faults,
  });
  const sections = readTable(reader, {
    name: 'section header',
    offset: header.sectionOffset,
    count: header.sectionOffset === 0 ? 0 : sectionCount,
    entry: bits === 64 ? 64 : 40,
    stated: header.sectionEntry,
    limit: maxSections,
    read: (at) => sectionHeader(reader, bits, at),
    faults,
  });

  const headersEnd = header.segmentOffset + segmentCount * header.segmentEntry;
  const sectionsEnd = header.sectionOffset + sectionCount * header.sectionEntry;
  return {
    reader,
    bytes,
    size: Math.max(size, bytes.length),
    bits,
    type: header.type,
    machine: header.machine,
    entry: header.entry,
    headersEnd,
    segments,
    sections,
    names: sections[namesIndex],
    end: endOf(Math.max(size, bytes.length), [headersEnd, sectionsEnd], segments, sections, faults),
    faults,
  };
}

/** True when the content begins as every ELF file does. */
export function isElf(bytes: Uint8Array): boolean {
  return bytes.length >= 16 && magic.compare(bytes, 0, 4) === 0;
}

/**
 * Where the loader would find `address` in the file.
 * @returns -1 when no segment has it in the file
 */
export function fileOffset(elf: Elf, address: number): number {
  for (const segment of elf.segments) {
    if (segment.type !== segmentType.load) continue;
    const delta = address - segment.address;
    if (delta >= 0 && delta < segment.fileSize) return segment.offset + delta;
  }
  return -1;
}

export function findSection(elf: Elf, name: string): ElfSection | undefined {
  return elf.sections.find((section) => sectionName(elf, section) === name);
}

/** At most 64 characters; empty where the name table is out of reach. */
export function sectionName(elf: Elf, section: ElfSection): string {
  const { names } = elf;
  if (names === undefined || section.nameOffset >= names.size) return '';
  return stringAt(elf.bytes, names.offset + section.nameOffset, 64);
}

/** The content of a section or segment as far as it is there. */
export function contentOf(elf: Elf, part: ElfSection | ElfSegment): Buffer {
  if ('link' in part && part.type === sectionType.noBits) return elf.bytes.subarray(0, 0);
  const length = 'link' in part ? part.size : part.fileSize;
  return elf.bytes.subarray(part.offset, Math.min(elf.bytes.length, part.offset + length));
}

function identify(bytes: Buffer): { readonly reader: ByteReader; readonly bits: 32 | 64 } {
  const wide = bytes[4];
  const order = bytes[5];
  if (!isElf(bytes)) throw new WaterguardError('corrupt', 'elf: the file does not begin with the ELF magic');
  if ((wide !== 1 && wide !== 2) || (order !== 1 && order !== 2)) {
    throw new WaterguardError('corrupt', `elf: unknown class ${wide} or byte order ${order}`);
  }
  const bits = wide === 2 ? 64 : 32;
  if (bytes.length < (bits === 64 ? 64 : 52)) {
    throw new WaterguardError('corrupt', `elf: the file ends inside its header (${bytes.length} bytes)`);
  }
  return { reader: byteReader(bytes, order === 1), bits };
}

function fileHeader(reader: ByteReader, bits: 32 | 64) {
  const address = (at: number): number => (bits === 64 ? reader.u64(at) : reader.u32(at));
  const word = bits / 8;
  const counts = 24 + 3 * word + 6;
  const types: readonly ElfType[] = ['other', 'relocatable', 'executable', 'shared', 'core'];
  return {
    type: types[reader.u16(16)] ?? 'other',
    machine: reader.u16(18),
    entry: address(24),
    segmentOffset: address(24 + word),
    sectionOffset: address(24 + 2 * word),
    segmentEntry: reader.u16(counts),
    segmentCount: reader.u16(counts + 2),
    sectionEntry: reader.u16(counts + 4),
    sectionCount: reader.u16(counts + 6),
    namesIndex: reader.u16(counts + 8),
  };
}

interface Table<T> {
  readonly name: string;
  readonly offset: number;
  readonly count: number;
  /** Size of an entry by the standard, and as the file states it. */
  readonly entry: number;
  readonly stated: number;
  readonly limit: number;
  readonly read: (at: number) => T | undefined;
  readonly faults: string[];
}

function readTable<T>(reader: ByteReader, table: Table<T>): T[] {
  const entries: T[] = [];
  if (table.count === 0) return entries;
  if (table.stated < table.entry) {
    table.faults.push(`${table.name} entries are too small`);
    return entries;
  }
  const count = Math.min(table.count, table.limit);
  if (count < table.count) table.faults.push(`more than ${table.limit} ${table.name}s`);
  for (let index = 0; index < count; index++) {
    const at = table.offset + index * table.stated;
    const entry = reader.has(at, table.entry) ? table.read(at) : undefined;
    if (entry === undefined) {
      table.faults.push(`${table.name} table lies outside the file`);
      break;
    }
    entries.push(entry);
  }
  return entries;
}

function segmentAt(reader: ByteReader, bits: 32 | 64, at: number): ElfSegment {
  const wide = bits === 64;
  const flags = reader.u32(at + (wide ? 4 : 24));
  return {
    type: reader.u32(at),
    offset: wide ? reader.u64(at + 8) : reader.u32(at + 4),
    address: wide ? reader.u64(at + 16) : reader.u32(at + 8),
    fileSize: wide ? reader.u64(at + 32) : reader.u32(at + 16),
    memorySize: wide ? reader.u64(at + 40) : reader.u32(at + 20),
    readable: (flags & 4) !== 0,
    writable: (flags & 2) !== 0,
    executable: (flags & 1) !== 0,
  };
}

function sectionHeader(reader: ByteReader, bits: 32 | 64, at: number): ElfSection | undefined {
  const wide = bits === 64;
  if (at === 0 || !reader.has(at, wide ? 64 : 40)) return undefined;
  return {
    nameOffset: reader.u32(at),
    type: reader.u32(at + 4),
    executable: (reader.u32(at + (wide ? 12 : 8)) & 4) !== 0,
    address: wide ? reader.u64(at + 16) : reader.u32(at + 12),
    offset: wide ? reader.u64(at + 24) : reader.u32(at + 16),
    size: wide ? reader.u64(at + 32) : reader.u32(at + 20),
    link: reader.u32(at + (wide ? 40 : 24)),
    info: reader.u32(at + (wide ? 44 : 28)),
  };
}

function endOf(
  size: number,
  tables: readonly number[],
  segments: readonly ElfSegment[],
  sections: readonly ElfSection[],
  faults: string[],
): number {
  const ends = [...tables];
  for (const segment of segments) ends.push(segment.offset + segment.fileSize);
  for (const section of sections) {
    if (section.type !== sectionType.noBits && section.type !== 0) ends.push(section.offset + section.size);
  }
  let end = 0;
  for (const one of ends) if (one <= size) end = Math.max(end, one);
  if (ends.some((one) => one > size)) faults.push('parts lie behind the end of the file');
  return end;
}
