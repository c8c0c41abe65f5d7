/**
 * The literal search ahead of the inspection. It is a third of the work and knows nothing of what is done with it, so
 * it can run in another thread, on the next files while the last ones are being inspected.
 */
import { mostPlaces } from './anchors.ts';
import type { FileKind } from './detector.ts';
import { type LiteralSearch, loadLiterals } from './literals/search.ts';
import type { Plan } from './plan.ts';

/** Literals and where they stand in one file, in turn. */
export type Places = Uint32Array<ArrayBuffer>;

export interface AheadSearcher {
  /** @param into appended to, as in `Places`; of one literal in one file at most `mostPlaces` */
  search(bytes: Buffer, kind: FileKind, into: number[]): void;
}

export function createAheadSearcher({ searches }: Pick<Plan, 'searches'>): AheadSearcher {
  const loaded = new Map<FileKind, LiteralSearch>();
  for (const { kinds, literals } of searches) {
    const one = loadLiterals(literals);
    for (const kind of kinds) loaded.set(kind, one);
  }
  /** By literal; all 0 between files. */
  const counts = new Uint32Array(Math.max(0, ...searches.map(({ literals }) => literals.count)));
  return {
    search(bytes, kind, into) {
      const first = into.length;
      loaded.get(kind)?.search(bytes, (literal, at) => {
        const count = counts[literal] ?? 0;
        if (count === mostPlaces) return;
        counts[literal] = count + 1;
        into.push(literal, at);
      });
      for (let at = first; at < into.length; at += 2) counts[into[at] ?? 0] = 0;
    },
  };
}
