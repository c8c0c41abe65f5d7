/** What a hunt needs of a store: a place for what is listed, a queue that hands images out, and a record of results. */
import type { HuntResult, HuntState } from '../api/hunts.ts';
import type { LayerFacts } from '../model/layer-facts.ts';
import type { ImageReport } from '../model/report.ts';
import type { KnownManifests } from './source/known.ts';
import type { ListingProblem } from './source/problem.ts';
import type { ListedImage } from './source/source.ts';

export interface HuntRequest {
  readonly source: string;
  readonly platform: string;
  readonly insecure: boolean;
  readonly since?: string | undefined;
  readonly limit?: number | undefined;
  readonly ruleset: string;
  /** The images can be read on this machine only. */
  readonly isLocal: boolean;
  readonly startedBy: string;
  /** Does not go on with an interrupted hunt. */
  readonly restart: boolean;
}

export interface BegunHunt {
  readonly id: number;
  /** An interrupted hunt of the same source goes on. */
  readonly resumed: boolean;
  /** All its images are listed already. */
  readonly listed: boolean;
}

/** One image handed out. Whoever holds it says so again and again, or it goes to somebody else. */
export interface Claim {
  readonly job: { readonly queue: string; readonly id: string; readonly retryCount: number };
  /** In which hunt it is; absent for one that is asked for by itself. */
  readonly place?: { readonly hunt: number; readonly ordinal: number };
  /** The retro-hunt that asked for it. */
  readonly retro?: number;
  readonly reference: string;
  readonly repository: string;
  readonly target: string;
  readonly platform: string;
  readonly insecure: boolean;
  /** No more tries follow this one. */
  readonly isLastTry: boolean;
}

export type Outcome =
  | { readonly kind: 'scanned'; readonly report: ImageReport; readonly layers: readonly LayerFacts[] }
  /** There is no report: why, and whether another try may help. */
  | { readonly kind: 'failed'; readonly code: string; readonly message: string; readonly again: boolean };

/** What came of an image that was handed out. */
export interface Result {
  readonly claim: Claim;
  readonly outcome: Outcome;
}

export interface Standing {
  readonly state: HuntState;
  readonly total: number;
  readonly done: number;
  readonly unchanged: number;
  readonly failed: number;
  readonly listed: boolean;
}

export interface HuntStore {
  readonly known: KnownManifests;
  begin(request: HuntRequest): Promise<BegunHunt>;
  /** Adds names of images; each image is queued once, and not at all where it is unchanged. */
  add(hunt: number, images: readonly ListedImage[]): Promise<void>;
  /** @param whole as of `wholeBelow`, where every name there was told: any other is gone */
  listed(hunt: number, problems: readonly ListingProblem[], whole?: string): Promise<void>;
  standing(hunt: number): Promise<Standing>;
  /** Ends a hunt whose images are all done; undefined where some are not. */
  finish(hunt: number): Promise<HuntResult | undefined>;
  /** The result of the last hunt over the same source that ended before. */
  before(hunt: number): Promise<HuntResult | undefined>;
}

export interface ImageQueue {
  /** At most so many images, none where there are none now. */
  claim(count: number): Promise<readonly Claim[]>;
  /** These are still being worked on. */
  keep(claims: readonly Claim[]): Promise<void>;
  /** These go back unfinished, for somebody else to take at once. */
  release(claims: readonly Claim[]): Promise<void>;
  /** Whether a layer's facts are recorded already. */
  hasLayer(diffId: string): boolean;
  /** All in one step: the images, their findings and layers, their places in hunts, the end of the jobs. */
  record(results: readonly Result[]): Promise<void>;
}
