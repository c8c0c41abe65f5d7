/** Anchors of detectors: their numbers among the literals of the one search, and where they stand in a file. */
import type { Anchor, Detector, FileKind } from './detector.ts';
import { type Literal, literalOf } from './literals/literal.ts';
import { bestGram } from './literals/rarity.ts';
import type { LiteralTable } from './literals/table.ts';

/** By detector and by the anchor's name there; plain data. */
export type AnchorNumbers = Readonly<Record<string, Readonly<Record<string, NumberedAnchor>>>>;

export interface NumberedAnchor {
  readonly numbers: readonly number[];
  /** All where absent. */
  readonly kinds?: readonly FileKind[];
}

/** Longest list of places for one anchor in one file; a file with more is an attack on the scanner. */
export const mostPlaces = 100_000;

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
    numbers: [anchor.text, ...(anchor.also ?? [])].map((text) =>
      literals.number(literal(text, anchor.nocase)),
    ),
    ...(anchor.kinds !== undefined && { kinds: anchor.kinds }),
  });
  return Object.fromEntries(
    detectors.map(({ name, anchors = {} }) => [
      name,
      Object.fromEntries(Object.entries(anchors).map(([key, anchor]) => [key, numbered(anchor)])),
    ]),
  );
}

function literal(text: string, nocase = false): Literal {
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
  const owners = new Map<number, (readonly [detector: string, anchor: string])[]>();
  for (const [detector, named] of Object.entries(anchors)) {
    for (const [name, { numbers, kinds: of }] of Object.entries(named)) {
      if (of !== undefined && !kinds.some((kind) => of.includes(kind))) continue;
      for (const number of numbers) owners.set(number, [...(owners.get(number) ?? []), [detector, name]]);
    }
  }
  let places = new Map<number, number[]>();

  return {
    has: (literal) => owners.has(literal),
    add(literal, at) {
      const list = places.get(literal);
      if (list === undefined) places.set(literal, [at]);
      else if (list.length < mostPlaces) list.push(at);
    },
    take() {
      // Most files hold no anchor at all, and detectors ask for hundreds.
      if (places.size === 0) return noHits;
      const found = new Map<string, Map<string, readonly number[][]>>();
      for (const [literal, list] of places) {
        sort(list);
        for (const [detector, anchor] of owners.get(literal) ?? []) {
          const mine = found.get(detector) ?? new Map<string, readonly number[][]>();
          mine.set(anchor, [...(mine.get(anchor) ?? []), list]);
          found.set(detector, mine);
        }
      }
      places = new Map();
      return {
        any: (detector) => found.has(detector),
        of(detector, anchor) {
          const [list = nowhere, ...more] = found.get(detector)?.get(anchor) ?? [];
          return more.length === 0 ? list : sort([list, ...more].flat());
        },
      };
    },
  };
}

/** They come almost in order. */
function sort(places: number[]): number[] {
  for (let at = 1; at < places.length; at++) {
    if ((places[at - 1] ?? 0) > (places[at] ?? 0)) return places.sort((a, b) => a - b);
  }
  return places;
}
