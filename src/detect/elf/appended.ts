/**
 * Data behind the end of a program. Linkers leave none there (of 1,800 ELF files of a Debian 12 system not one
 * has any), installers, AppImages and script bundlers do, and so do droppers: a configuration or a second
 * program is appended so that each victim's copy differs without compiling.
 */
import { entropy } from '../../binary/entropy.ts';
import { printable } from '../../model/printable.ts';
import type { DetectedFinding, FindingKind } from '../detector.ts';
import type { ElfSubject } from './detector.ts';

export const appendedKinds = {
  configuration: {
    rule: 'elf/appended-miner-configuration',
    title: 'Miner configuration appended to a program',
    category: 'cryptomining',
    severity: 'high',
    attack: ['T1496.001', 'T1027.009'],
  },
  program: {
    rule: 'elf/appended-program',
    title: 'Second program or script appended to a program',
    category: 'other',
    severity: 'medium',
    attack: ['T1027.009'],
  },
  data: {
    rule: 'elf/appended-data',
    title: 'Data appended to a program',
    category: 'other',
    severity: 'low',
    attack: ['T1027.009'],
  },
} as const satisfies Record<string, FindingKind>;

const longest = 64 * 1024;
/** Alignment and signatures leave less. */
const shortest = 16;

export function appendedFindings({ elf, facts }: ElfSubject): readonly DetectedFinding[] {
  const { offset, length } = facts.overlay;
  if (elf.type !== 'executable' && elf.type !== 'shared') return [];
  if (length < shortest || offset >= elf.bytes.length) return [];
  const start = elf.bytes.subarray(offset, offset + longest);
  if (start.every((byte) => byte === 0)) return [];

  const text = start.toString('latin1').trimStart();
  const finding = (kind: FindingKind, confidence: number, what: string): readonly DetectedFinding[] => [
    {
      ...kind,
      confidence,
      subject: 'program',
      offset,
      length: Math.min(length, elf.bytes.length - offset),
      excerpt: what,
    },
  ];
  if (isMinerConfiguration(text)) {
    const keys = [...text.matchAll(/"([a-z-]{2,24})"/g)].slice(0, 8).map((match) => match[1]);
    return finding(
      appendedKinds.configuration,
      0.75,
      printable(`appended JSON with ${keys.join(', ')}`, 200),
    );
  }
  if (text.startsWith('\x7fELF') || text.startsWith('#!/')) {
    const what = text.startsWith('#!') ? 'script' : 'ELF file';
    return finding(appendedKinds.program, 0.5, `${what} of ${length} bytes behind the end`);
  }
  return finding(appendedKinds.data, 0.3, `${length} bytes behind the end: ${describe(text, start)}`);
}

/** XMRig's form and its relatives: pools with an address and an account. */
function isMinerConfiguration(text: string): boolean {
  if (!text.startsWith('{')) return false;
  const pool = text.includes('"pools"') || text.includes('stratum+');
  return (
    pool && (text.includes('"url"') || text.includes('stratum+')) && /"(?:user|wallet|algo|coin)"/.test(text)
  );
}

function describe(text: string, start: Buffer): string {
  if (text.startsWith('hsqs')) return 'squashfs (AppImage)';
  if (text.startsWith('PK\x03\x04')) return 'zip archive';
  if (text.startsWith('\x1f\x8b')) return 'gzip';
  const measured = entropy(start);
  return measured > 7.5 ? `compressed or encrypted (entropy ${measured.toFixed(1)})` : 'other';
}
