/** Literals of rules and detectors with their numbers. */
import { keyOf, type Literal } from './literal.ts';

export interface LiteralTable {
  /** By number. */
  readonly all: readonly Literal[];
  /** The same for equal literals. */
  number(literal: Literal): number;
}

export function createLiteralTable(): LiteralTable {
  const known = new Map<string, number>();
  const all: Literal[] = [];
  return {
    all,
    number(literal) {
      const key = keyOf(literal);
      const before = known.get(key);
      if (before !== undefined) return before;
      known.set(key, all.length);
      return all.push(literal) - 1;
    },
  };
}
