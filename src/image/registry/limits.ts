/**
 * Every bound on what a registry may make Waterguard do. A registry is hostile until its digests match, so
 * each of its answers is limited in bytes, time and number. Tests pass smaller values.
 */
export interface RegistryLimits {
  /** Bytes of one manifest or index. */
  readonly manifestBytes: number;
  /** Bytes of one answer of a token server. */
  readonly tokenBytes: number;
  /** Bytes of one page of tags, repositories or referrers. */
  readonly pageBytes: number;
  /** Bytes of a blob whose descriptor does not say a size. */
  readonly unsizedBlobBytes: number;
  /** Bytes of all header fields of one answer. */
  readonly headerBytes: number;
  /** Milliseconds until a connection stands and until its answer begins. */
  readonly answerMs: number;
  /** Milliseconds without a byte of a body. */
  readonly idleMs: number;
  /** Milliseconds for a whole manifest, token or page. */
  readonly wholeMs: number;
  /** A blob slower than `slowestBytes` in each `slowestMs` of waiting is given up. */
  readonly slowestBytes: number;
  readonly slowestMs: number;
  readonly redirects: number;
  /** Tries of one request, the first included; also how often one blob is resumed. */
  readonly tries: number;
  /** Milliseconds before the second try; doubles each time. */
  readonly backoffMs: number;
  /** Longest Retry-After that is waited for; a longer one ends with `rate-limited`. */
  readonly retryAfterMs: number;
  readonly pages: number;
}

export const defaultLimits: RegistryLimits = {
  // The registry's own limit: maxManifestBodySize in distribution's registry/handlers/manifests.go, which
  // containers/image repeats as iolimits.MaxManifestBodySize (read 2026-11).
  manifestBytes: 4 * 1024 * 1024,
  // containers/image: iolimits.MaxAuthTokenBodySize (read 2026-11).
  tokenBytes: 1024 * 1024,
  // docker-registry 2.8.2 lists all tags of a repository on one page: 16 MiB hold some 500,000.
  pageBytes: 16 * 1024 * 1024,
  unsizedBlobBytes: 16 * 1024 ** 3,
  headerBytes: 32 * 1024,
  answerMs: 30_000,
  idleMs: 30_000,
  wholeMs: 60_000,
  slowestBytes: 64 * 1024,
  slowestMs: 60_000,
  // Go clients follow 10; registries need one or two (to their blob storage).
  redirects: 5,
  tries: 4,
  backoffMs: 500,
  retryAfterMs: 60_000,
  pages: 10_000,
};
