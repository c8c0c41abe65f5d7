/** The tests of text rules: each carries its samples itself, and is matched alone. */
import { messageOf } from '../../model/error.ts';
import { keywordPlaces } from '../secrets/keyword-places.ts';
import { parseSecretRules, shippedSecretRules } from '../secrets/load.ts';
import { provenRule } from '../secrets/regex.ts';
import type { SecretRule } from '../secrets/rule.ts';
import { fillSample } from '../secrets/samples.ts';
import { findSecrets } from '../secrets/search.ts';
import type { RuleFiles } from './files.ts';
import type { TestedRule } from './test-rules.ts';

/** A rule in our format needs a sample that matches; gitleaks' format has none, so those rules are only compiled. */
export function testTextRules(files: RuleFiles): readonly TestedRule[] {
  const shipped = files.shippedText.length === 0 ? [] : [shippedSecretRules(files.shippedText)];
  const sets = [...shipped, ...files.text.map(parseSecretRules)];
  return sets.flatMap(({ rules, refused }) => [
    ...refused.map(({ origin, rule, message }) => tested(rule, origin, 0, [message])),
    ...rules.map(testRule),
  ]);
}

function testRule(rule: SecretRule): TestedRule {
  const { match, reject } = rule.samples;
  const samples = match.length + reject.length;
  try {
    provenRule(rule);
  } catch (error) {
    return tested(rule.id, rule.origin, samples, [messageOf(error)]);
  }
  const failures: string[] = [];
  if (match.length === 0 && !rule.origin.endsWith('.toml')) failures.push('has no sample that must match');
  for (const [index, sample] of match.entries()) {
    if (!finds(rule, sample)) failures.push(`does not match sample ${index + 1}`);
  }
  for (const [index, sample] of reject.entries()) {
    if (finds(rule, sample)) failures.push(`matches sample ${index + 1} of those to reject`);
  }
  return tested(rule.id, rule.origin, samples, failures);
}

function finds(rule: SecretRule, sample: string): boolean {
  const bytes = Buffer.from(fillSample(sample), 'latin1');
  const places = keywordPlaces(rule.keywords)(bytes);
  return places !== undefined && findSecrets(bytes, [rule], places, '', unbounded).length > 0;
}

/** Samples are short, and rules are linear in them. */
const unbounded = { check: () => {} };

function tested(id: string, origin: string, samples: number, failures: readonly string[]): TestedRule {
  return { id, origin, samples, pass: failures.length === 0, failures };
}
