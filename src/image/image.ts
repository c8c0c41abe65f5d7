/**
 * What every source opens to. A source (registry, OCI layout, archive, Engine socket, directory) only finds
 * the manifest, the configuration and the layer blobs; everything after that is the same for all of them.
 */
import type { Skipped } from '../model/coverage.ts';

/** The parts of an image configuration that decide what a container would run, and what it was built by. */
export interface ImageConfig {
  readonly user: string;
  readonly env: readonly string[];
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly workingDir: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly exposedPorts: readonly string[];
  readonly volumes: readonly string[];
  readonly healthcheck: readonly string[];
  readonly onBuild: readonly string[];
  readonly shell: readonly string[];
  readonly author: string;
  readonly created: string;
  readonly history: readonly HistoryLine[];
}

/** `layer` is the index of the layer that the line made, absent for a line that made none. */
export interface HistoryLine {
  readonly createdBy: string;
  readonly comment: string;
  readonly created: string;
  readonly layer?: number;
}

/**
 * Where a layer's digest comes from, and so what it is worth before the blob was read. `manifest`: a document that
 * was verified itself leads to the blob by this digest, and whatever runs the image refuses any other content.
 * `file-name`: the name of the blob's file in an archive, which its author chose; `open` verifies it.
 * `configuration`: the diffID, which its author wrote; nothing verifies it before the layer is unpacked.
 */
export type DigestOrigin = 'manifest' | 'file-name' | 'configuration';

/** One layer blob. Invariant: `index` counts from the base; `layers[i].index === i`. */
export interface LayerSource {
  readonly index: number;
  /** Digest of the blob as stored, `sha256:…`; for a docker-archive layer without one, its diffID. */
  readonly digest: string;
  /** Who says so; see `DigestOrigin`. */
  readonly digestFrom: DigestOrigin;
  /** Digest of the uncompressed tar as the configuration says; empty where it says none that is valid. */
  readonly diffId: string;
  /** Bytes as stored; 0 where unknown. */
  readonly size: number;
  readonly mediaType: string;
  readonly createdBy: string;
  /** Set where the blob is deliberately not fetched (a foreign layer, an unsupported media type). */
  readonly unavailable?: Skipped;
  /**
   * The blob as stored, in chunks of any size. The reader verifies `digest`, unless it is from the configuration,
   * and ends with `digest-mismatch` or `truncated` (WaterguardError) after the last chunk, so that a consumer sees
   * the bytes first and must treat a failing end as a hole.
   */
  open(signal?: AbortSignal): AsyncIterable<Uint8Array>;
}

export interface OpenImage {
  readonly kind: 'image';
  /** As the user wrote it, completed: `docker.io/library/nginx:1`, `oci:dir:tag`. */
  readonly reference: string;
  /** Digest of the platform's manifest; of the configuration (docker's image ID) for an archive without one. */
  readonly digest: string;
  /** `os/arch[/variant]` from the configuration. */
  readonly platform: string;
  readonly config: ImageConfig;
  readonly layers: readonly LayerSource[];
  /** Attestation manifests, foreign layers and the like. */
  readonly skipped: readonly Skipped[];
  close(): Promise<void>;
}

export interface OpenDirectory {
  readonly kind: 'directory';
  readonly reference: string;
  /** Absolute path. */
  readonly root: string;
  close(): Promise<void>;
}

export type OpenTarget = OpenImage | OpenDirectory;

/** What `openTarget` needs to know beyond the target itself. */
export interface OpenOptions {
  /** `os/arch[/variant]`, default `linux/amd64`. */
  readonly platform: string;
  /** Plain HTTP and unverified TLS; only for loopback targets. */
  readonly insecure: boolean;
  readonly signal?: AbortSignal;
  /** Environment, for DOCKER_CONFIG, DOCKER_HOST, HOME, proxies; a parameter so that tests are hermetic. */
  readonly env: Readonly<Record<string, string | undefined>>;
}
