/** Which kind of file content is, by its first bytes alone: names are the attacker's word. */
import type { FileKind } from './detector.ts';

/** How many bytes decide. */
export const headSize = 4096;

/** How archives and compressed streams begin. */
const archives: readonly Buffer[] = [
  Buffer.from([0x1f, 0x8b]), // gzip
  Buffer.from('PK\x03\x04', 'latin1'), // zip, jar
  Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]), // xz
  Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), // zstd
  Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]), // 7z
];

/** bzip2: `BZh`, a level, and the first digits of pi; without them a text might begin like that. */
const bzip2 = /^BZh[1-9]1AY&SY/;

/** @param head the first `headSize` bytes, or all of a shorter file */
export function kindOf(head: Buffer): FileKind {
  const b0 = head[0];
  if (b0 === undefined) return 'text';
  if (b0 === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46) return 'elf';
  if (b0 === 0x23 && head[1] === 0x21) return 'script';
  for (const magic of archives) {
    if (b0 === magic[0] && head.subarray(0, magic.length).equals(magic)) return 'archive';
  }
  // zstd again: a frame that is to be skipped may come before the first with data.
  if (b0 >= 0x50 && b0 < 0x60 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18) return 'archive';
  if (b0 === 0x42 && bzip2.test(head.toString('latin1', 0, 10))) return 'archive';
  if (looksLikeText(head)) return 'text';
  // A tar's header is padded with zeros; a script with this word at that place stays a text.
  return head.toString('latin1', 257, 262) === 'ustar' ? 'archive' : 'binary';
}

/** No NUL byte, and at most one control byte in 32 (other than tab, line feed, form feed, return, escape). */
function looksLikeText(head: Buffer): boolean {
  const end = Math.min(head.length, headSize);
  let odd = 0;
  for (let at = 0; at < end; at++) {
    const byte = head[at] ?? 0;
    if (byte >= 0x20) continue;
    if (byte === 0) return false;
    if (byte !== 0x09 && byte !== 0x0a && byte !== 0x0c && byte !== 0x0d && byte !== 0x1b) odd++;
  }
  return odd * 32 <= end;
}
