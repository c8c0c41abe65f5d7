/**
 * The words of reports: categories, severities, states, verdicts, reasons for what was not looked at. Kept apart from
 * the schemas, so that a scan, which only compares words, does not load the schema library: that takes as long as a
 * rescan.
 */

/** What a finding is about; the study's categories and those that it counted as other. */
export const categories = [
  'cryptomining',
  'embedded-secret',
  'proxy-avoidance',
  'newly-registered-domain',
  'malicious-website',
  'hacking',
  'dynamic-dns',
  'ddos',
  'backdoor',
  'typosquat',
  'other',
] as const;
export type Category = (typeof categories)[number];

/** Categories whose findings are threats, whatever their rule says; the others are risks. */
export const threats: ReadonlySet<Category> = new Set([
  'cryptomining',
  'backdoor',
  'ddos',
  'hacking',
  'malicious-website',
]);

/** Ascending, so that an index compares. */
export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/**
 * `present`: the content is reachable in the final file system under any path; `shadowed`: a later layer has
 * another entry at the path; `deleted`: the path is gone in the final file system.
 */
export const states = ['present', 'shadowed', 'deleted'] as const;
export type State = (typeof states)[number];

/** Position in `severities`, for comparing. */
export function severityRank(severity: Severity): number {
  return severities.indexOf(severity);
}

/** From worst to best; see `verdict/decide.ts` for the rules. */
export const verdicts = ['malicious', 'suspicious', 'risky', 'incomplete', 'clean'] as const;
export type Verdict = (typeof verdicts)[number];

/** What an indicator is. */
export const indicatorTypes = [
  'wallet',
  'pool',
  'domain',
  'ip',
  'url',
  'sha256',
  'ssh-key',
  'image',
  'email',
] as const;
export type IndicatorType = (typeof indicatorTypes)[number];

/** Reasons that leave part of the artifact unseen. */
export const holeReasons = [
  'size-limit',
  'time-limit',
  'ratio-limit',
  'depth-limit',
  'entry-limit',
  'name-limit',
  'unsupported',
  'encrypted',
  'truncated',
  'digest-mismatch',
  'missing',
  'foreign-layer',
  'detector-missing',
] as const;

/** Reasons that are worth listing, but hide nothing. */
export const noteReasons = ['device', 'attestation', 'windowed', 'duplicate'] as const;

export const skipReasons = [...holeReasons, ...noteReasons] as const;
export type SkipReason = (typeof skipReasons)[number];

export function isHole(reason: SkipReason): boolean {
  return (holeReasons as readonly string[]).includes(reason);
}

export function hasHole(seen: {
  readonly skipped: readonly { readonly reason: SkipReason }[];
  readonly errors: readonly unknown[];
}): boolean {
  return seen.errors.length > 0 || seen.skipped.some((one) => isHole(one.reason));
}
