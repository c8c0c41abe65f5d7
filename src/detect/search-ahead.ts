/**
 * The literal search ahead of the inspection. It is a third of the work and knows nothing of what is done with it, so
 * it can run in another thread, on the next files while the last ones are being inspected.
 */
import type { FileKind } from './detector.ts';
import { type LiteralSearch, loadLiterals } from './literals/search.ts';
import type { Plan } from './plan.ts';

/** Literals and where they stand in one file, in turn. */
export type Places = Uint32Array<ArrayBuffer>;

export interface AheadSearcher {
  /** @param into appended to, as in `Places` */
  search(bytes: Buffer, kind: FileKind, into: number[]): void;
}

export function createAheadSearcher({ searches }: Pick<Plan, 'searches'>): AheadSearcher {
  const loaded = new Map<FileKind, LiteralSearch>();
  for (const { kinds, literals } of searches) {
    const one = loadLiterals(literals);
    for (const kind of kinds) loaded.set(kind, one);
  }
  return {
    search(bytes, kind, into) {
      loaded.get(kind)?.search(bytes, (literal, at) => into.push(literal, at));
    },
  };
}
