/** From rule files to rules: those that are shipped, and those that users bring, in either format. */
import { parse } from 'yaml';
import { z } from 'zod';
import { severities } from '../../model/terms.ts';
import type { RefusedRule, RuleText } from '../rule-engine.ts';
import { shippedSecretFiles } from './files.ts';
import { parseGitleaksRules, type Selection } from './gitleaks.ts';
import type { SecretRule } from './rule.ts';
import { parseWaterguardRules } from './waterguard-rules.ts';

export interface SecretRules {
  readonly rules: readonly SecretRule[];
  readonly refused: readonly RefusedRule[];
}

/** The rules of `rules/secrets/`; their regular expressions are not compiled. @throws where one does not parse */
export function shippedSecretRules(files: readonly RuleText[] = shippedSecretFiles()): SecretRules {
  const selection = selectionSchema.parse(parse(textOf(files, 'gitleaks/selection.yaml')));
  const own = files
    .filter(({ origin }) => /secrets\/[^/]+\.yaml$/.test(origin))
    .map((file) => parseWaterguardRules(file, asItIs));
  const gitleaks = files
    .filter(({ origin }) => origin.endsWith('.toml'))
    .map((file) => parseGitleaksRules(file, selection, asItIs));
  return combine([...gitleaks, ...own]);
}

/** Reads rules that a user brings: TOML as gitleaks', anything else as Waterguard YAML. */
export function parseSecretRules(file: RuleText): SecretRules {
  return file.origin.endsWith('.toml') ? parseGitleaksRules(file) : parseWaterguardRules(file);
}

/** Joins sets; of rules with the same id the last one counts, so that users can replace a shipped rule. */
export function combine(sets: readonly SecretRules[]): SecretRules {
  const byId = new Map<string, SecretRule>();
  for (const rule of sets.flatMap((set) => set.rules)) byId.set(rule.id, rule);
  return { rules: [...byId.values()], refused: sets.flatMap((set) => set.refused) };
}

const selectionSchema: z.ZodType<Selection> = z.strictObject({
  off: z.record(z.string(), z.string()),
  keywords: z.record(z.string(), z.array(z.string())),
  settings: z.array(z.string()),
  severity: z.record(z.string(), z.enum(severities)),
});

function textOf(files: readonly RuleText[], ending: string): string {
  return files.find(({ origin }) => origin.endsWith(ending))?.text ?? '';
}

/** The tests compile every shipped rule and match it against its samples. */
function asItIs(rule: SecretRule): SecretRule {
  return rule;
}
