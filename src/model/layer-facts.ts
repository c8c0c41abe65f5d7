/** What the store remembers of a layer, so that what is learned tomorrow is found in what was read today. */
import type { IndicatorType } from './terms.ts';

/** A value in a layer, with the first file that holds it. */
export interface LayerObservable {
  readonly type: IndicatorType;
  readonly value: string;
  /** As in `Observable`. */
  readonly note: string;
  /** Printable. */
  readonly path: string;
  /** In how many files. */
  readonly files: number;
}

export interface LayerFacts {
  readonly diffId: string;
  /** Of all that the facts depend on beside the layer. */
  readonly context: string;
  readonly files: number;
  /** Of file content. */
  readonly bytes: number;
  /** Of its files and of what is in them, as bits; see `detect/form.ts`. */
  readonly forms: number;
  readonly observables: readonly LayerObservable[];
  /** First 8 bytes of the SHA-256 of each content, one after another. */
  readonly hashes: Buffer;
  /** Gives what was read of the layer as other machines can use it; undefined where it is too large. */
  readonly report?: () => Buffer | undefined;
}
