/**
 * The port that each image source implements: where manifests and blobs come from. `resolveImage` in
 * `manifest/resolve.ts` turns any of them into an `OpenImage`: index, platform, manifest, configuration, layers.
 */
import type { Skipped } from '../model/coverage.ts';

/** As in OCI: `digest` has the form `sha256:<64 hex>`; `size` in bytes, 0 where the source does not say. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly platform?: { readonly os: string; readonly architecture: string; readonly variant?: string };
  readonly urls?: readonly string[];
}

export interface RawManifest {
  readonly bytes: Buffer;
  /** From the Content-Type or the descriptor; empty where unknown, then `resolveImage` looks inside. */
  readonly mediaType: string;
}

/** Neither method verifies digests: `resolveImage` wraps both and does it in one place. */
export interface BlobStore {
  /** The completed reference, for reports. */
  readonly reference: string;
  readManifest(digest: string): Promise<RawManifest>;
  openBlob(descriptor: Descriptor, signal?: AbortSignal): AsyncIterable<Uint8Array>;
  /** What the source itself leaves out, for coverage. */
  readonly skipped: readonly Skipped[];
  close(): Promise<void>;
}
