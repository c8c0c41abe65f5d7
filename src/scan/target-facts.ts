/**
 * What the judge gets: everything known of a target before the day's lists are applied. `scan.ts` puts it together,
 * `judge.ts` decides.
 */
import type { ImageConfig } from '../image/image.ts';
import type { CoverageError, Skipped } from '../model/coverage.ts';
import type { Artifact } from '../model/report.ts';
import type { MergedTarget } from './bases.ts';
import type { ReachMemory } from './cache/reach-cache.ts';
import type { LayerReport } from './layer-report.ts';

export interface TargetFacts {
  readonly target: string;
  readonly artifact: Artifact;
  /** Absent for a directory. */
  readonly config?: ImageConfig;
  /** One for each layer that could be read, with its index in the artifact. */
  readonly layers: readonly { readonly index: number; readonly report: LayerReport }[];
  /** The layers merged, at the first call. */
  merged(): MergedTarget;
  /** Where the walk from the start paths is kept; absent where a layer was not read whole. */
  readonly reach?: ReachMemory;
  readonly skipped: readonly Skipped[];
  readonly errors: readonly CoverageError[];
  readonly cachedLayers: number;
}
