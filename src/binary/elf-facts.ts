/** What an analyst asks first of an ELF file, read off its headers: how it is linked, whether stripped, its ids. */
import { stringAt } from './byte-reader.ts';
import { contentOf, type Elf, sectionType, segmentType } from './elf.ts';
import { type ElfDynamic, readDynamic } from './elf-dynamic.ts';

/**
 * `static` needs no loader; `library` is loaded by others; `object` is not linked yet (`.o`, kernel module);
 * `core` is a memory image.
 */
export type Linkage = 'static' | 'dynamic' | 'library' | 'object' | 'core';

export interface ElfFacts {
  readonly linkage: Linkage;
  /** Position-independent program. */
  readonly pie: boolean;
  /** No symbol table for debuggers; also true when there are no section headers at all. */
  readonly stripped: boolean;
  readonly interpreter: string;
  readonly dynamic: ElfDynamic | undefined;
  /** Hex; empty where there is none. */
  readonly buildId: string;
  /** Go's own build id; empty for everything else. */
  readonly goBuildId: string;
  /** Bytes behind the last segment, section and table: what `cat payload >> program` leaves. */
  readonly overlay: { readonly offset: number; readonly length: number };
}

const maxNotes = 64;

export function describeElf(elf: Elf): ElfFacts {
  const dynamic = readDynamic(elf);
  const interpreterSegment = elf.segments.find((segment) => segment.type === segmentType.interpreter);
  const interpreter =
    interpreterSegment === undefined ? '' : stringAt(elf.bytes, interpreterSegment.offset, 256);
  const notes = readNotes(elf);
  const linkage = linkageOf(elf, interpreter, dynamic);
  return {
    linkage,
    pie: elf.type === 'shared' && (linkage === 'dynamic' || linkage === 'static'),
    stripped: !elf.sections.some((section) => section.type === sectionType.symbols),
    interpreter,
    dynamic,
    buildId: notes.get('GNU/3')?.toString('hex') ?? '',
    goBuildId: notes.get('Go/4')?.toString('latin1') ?? '',
    overlay: { offset: elf.end, length: elf.size - elf.end },
  };
}

function linkageOf(elf: Elf, interpreter: string, dynamic: ElfDynamic | undefined): Linkage {
  if (elf.type === 'relocatable') return 'object';
  if (elf.type === 'core') return 'core';
  if (interpreter !== '') return 'dynamic';
  if (elf.type !== 'shared') return dynamic !== undefined && dynamic.needed.length > 0 ? 'dynamic' : 'static';
  return dynamic?.pie === true ? 'static' : 'library';
}

/** Notes by `NAME/TYPE`; descriptions are bounded to 256 bytes. */
function readNotes(elf: Elf): ReadonlyMap<string, Buffer> {
  const notes = new Map<string, Buffer>();
  const fromSegments = elf.segments.filter((segment) => segment.type === segmentType.note);
  const parts =
    fromSegments.length > 0
      ? fromSegments
      : elf.sections.filter((section) => section.type === sectionType.note);
  for (const part of parts.slice(0, maxNotes)) {
    const end = part.offset + contentOf(elf, part).length;
    let at = part.offset;
    for (let seen = 0; seen < maxNotes && elf.reader.has(at, 12) && at + 12 <= end; seen++) {
      const nameSize = elf.reader.u32(at);
      const dataSize = elf.reader.u32(at + 4);
      const data = at + 12 + padded(nameSize);
      if (data + dataSize > end) break;
      const key = `${stringAt(elf.bytes, at + 12, Math.min(nameSize, 32))}/${elf.reader.u32(at + 8)}`;
      if (!notes.has(key)) notes.set(key, elf.bytes.subarray(data, data + Math.min(dataSize, 256)));
      at = data + padded(dataSize);
    }
  }
  return notes;
}

function padded(size: number): number {
  return Math.ceil(size / 4) * 4;
}
