/**
 * UPX, the packer that most Linux malware uses. An honest packed file says `UPX!` behind its program headers
 * and again at its end. Attackers overwrite those words (or zero the sizes beside them) so that `upx -d`
 * refuses; what the stub needs to unpack itself must stay, and that is what is looked for here.
 *
 * Layout and format numbers: UPX `src/conf.h`, `src/stub/src/include/linux.h` (read 2026-11). Behind the program
 * headers: l_info (checksum, magic, u16 stub size, u8 version, u8 format), p_info (program id, file size, block
 * size), then b_info of the first block (unpacked, packed, method, filter). The last 36 bytes hold the pack header
 * (magic, u8 version, u8 format, …), in shared libraries the only mark.
 */
import { type Elf, segmentType } from './elf.ts';
import { entropy } from './entropy.ts';

export interface Upx {
  /** `intact`: `upx -d` would unpack it; `patched`: the marks are gone and the structure is there. */
  readonly state: 'intact' | 'patched';
  /** Of the loader information in the file. */
  readonly offset: number;
  /** What was recognised, for an analyst; one phrase each. */
  readonly signs: readonly string[];
}

const magic = Buffer.from('UPX!', 'latin1');
const infoSize = 12;
const trailerSize = 36;

/** UPX_F_LINUX_*: executables and shared objects for Linux, BSD's i386 among them. */
const linuxFormats: ReadonlySet<number> = new Set([
  10, 12, 14, 20, 22, 23, 25, 30, 39, 42, 132, 133, 137, 140,
]);

/** M_NRV2B_LE32 (2) to M_DEFLATE (15); M_ZSTD and later are unused for ELF. */
const firstMethod = 2;
const lastMethod = 15;

/** Below this a segment is not compressed. */
const packedEntropy = 7.2;

/** @returns undefined for a file that UPX did not pack, as far as its structure tells */
export function findUpx(elf: Elf): Upx | undefined {
  const offset = elf.headersEnd;
  if (!elf.reader.has(offset, 3 * infoSize)) return undefined;
  const atHeader = magic.compare(elf.bytes, offset + 4, offset + 8) === 0;
  if (atHeader) return { state: 'intact', offset, signs: ['UPX! behind the program headers'] };
  const trailer = trailerOf(elf);
  if (trailer?.marked === true) {
    return {
      state: 'intact',
      offset: elf.size - trailerSize,
      signs: [`trailer of UPX format ${trailer.format}`],
    };
  }

  const signs = patchedSigns(elf, offset);
  return signs.length >= 3 ? { state: 'patched', offset, signs } : undefined;
}

/**
 * Cheap tests first. A stub without sections whose bulk is compressed is a must; of the loader's, the
 * program's, the first block's and the trailer's information at least two must be sound, as attackers zero one or two.
 */
function patchedSigns(elf: Elf, offset: number): readonly string[] {
  const loads = elf.segments.filter((segment) => segment.type === segmentType.load);
  if (elf.sections.length > 0 || loads.length < 2 || loads.length > 4) return [];

  const signs: string[] = [];
  const version = elf.reader.u8(offset + 10);
  const format = elf.reader.u8(offset + 11);
  if (soundFormat(version, format)) {
    signs.push(`loader information of UPX format ${format}`);
  }
  const trailer = trailerOf(elf);
  if (trailer !== undefined) signs.push(`trailer of UPX format ${trailer.format}`);
  const programSize = elf.reader.u32(offset + infoSize + 4);
  const blockSize = elf.reader.u32(offset + infoSize + 8);
  if (blockSize >= 512 && programSize >= blockSize && programSize < 2 ** 31 && programSize > elf.size / 2) {
    signs.push(`program information (${programSize} bytes unpacked)`);
  }
  if (soundBlock(elf, offset + 2 * infoSize)) signs.push('first block information');
  if (signs.length < 2) return [];

  const bulk = loads.reduce((largest, load) => (load.fileSize > largest.fileSize ? load : largest));
  const begin = Math.max(bulk.offset, offset);
  const measured = entropy(elf.bytes.subarray(begin, bulk.offset + bulk.fileSize));
  if (measured < packedEntropy) return [];
  return [...signs, `entropy ${measured.toFixed(1)} in a file without sections`];
}

/** A block never grows by packing, and the method is one that the stubs know. */
function soundBlock(elf: Elf, at: number): boolean {
  const unpacked = elf.reader.u32(at);
  const packed = elf.reader.u32(at + 4);
  const method = elf.reader.u8(at + 8);
  return (
    unpacked > 0 &&
    packed > 0 &&
    packed <= unpacked &&
    packed < elf.size &&
    method >= firstMethod &&
    method <= lastMethod
  );
}

/** The pack header at the end, with its magic or without; only of a file that is seen whole. */
function trailerOf(elf: Elf): { readonly format: number; readonly marked: boolean } | undefined {
  const at = elf.bytes.length - trailerSize;
  if (elf.bytes.length < elf.size || at < elf.headersEnd) return undefined;
  const format = elf.reader.u8(at + 5);
  if (!soundFormat(elf.reader.u8(at + 4), format)) return undefined;
  return { format, marked: magic.compare(elf.bytes, at, at + 4) === 0 };
}

/** Versions of the pack header since 2000. */
function soundFormat(version: number, format: number): boolean {
  return version >= 10 && version <= 15 && linuxFormats.has(format);
}
