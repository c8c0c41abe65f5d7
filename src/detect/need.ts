/**
 * What a rule needs: an upper bound of its condition that the literal search can decide. Whatever cannot be told from
 * literals, size and the first bytes is taken to be true. A file that does not meet the need cannot match, and the rule
 * engine is not asked about it; a need must never be too strong, and where it is too weak only time is lost.
 */
import type { Literal } from './literals/literal.ts';

/** Plain data: it lies in the cache of prepared rules and crosses to the engine. */
export type Need =
  | { readonly kind: 'literal'; readonly number: number; readonly telling: number }
  | { readonly kind: 'some'; readonly least: number; readonly of: readonly Need[] }
  /** Fewer bytes than that. */
  | { readonly kind: 'smaller'; readonly than: number }
  /** Does not begin like an ELF file. */
  | { readonly kind: 'foreign' }
  /** Begins with this number, little endian. */
  | { readonly kind: 'begins'; readonly value: number; readonly bytes: 1 | 2 | 4 };

/** Met by every file. */
export const always: Need = { kind: 'some', least: 0, of: [] };

/** Met by none. */
export const never: Need = { kind: 'some', least: 1, of: [] };

/** Gives a literal its number, the same for equal ones. */
export type Numbering = (literal: Literal) => number;

export function literal(one: Literal, number: Numbering): Need {
  return { kind: 'literal', number: number(one), telling: tellingBytes(one) };
}

/** A scheme tells nothing: every tenth file of a Debian image has a URL. */
function tellingBytes({ bytes }: Literal): number {
  return bytes.toString('latin1').replace(/https?:\/\//i, '').length;
}

export function all(needs: readonly Need[]): Need {
  return some(needs.length, needs);
}

/** Literals of fewer bytes stand in every other file. */
const goodLiteral = 6;

/** How many files meet it: all, many or hardly any. */
export function frequencyOf(need: Need): 'bare' | 'often' | 'rare' {
  const { strength } = signed(need) ?? {};
  return strength === undefined ? 'bare' : strength < goodLiteral ? 'often' : 'rare';
}

/** Telling bytes of the weakest of its signs; 0 for a need that is met bare. */
export function strengthOf(need: Need): number {
  return signed(need)?.strength ?? 0;
}

function hasLiteral(need: Need): boolean {
  return need.kind === 'literal' || (need.kind === 'some' && need.of.some(hasLiteral));
}

export function any(needs: readonly Need[]): Need {
  return some(1, needs);
}

/** At least so many. What is always or never met is counted now. */
export function some(least: number, needs: readonly Need[]): Need {
  const open = needs.filter((one) => !isAlways(one) && !isNever(one));
  const left = least - needs.filter(isAlways).length;
  if (left <= 0) return always;
  if (left > open.length) return never;
  const [only] = open;
  if (open.length === 1 && only !== undefined) return only;
  // What is told quickest comes first.
  const of = [...open.filter((one) => !hasLiteral(one)), ...open.filter(hasLiteral)];
  return { kind: 'some', least: left, of };
}

export function isAlways(need: Need): boolean {
  return need.kind === 'some' && need.least <= 0;
}

function isNever(need: Need): boolean {
  return need.kind === 'some' && need.least > need.of.length;
}

/** What the search has told of a file. */
export interface Told {
  /** 1 for each literal that is there, by number. */
  readonly seen: Uint8Array;
  readonly size: number;
  readonly isElf: boolean;
  /** The first four bytes, little endian; those that are not there are 0. */
  readonly head: number;
}

/** As `Told` has it. */
export function headOf(bytes: Buffer): number {
  return bytes.length < 4 ? Buffer.concat([bytes, Buffer.alloc(4)]).readUInt32LE() : bytes.readUInt32LE();
}

export function isMet(need: Need, told: Told): boolean {
  switch (need.kind) {
    case 'literal':
      return told.seen[need.number] === 1;
    case 'smaller':
      return told.size < need.than;
    case 'foreign':
      return !told.isElf;
    case 'begins':
      return told.size >= need.bytes && need.value === (told.head & (2 ** (8 * need.bytes) - 1)) >>> 0;
    case 'some':
      return areMet(need.least, need.of, told);
  }
}

/** Runs for every file that has anything of a rule, so it ends as soon as it can. */
function areMet(least: number, needs: readonly Need[], told: Told): boolean {
  let missing = least;
  let left = needs.length;
  for (let at = 0; missing > 0 && missing <= left; at++, left--) {
    const one = needs[at];
    if (one !== undefined && isMet(one, told)) missing--;
  }
  return missing <= 0;
}

/** Whether a file without any literal can meet it. */
export function isMetBare(need: Need): boolean {
  switch (need.kind) {
    case 'literal':
      return false;
    case 'smaller':
    case 'foreign':
    case 'begins':
      return true;
    case 'some':
      return need.of.filter(isMetBare).length >= need.least;
  }
}

/** The numbers of all literals in a need. */
export function literalsIn(need: Need, into: Set<number> = new Set()): Set<number> {
  if (need.kind === 'literal') into.add(need.number);
  if (need.kind === 'some') for (const one of need.of) literalsIn(one, into);
  return into;
}

/**
 * Numbers of literals of which every file that meets the need has one. As few as will do, so that a rule is looked at
 * for its rarest part only; none for a need that is met bare.
 */
export function signsOf(need: Need): ReadonlySet<number> {
  return new Set(signed(need)?.signs);
}

/** Signs with the telling bytes of the weakest; undefined where the need is met bare. */
interface Signed {
  readonly signs: readonly number[];
  readonly strength: number;
}

function signed(need: Need): Signed | undefined {
  if (need.kind === 'literal') return { signs: [need.number], strength: need.telling };
  if (need.kind !== 'some') return undefined;
  // Of any so many parts, one is met wherever `least` of all are.
  const parts = need.of.length - need.least + 1;
  const strongest = need.of
    .flatMap((one) => signed(one) ?? [])
    .sort((one, other) => other.strength - one.strength)
    .slice(0, parts);
  if (strongest.length < parts) return undefined;
  const strength = strongest.at(-1)?.strength ?? Number.POSITIVE_INFINITY;
  return { signs: strongest.flatMap((one) => one.signs), strength };
}
