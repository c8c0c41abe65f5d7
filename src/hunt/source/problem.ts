/** What could not be listed: told one by one, so that the rest goes on and nothing is left out in silence. */
import { type ErrorCode, WaterguardError } from '../../model/error.ts';

/** Printable throughout. */
export interface ListingProblem {
  /** The registry, repository, tag or line: `127.0.0.1:5000/team/app:1`, `images.txt:12`. */
  readonly where: string;
  readonly code: ErrorCode;
  readonly message: string;
}

/** @throws whatever is no failure of the source: the reason of an abort, a store that fails, a defect */
export function asProblem(where: string, error: unknown): ListingProblem {
  if (!(error instanceof WaterguardError)) throw error;
  return { where, code: error.code, message: error.message };
}

/** Problems of one listing; a registry whose every tag fails must not fill the memory of whoever keeps them. */
const mostProblems = 1000;

export interface Problems {
  tell(one: ListingProblem): void;
  /** Tells of those that were only counted. */
  end(): void;
}

export function bounded(problem: (one: ListingProblem) => void): Problems {
  let count = 0;
  let last: ListingProblem | undefined;
  return {
    tell(one) {
      count += 1;
      if (count <= mostProblems) problem(one);
      else last = one;
    },
    end() {
      if (last === undefined) return;
      const message = `and ${count - mostProblems} more like it that are not told one by one; the last: ${last.message}`;
      problem({ ...last, message });
    },
  };
}
