/**
 * Programs that write another program into memory and run it there, so that nothing lies on disk.
 *
 * Honest users of memfd_create are libraries (graphics, libffi, libsystemd), interpreters with hundreds of
 * imports (python) and container runtimes, which re-run themselves (crun, runc: over 200 imports, or Go). What
 * is reported is a small program whose few imports are this one trick; with a program or packed data inside it,
 * it is a dropper.
 */
import { readSymbols } from '../../binary/elf-dynamic.ts';
import { entropy } from '../../binary/entropy.ts';
import type { DetectedFinding, FindingKind } from '../detector.ts';
import type { ElfSubject } from './detector.ts';

export const loaderKinds = {
  loader: {
    rule: 'elf/memfd-loader',
    title: 'Small program that runs another one from memory',
    category: 'backdoor',
    severity: 'medium',
    attack: ['T1620', 'T1106'],
  },
  dropper: {
    rule: 'elf/memfd-dropper',
    title: 'Program that carries another one and runs it from memory',
    category: 'backdoor',
    severity: 'high',
    attack: ['T1620', 'T1027.009'],
  },
} as const satisfies Record<string, FindingKind>;

const mostImports = 80;
const innerElf = Buffer.from('\x7fELF', 'latin1');
const largeData = 32 * 1024;
const packedEntropy = 7.5;

export function loaderFindings(subject: ElfSubject): readonly DetectedFinding[] {
  const { elf, facts } = subject;
  const [at] = subject.hits('memfd');
  if (at === undefined || facts.dynamic === undefined || facts.linkage === 'library') return [];
  const { imports } = readSymbols(elf, facts.dynamic);
  if (!imports.has('memfd_create') || imports.size > mostImports) return [];

  const byDescriptor = imports.has('fexecve') || imports.has('execveat');
  const byPath = ['execve', 'execv', 'execl', 'execvp'].some((name) => imports.has(name));
  if (!byDescriptor && !(byPath && elf.bytes.includes('/proc/self/fd'))) return [];

  const payload = payloadOf(subject);
  const kind = payload === undefined ? loaderKinds.loader : loaderKinds.dropper;
  return [
    {
      ...kind,
      confidence: payload === undefined ? 0.5 : 0.75,
      subject: 'program',
      offset: payload?.offset ?? at,
      length: payload?.length ?? 'memfd_create'.length,
      excerpt: `memfd_create and ${byDescriptor ? 'fexecve' : 'exec of /proc/self/fd'} among ${imports.size} imports${payload === undefined ? '' : `; ${payload.what}`}`,
    },
  ];
}

interface Payload {
  readonly what: string;
  readonly offset: number;
  readonly length: number;
}

/** A second ELF header, or a packed bulk in data or behind the end. */
function payloadOf({ elf, facts }: ElfSubject): Payload | undefined {
  const inner = elf.bytes.indexOf(innerElf, 64);
  const plausible = inner > 0 && [1, 2].includes(elf.bytes[inner + 4] ?? 0) && elf.bytes[inner + 6] === 1;
  if (plausible) return { what: 'an ELF file inside', offset: inner, length: elf.bytes.length - inner };

  const parts = [
    { ...facts.overlay, executable: false },
    ...elf.segments.map(({ offset, fileSize, executable }) => ({ offset, length: fileSize, executable })),
  ];
  for (const part of parts) {
    if (part.executable || part.length < largeData || part.offset >= elf.bytes.length) continue;
    const length = Math.min(part.length, elf.bytes.length - part.offset);
    const measured = entropy(elf.bytes.subarray(part.offset, part.offset + length));
    if (measured >= packedEntropy) {
      return {
        what: `${length} packed bytes inside (entropy ${measured.toFixed(1)})`,
        offset: part.offset,
        length,
      };
    }
  }
  return undefined;
}
