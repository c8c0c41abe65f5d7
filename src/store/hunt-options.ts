/** How a hunt was asked for, as it is stored. */

/** Of the options that a hunt is stored with; what decides about resuming is in columns. */
export interface StoredOptions {
  readonly platform: string;
  readonly insecure: boolean;
  readonly since?: string | undefined;
  readonly limit?: number | undefined;
  readonly isLocal: boolean;
}

/** In one order of keys, so that options can be compared. */
export function optionsOf(stored: object): StoredOptions {
  const { platform, insecure, since, limit, isLocal } = stored as StoredOptions;
  return { platform, insecure, since, limit, isLocal };
}
