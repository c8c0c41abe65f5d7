/**
 * What the structure of an ELF file gives away that strings do not: a packer and its hidden marks, programs
 * that run others from memory, libraries that hide files, mining engines, tools that Go names by themselves,
 * and data carried behind the end. Each part looks cheaply first: most files cost one parse of their headers.
 */
import { type Elf, isElf, parseElf } from '../../binary/elf.ts';
import { describeElf, type ElfFacts } from '../../binary/elf-facts.ts';
import { goBuildAnchor } from '../../binary/go-build.ts';
import { rustCrateAnchor } from '../../binary/rust-build.ts';
import { WaterguardError } from '../../model/error.ts';
import {
  type Anchor,
  type DetectedFinding,
  type Detection,
  type Detector,
  type FileRecord,
  nothing,
  type OpenFile,
} from '../detector.ts';
import { appendedFindings, appendedKinds } from './appended.ts';
import { goToolFindings, goToolKinds } from './go-tool.ts';
import { hookFindings, hookKinds } from './hook.ts';
import { loaderFindings, loaderKinds } from './loader.ts';
import { constantAnchors, miningFindings, miningKinds, poolWords } from './mining.ts';
import { packingFindings, packingKinds } from './packing.ts';

/** One file under inspection; `hits` as in `OpenFile`. */
export interface ElfSubject {
  readonly elf: Elf;
  readonly facts: ElfFacts;
  hits(anchor: string): readonly number[];
}

const anchors: Readonly<Record<string, Anchor>> = {
  ...constantAnchors,
  memfd: { text: 'memfd_create', kinds: ['elf'] },
  readdir: { text: 'readdir', kinds: ['elf'] },
  goBuild: { text: goBuildAnchor, kinds: ['elf'] },
  rustCrate: { text: rustCrateAnchor, kinds: ['elf'] },
  randomx: { text: 'randomx', nocase: true, kinds: ['elf'] },
  poolJob: { text: poolWords[0], kinds: ['elf'] },
  poolLogin: { text: poolWords[1], kinds: ['elf'] },
  poolSubscribe: { text: poolWords[2], kinds: ['elf'] },
  poolUrl: { text: poolWords[3], kinds: ['elf'] },
};

export const elfDetector: Detector = {
  name: 'elf',
  version: 2,
  needs: 'content',
  findings: [packingKinds, loaderKinds, hookKinds, miningKinds, goToolKinds, appendedKinds].flatMap((kinds) =>
    Object.values(kinds),
  ),
  anchors,
  wants: (file: FileRecord) => file.kind === 'elf',
  inspect,
};

/** Of a file seen in windows only the first has the headers that everything here starts from. */
function inspect(file: OpenFile): Detection {
  if (file.offset !== 0 || !isElf(file.bytes)) return nothing;
  const elf = readable(file);
  if (elf === undefined) return nothing;
  const subject: ElfSubject = { elf, facts: describeElf(elf), hits: (anchor) => file.hits(anchor) };
  const findings: readonly DetectedFinding[] = [
    ...packingFindings(subject),
    ...loaderFindings(subject),
    ...hookFindings(subject),
    ...miningFindings(subject),
    ...goToolFindings(subject),
    ...appendedFindings(subject),
  ];
  return findings.length === 0 ? nothing : { findings, observables: [] };
}

/** A file that no loader would take (test data of linkers, a broken download) is nothing to report here. */
function readable(file: OpenFile): Elf | undefined {
  try {
    return parseElf(file.bytes, file.size);
  } catch (error) {
    if (error instanceof WaterguardError && error.code === 'corrupt') return undefined;
    throw error;
  }
}
