/**
 * Mining engines, known by what they compute instead of by their names. RandomX (Monero) fills its dataset
 * with seven constants that no compiler and no renaming removes; together with the words of a pool's protocol
 * in one program, that is a miner. Without those words it may be a node or a wallet.
 *
 * Constants: RandomX specification, chapter 7.3 (superscalarAdd1 to 7), read 2026-11.
 */
import { rustBuild } from '../../binary/rust-build.ts';
import type { Anchor, DetectedFinding, FindingKind } from '../detector.ts';
import type { ElfSubject } from './detector.ts';

export const miningKinds = {
  miner: {
    rule: 'elf/randomx-miner',
    title: 'Program with the RandomX mining algorithm and a pool protocol',
    category: 'cryptomining',
    severity: 'high',
    attack: ['T1496.001'],
  },
  library: {
    rule: 'elf/randomx-library',
    title: 'Program with the RandomX algorithm (a node, a wallet or a miner)',
    category: 'cryptomining',
    severity: 'low',
    attack: ['T1496.001'],
  },
} as const satisfies Record<string, FindingKind>;

/** Fields and methods of the Stratum dialects; none is common elsewhere in a program with the constants. */
export const poolWords = ['job_id', 'keepalived', 'mining.subscribe', 'stratum+'] as const;

/** By name, for the anchors: as part of the rules' one pass they cost nothing, and 30 ms in each file on their own. */
export const constantAnchors: Readonly<Record<string, Anchor>> = Object.fromEntries(
  [
    9298411001130361340n,
    12065312585734608966n,
    9306329213124626780n,
    5281919268842080866n,
    10536153434571861004n,
    3398623926847679864n,
    9549104520008361294n,
  ].map((value, index) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(value);
    return [`randomx constant ${index + 1}`, { text: bytes.toString('latin1'), kinds: ['elf'] }];
  }),
);
/** A compiler may split a constant into two instructions. */
const fewestConstants = 4;

/** Rust crates that bind RandomX. */
const miningCrate = /^(?:randomx-rs|rust-randomx|randomx4r)-\d/;

export function miningFindings(subject: ElfSubject): readonly DetectedFinding[] {
  const pool = [
    ...subject.hits('poolJob'),
    ...subject.hits('poolLogin'),
    ...subject.hits('poolSubscribe'),
    ...subject.hits('poolUrl'),
  ];
  const engine = engineOf(subject);
  if (engine === undefined) return [];
  const kind = pool.length > 0 ? miningKinds.miner : miningKinds.library;
  return [
    {
      ...kind,
      confidence: pool.length > 0 ? 0.8 : 0.4,
      subject: 'program',
      ...(pool.length > 0 ? ({ proves: 'miner' } as const) : {}),
      offset: engine.offset,
      length: 8,
      excerpt: pool.length > 0 ? `${engine.what}, and words of a pool protocol` : engine.what,
    },
  ];
}

function engineOf(subject: ElfSubject): { readonly what: string; readonly offset: number } | undefined {
  const places = Object.keys(constantAnchors).flatMap((name) => subject.hits(name).slice(0, 1));
  if (places.length >= fewestConstants)
    return { what: `${places.length} of 7 RandomX constants`, offset: Math.min(...places) };
  const crateAt = subject.hits('randomx').length > 0 ? subject.hits('rustCrate') : [];
  const crates = crateAt.length > 0 ? (rustBuild(subject.elf, crateAt)?.crates ?? []) : [];
  const crate = crates.find((name) => miningCrate.test(name));
  return crate === undefined ? undefined : { what: `Rust crate ${crate}`, offset: crateAt[0] ?? 0 };
}
