/**
 * The one error class of Waterguard. `code` is a literal that callers switch on and that reports carry;
 * `message` says what was wrong, where, and what to do.
 *
 * - `usage`: the command line or a configuration is wrong (exit 2)
 * - `unreadable`: a target cannot be opened or is not what it should be (exit 2, or 3 beside readable ones)
 * - `unsupported`: a format that is known and not read, such as image manifest schema 1
 * - `corrupt`: content that breaks its own format (bad tar header, bad JSON)
 * - `digest-mismatch`, `truncated`, `missing`: content that is not what its descriptor says
 * - `limit`: a bound on size, ratio, entries, depth or time was reached
 * - `network`, `unauthorized`, `rate-limited`: from a registry
 * - `refused`: Waterguard declined for safety (an address that an artefact chose, a hostile helper name)
 * - `engine`: the detection engine died or could not start
 * - `unavailable`: the store cannot be reached now (exit 2; a server answers 503)
 * - `internal`: a defect of Waterguard (exit 4)
 */
export const errorCodes = [
  'usage',
  'unreadable',
  'unsupported',
  'corrupt',
  'digest-mismatch',
  'truncated',
  'missing',
  'limit',
  'network',
  'unauthorized',
  'rate-limited',
  'refused',
  'engine',
  'unavailable',
  'internal',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

export class WaterguardError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'WaterguardError';
    this.code = code;
  }
}

/** The message of anything thrown, for reports. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
