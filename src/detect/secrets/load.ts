/** The rules that are shipped, and those that users add, in either format. */
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { severities } from '../../model/finding.ts';
import type { RefusedRule, RuleText } from '../rule-engine.ts';
import { parseGitleaksRules, type Selection } from './gitleaks.ts';
import type { SecretRule } from './rule.ts';
import { parseWaterguardRules } from './waterguard-rules.ts';

export interface SecretRules {
  readonly rules: readonly SecretRule[];
  readonly refused: readonly RefusedRule[];
}

/** `rules/secrets/`, from `src/` and from `dist/` alike. */
const shipped = new URL('../../../rules/secrets/', import.meta.url);

const selectionSchema = z.strictObject({
  off: z.record(z.string(), z.string()),
  keywords: z.record(z.string(), z.array(z.string())),
  settings: z.array(z.string()),
  severity: z.record(z.string(), z.enum(severities)),
});

/** Reads the shipped rules. @throws where the installation is damaged */
export function shippedSecretRules(): SecretRules {
  const own = readdirSync(shipped)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => parseWaterguardRules(read(name)));
  const gitleaks = parseGitleaksRules(read('gitleaks/gitleaks.toml'), readSelection());
  return combine([gitleaks, ...own]);
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

function read(name: string): RuleText {
  return {
    origin: `rules/secrets/${name}`,
    namespace: 'secrets',
    text: readFileSync(new URL(name, shipped), 'utf8'),
  };
}

function readSelection(): Selection {
  return selectionSchema.parse(parse(read('gitleaks/selection.yaml').text));
}
