/** What manifests turned out to be. By content, so it never changes and may be kept for ever. */

/** The document is an OCI artifact or nothing else that a container engine would run. */
export const noImage = 'no-image';
/** The document is an index without an image for the platform. */
export const noPlatform = 'no-platform';

/** Kept from hunt to hunt, it saves all requests but one HEAD for each tag. */
export interface KnownManifests {
  /**
   * @param digest of a document that a tag or a list named
   * @param platform normalised: `linux/amd64`, `linux/arm/v7`
   * @returns what `put` got: the digest of the platform's manifest, which for the manifest of one image is `digest`
   *   itself, or `noImage` or `noPlatform`; undefined where nobody looked yet
   */
  get(digest: string, platform: string): Promise<string | undefined>;
  /** Called only with what was read and verified against `digest`. */
  put(digest: string, platform: string, found: string): Promise<void>;
}
