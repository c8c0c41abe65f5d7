/**
 * Builds small, inert ELF files for tests: headers, dynamic tables and whatever content a test puts in, with
 * no instruction in them. Addresses equal file offsets.
 */
import { sectionType, segmentType } from './elf.ts';

export interface SampleSection {
  readonly name: string;
  readonly type?: number;
  readonly content: Buffer;
}

export interface SampleElf {
  readonly bits?: 32 | 64;
  readonly little?: boolean;
  /** `ET_*`: 1 relocatable, 2 executable, 3 shared (default). */
  readonly type?: number;
  readonly interpreter?: string;
  readonly needed?: readonly string[];
  readonly soname?: string;
  readonly runpath?: string;
  readonly imports?: readonly string[];
  readonly exports?: readonly string[];
  /** Which hash table counts the symbols; default `sysv`. */
  readonly hash?: 'sysv' | 'gnu';
  /** Written directly behind the program headers, where packers keep their data. */
  readonly behindHeaders?: Buffer;
  /** PT_LOAD segments beside the one that maps the whole file. */
  readonly loads?: readonly Buffer[];
  readonly notes?: Buffer;
  readonly sections?: readonly SampleSection[];
  readonly overlay?: Buffer;
}

const empty = Buffer.alloc(0);

export function sampleElf(sample: SampleElf = {}): Buffer {
  const words = new WordWriter(sample.bits ?? 64, sample.little ?? true);
  const wide = words.bits === 64;
  const headerSize = wide ? 64 : 52;
  const dynamic = sample.needed ?? sample.imports ?? sample.exports ?? sample.soname ?? sample.runpath;
  const parts: { type: number; content: Buffer; at: number }[] = [];
  const add = (type: number, content: Buffer): void => {
    parts.push({ type, content, at: 0 });
  };
  if (sample.interpreter !== undefined) add(segmentType.interpreter, Buffer.from(sample.interpreter + '\0'));
  if (sample.notes !== undefined) add(segmentType.note, sample.notes);
  for (const load of sample.loads ?? []) add(segmentType.load, load);

  const segmentCount = parts.length + 1 + (dynamic === undefined ? 0 : 1);
  const headersEnd = headerSize + segmentCount * (wide ? 56 : 32);
  const body: Buffer[] = [sample.behindHeaders ?? empty];
  let at = headersEnd + body[0]!.length;
  const place = (content: Buffer): number => {
    const start = Math.ceil(at / 16) * 16;
    body.push(Buffer.alloc(start - at), content);
    at = start + content.length;
    return start;
  };
  for (const part of parts) part.at = place(part.content);
  if (dynamic !== undefined) {
    const tables = dynamicTables(words, sample, place);
    parts.push({ type: segmentType.dynamic, content: tables, at: place(tables) });
  }

  const sections = sample.sections ?? [];
  const names = Buffer.from('\0' + sections.map((section) => section.name + '\0').join('') + '.shstrtab\0');
  const placed = sections.map((section) => ({ ...section, at: place(section.content) }));
  const namesAt = sections.length > 0 ? place(names) : 0;
  const loadEnd = at;
  const headers = sections.length > 0 ? sectionHeaders(words, placed, names, namesAt) : empty;
  const headersAt = sections.length > 0 ? place(headers) : 0;

  const ident = Buffer.from([
    0x7f,
    0x45,
    0x4c,
    0x46,
    wide ? 2 : 1,
    words.little ? 1 : 2,
    1,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
  ]);
  const header = Buffer.concat([
    ident,
    words.u16(sample.type ?? 3),
    words.u16(62),
    words.u32(1),
    words.word(0),
    words.word(headerSize),
    words.word(headersAt),
    words.u32(0),
    words.u16(headerSize),
    words.u16(wide ? 56 : 32),
    words.u16(segmentCount),
    words.u16(wide ? 64 : 40),
    words.u16(sections.length > 0 ? sections.length + 2 : 0),
    words.u16(sections.length > 0 ? sections.length + 1 : 0),
  ]);
  const segments = [
    segment(words, segmentType.load, 0, loadEnd),
    ...parts.map((part) => segment(words, part.type, part.at, part.content.length)),
  ];
  return Buffer.concat([header, ...segments, ...body, sample.overlay ?? empty]);
}

/** One note as `.note.*` sections hold it. */
export function sampleNote(name: string, type: number, data: Buffer, little = true): Buffer {
  const words = new WordWriter(64, little);
  const padded = (bytes: Buffer): Buffer =>
    Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  const label = Buffer.from(name + '\0');
  return Buffer.concat([
    words.u32(label.length),
    words.u32(data.length),
    words.u32(type),
    padded(label),
    padded(data),
  ]);
}

function dynamicTables(words: WordWriter, sample: SampleElf, place: (content: Buffer) => number): Buffer {
  let strings = '\0';
  const text = (value: string): number => {
    const at = strings.length;
    strings += value + '\0';
    return at;
  };
  const symbols = [
    ...(sample.imports ?? []).map((name) => symbol(words, text(name), 0)),
    ...(sample.exports ?? []).map((name) => symbol(words, text(name), 1)),
  ];
  const entries: [number, number][] = (sample.needed ?? []).map((name) => [1, text(name)]);
  if (sample.soname !== undefined) entries.push([14, text(sample.soname)]);
  if (sample.runpath !== undefined) entries.push([29, text(sample.runpath)]);

  const table = place(Buffer.concat([symbol(words, 0, 0, 0), ...symbols]));
  const gnu = sample.hash === 'gnu';
  const exported = sample.exports?.length ?? 0;
  const hash = place(
    gnu ? gnuHash(words, symbols.length + 1 - exported, exported) : sysvHash(words, symbols.length + 1),
  );
  // Stands for the version tables that some linkers put there: not a symbol, though it could be read as one.
  if (gnu) place(symbol(words, 2, 0));
  const stringsAt = place(Buffer.from(strings, 'latin1'));
  entries.push([gnu ? 0x6ffffef5 : 4, hash], [5, stringsAt], [6, table], [10, strings.length], [0, 0]);
  return Buffer.concat(entries.flatMap(([key, value]) => [words.word(key), words.word(value)]));
}

function sysvHash(words: WordWriter, symbols: number): Buffer {
  return Buffer.concat([words.u32(1), words.u32(symbols), words.u32(0)]);
}

/** One bucket, no bloom words; the last chain value is odd. */
function gnuHash(words: WordWriter, first: number, count: number): Buffer {
  const chain = Array.from({ length: count }, (_, index) => words.u32(index === count - 1 ? 1 : 2));
  return Buffer.concat([
    words.u32(1),
    words.u32(first),
    words.u32(0),
    words.u32(0),
    words.u32(first),
    ...chain,
  ]);
}

function symbol(words: WordWriter, name: number, section: number, info = 0x12): Buffer {
  const rest = Buffer.from([info, 0]);
  return words.bits === 64
    ? Buffer.concat([words.u32(name), rest, words.u16(section), words.word(0), words.word(0)])
    : Buffer.concat([words.u32(name), words.u32(0), words.u32(0), rest, words.u16(section)]);
}

function segment(words: WordWriter, type: number, at: number, size: number): Buffer {
  const flags = words.u32(5);
  const rest = [words.word(at), words.word(at), words.word(at), words.word(size), words.word(size)];
  return words.bits === 64
    ? Buffer.concat([words.u32(type), flags, ...rest, words.word(16)])
    : Buffer.concat([words.u32(type), ...rest, flags, words.word(16)]);
}

function sectionHeaders(
  words: WordWriter,
  sections: readonly (SampleSection & { readonly at: number })[],
  names: Buffer,
  namesAt: number,
): Buffer {
  const one = (name: number, type: number, at: number, size: number): Buffer =>
    Buffer.concat([
      words.u32(name),
      words.u32(type),
      words.word(2),
      words.word(at),
      words.word(at),
      words.word(size),
      words.u32(0),
      words.u32(0),
      words.word(1),
      words.word(0),
    ]);
  let name = 1;
  const headers = [one(0, 0, 0, 0)];
  for (const section of sections) {
    headers.push(one(name, section.type ?? 1, section.at, section.content.length));
    name += section.name.length + 1;
  }
  return Buffer.concat([...headers, one(name, 3, namesAt, names.length)]);
}

class WordWriter {
  readonly bits: 32 | 64;
  readonly little: boolean;

  constructor(bits: 32 | 64, little: boolean) {
    this.bits = bits;
    this.little = little;
  }

  u16(value: number): Buffer {
    const out = Buffer.alloc(2);
    if (this.little) out.writeUInt16LE(value);
    else out.writeUInt16BE(value);
    return out;
  }

  u32(value: number): Buffer {
    const out = Buffer.alloc(4);
    if (this.little) out.writeUInt32LE(value);
    else out.writeUInt32BE(value);
    return out;
  }

  /** As wide as an address. */
  word(value: number): Buffer {
    if (this.bits === 32) return this.u32(value);
    const out = Buffer.alloc(8);
    if (this.little) out.writeBigUInt64LE(BigInt(value));
    else out.writeBigUInt64BE(BigInt(value));
    return out;
  }
}

/** A symbol table section, so that a sample counts as not stripped. */
export const symbolSection: SampleSection = {
  name: '.symtab',
  type: sectionType.symbols,
  content: Buffer.alloc(24),
};
