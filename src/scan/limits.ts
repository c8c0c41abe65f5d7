/** The bounds of a scan. Whatever runs into one is listed in the report's coverage, never dropped silently. */

export interface ScanLimits {
  /** Files larger than this are left out (`size-limit`); by default none is, they are read in windows. */
  readonly maxFileSize: number;
  /** Longest time for the rules, and for each detector, on one file or window, in milliseconds. */
  readonly fileTimeoutMs: number;
  /** Longest time for one target, in milliseconds. */
  readonly timeoutMs: number;
}

export const defaultLimits: ScanLimits = {
  maxFileSize: Number.POSITIVE_INFINITY,
  fileTimeoutMs: 20_000,
  timeoutMs: 60 * 60_000,
};

/**
 * Files of up to twice this size are inspected whole; of larger ones, windows of one to two times this size
 * follow each other.
 */
export const windowSize = 8 * 1024 * 1024;

/** What a window repeats of the one before it, so that no string is cut in two. */
export const windowOverlap = 256 * 1024;

/** The file's own beginning stands before every window, so that rules that test a magic number still apply. */
export const windowHead = 4 * 1024;
