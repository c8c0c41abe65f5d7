/** The identity of a finding: stable across rescans, layers, targets and versions. */
import { hash } from 'node:crypto';

/**
 * @param value the content's SHA-256, or the normalised value (never a secret in clear)
 * @returns 32 hex digits
 */
export function findingId(rule: string, kind: string, place: string, value: string): string {
  return hash('sha256', [rule, kind, place, value].join('\u0000')).slice(0, 32);
}
