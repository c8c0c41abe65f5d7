/**
 * Rule files made into rules: parsed, compiled, and told apart from what was refused. The result is plain data that
 * crosses to the engine and lies in the cache, so this file and the parsers that it loads are needed only where
 * rules are new.
 */
import { makeDetectors } from '../list.ts';
import { makePlan, type Plan } from '../plan.ts';
import type { RefusedRule, RuleEngine } from '../rule-engine.ts';
import { combine, parseSecretRules, shippedSecretRules } from '../secrets/load.ts';
import type { SecretRule } from '../secrets/rule.ts';
import { parseYaraFiles } from '../yara/load.ts';
import type { RuleFiles } from './files.ts';
import type { RulePart } from './part.ts';

export interface PreparedRules {
  readonly summary: RuleSummary;
  readonly plan: Plan;
  /** Of the YARA rules. */
  readonly parts: readonly RulePart[];
}

/** What is known of the rules without the compiled ones. */
export interface RuleSummary {
  readonly secrets: readonly SecretRule[];
  /** Whether YARA rules look at names. */
  readonly pathRules: boolean;
  /** Rules in use, of all formats. */
  readonly accepted: number;
  readonly refused: readonly RefusedRule[];
}

/** @param engine absent where no binding is there: YARA rules are then left out */
export function prepareRules(files: RuleFiles, engine: RuleEngine | undefined): PreparedRules {
  const yara = parseYaraFiles(files.yara);
  const shipped = files.shippedText.length === 0 ? [] : [shippedSecretRules(files.shippedText)];
  const secrets = combine([...shipped, ...files.text.map(parseSecretRules)]);
  const plan = makePlan(makeDetectors(secrets.rules), yara, engine);
  const refused = [...files.refused, ...yara.refused, ...plan.refused, ...secrets.refused];
  const faulty = new Set(refused.map(({ origin, rule }) => `${origin}\n${rule}`));
  const compiled = yara.rules.filter(({ origin, name }) => !faulty.has(`${origin}\n${name}`));
  return {
    plan,
    parts: yara.parts,
    summary: {
      secrets: secrets.rules,
      pathRules: plan.groups.some((one) => one.class === 'path'),
      accepted: (engine === undefined ? 0 : compiled.length) + secrets.rules.length,
      refused,
    },
  };
}
