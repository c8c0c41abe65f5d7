/** Anchors of detectors: their numbers among the literals of the one search, and where they stand in a file. */
import type { Anchor, Detector, FileKind } from './detector.ts';
import { type Literal, literalOf } from './literals/literal.ts';
import { bestGram } from './literals/rarity.ts';
import type { LiteralTable } from './literals/table.ts';

/** By detector and by the anchor's name there; plain data. */
export type AnchorNumbers = Readonly<Record<string, Readonly<Record<string, NumberedAnchor>>>>;

export interface NumberedAnchor {
  readonly number: number;
  /** All where absent. */
  readonly kinds?: readonly FileKind[];
}

/** Longest list of places for one anchor in one file; a file with more is an attack on the scanner. */
const mostPlaces = 100_000;

/** The anchors of one file. */
export interface AnchorHits {
  /** Whether one of the detector's anchors is there. */
  any(detector: string): boolean;
  /** Ascending. */
  of(detector: string, anchor: string): readonly number[];
}

const nowhere: readonly number[] = [];

export const noHits: AnchorHits = { any: () => false, of: () => nowhere };

/** @throws RangeError for an anchor of fewer than four bytes, which is its author's mistake */
export function numberAnchors(
  detectors: readonly Pick<Detector, 'name' | 'anchors'>[],
  literals: LiteralTable,
): AnchorNumbers {
  const numbered = (anchor: Anchor): NumberedAnchor => ({
    number: literals.number(literal(anchor)),
    ...(anchor.kinds !== undefined && { kinds: anchor.kinds }),
  });
  return Object.fromEntries(
    detectors.map(({ name, anchors = {} }) => [
      name,
      Object.fromEntries(Object.entries(anchors).map(([key, anchor]) => [key, numbered(anchor)])),
    ]),
  );
}

function literal({ text, nocase = false }: Anchor): Literal {
  const wanted = literalOf(Buffer.from(text, 'latin1'), nocase);
  if (bestGram(wanted) === undefined) throw new RangeError(`nothing to search for in the anchor '${text}'`);
  return wanted;
}

/** Collects where anchors stand, file by file. */
export interface AnchorPlaces {
  /** Whether that literal is an anchor in files of this kind. */
  has(literal: number): boolean;
  add(literal: number, at: number): void;
  /** What was added, and none any more for the next file. */
  take(): AnchorHits;
}

export function createAnchorPlaces(anchors: AnchorNumbers, kinds: readonly FileKind[]): AnchorPlaces {
  const numbers = new Map<string, Map<string, number>>();
  const askers = new Map<number, string[]>();
  for (const [detector, named] of Object.entries(anchors)) {
    const mine = Object.entries(named).filter(
      ([, { kinds: of }]) => of === undefined || kinds.some((kind) => of.includes(kind)),
    );
    numbers.set(detector, new Map(mine.map(([name, { number }]) => [name, number])));
    for (const [, { number }] of mine) askers.set(number, [...(askers.get(number) ?? []), detector]);
  }
  let places = new Map<number, number[]>();

  return {
    has: (literal) => askers.has(literal),
    add(literal, at) {
      const list = places.get(literal);
      if (list === undefined) places.set(literal, [at]);
      else if (list.length < mostPlaces) list.push(at);
    },
    take() {
      // Most files hold no anchor at all, and detectors ask for hundreds.
      if (places.size === 0) return noHits;
      const found = places;
      places = new Map();
      for (const list of found.values()) sort(list);
      const asked = new Set([...found.keys()].flatMap((one) => askers.get(one) ?? nobody));
      return {
        any: (detector) => asked.has(detector),
        of(detector, anchor) {
          const number = numbers.get(detector)?.get(anchor);
          return number === undefined ? nowhere : (found.get(number) ?? nowhere);
        },
      };
    },
  };
}

const nobody: readonly string[] = [];

/** They come almost in order. */
function sort(places: number[]): void {
  for (let at = 1; at < places.length; at++) {
    if ((places[at - 1] ?? 0) > (places[at] ?? 0)) {
      places.sort((a, b) => a - b);
      return;
    }
  }
}
