/**
 * The words of findings: categories, severities, states. Kept apart from the schemas, so that a process that only
 * compares words, such as an engine worker, does not load the schema library.
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
