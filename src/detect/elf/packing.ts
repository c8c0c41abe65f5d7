/**
 * Packed programs. A packer by itself is a habit (small images, old embedded tools) and low; taking its marks
 * out so that the usual tool refuses to unpack is done by those who hide something.
 */
import { contentOf, type ElfSegment, segmentType } from '../../binary/elf.ts';
import { entropy } from '../../binary/entropy.ts';
import { findUpx } from '../../binary/upx.ts';
import type { DetectedFinding, FindingKind } from '../detector.ts';
import type { ElfSubject } from './detector.ts';

export const packingKinds = {
  upx: {
    rule: 'elf/packed-upx',
    title: 'Program packed with UPX',
    category: 'other',
    severity: 'low',
    attack: ['T1027.002'],
  },
  patched: {
    rule: 'elf/patched-upx',
    title: 'Program packed with UPX whose marks were removed to stop unpacking',
    category: 'other',
    severity: 'medium',
    attack: ['T1027.002'],
  },
  unknown: {
    rule: 'elf/packed-unknown',
    title: 'Program whose code is compressed or encrypted',
    category: 'other',
    severity: 'low',
    attack: ['T1027.002'],
  },
} as const satisfies Record<string, FindingKind>;

/** Code that a processor runs lies below 7; 7.5 over more than a few pages is compressed or encrypted. */
const packedEntropy = 7.5;
const smallestPacked = 16 * 1024;
/** A look at so many bytes spares measuring the code of every program. */
const probe = 4096;

export function packingFindings(subject: ElfSubject): readonly DetectedFinding[] {
  const { elf } = subject;
  if (elf.type !== 'executable' && elf.type !== 'shared') return [];
  const upx = findUpx(elf);
  if (upx !== undefined) {
    const kind = upx.state === 'intact' ? packingKinds.upx : packingKinds.patched;
    return [
      {
        ...kind,
        confidence: upx.state === 'intact' ? 0.5 : 0.7,
        subject: 'program',
        offset: upx.offset,
        length: 36,
        excerpt: upx.signs.join(', '),
      },
    ];
  }

  const code = largestCode(elf.segments);
  if (code === undefined || code.fileSize < smallestPacked) return [];
  const content = contentOf(elf, code);
  const middle = Math.floor(content.length / 2);
  if (entropy(content.subarray(middle, middle + probe)) < packedEntropy) return [];
  const measured = entropy(content);
  if (measured < packedEntropy) return [];
  const sections = elf.sections.length === 0 ? 'no sections, ' : '';
  return [
    {
      ...packingKinds.unknown,
      confidence: elf.sections.length === 0 ? 0.4 : 0.3,
      subject: 'program',
      offset: code.offset,
      length: content.length,
      excerpt: `${sections}entropy ${measured.toFixed(1)} of 8 in ${code.fileSize} bytes of code`,
    },
  ];
}

function largestCode(segments: readonly ElfSegment[]): ElfSegment | undefined {
  let largest: ElfSegment | undefined;
  for (const segment of segments) {
    if (segment.type !== segmentType.load || !segment.executable) continue;
    if (largest === undefined || segment.fileSize > largest.fileSize) largest = segment;
  }
  return largest;
}
