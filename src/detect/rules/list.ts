/** `waterguard rules list`: what the rules can find. */
import type { Category, RuleSource, Severity } from '../../model/finding.ts';
import type { RefusedRule } from '../rule-engine.ts';
import type { RuleClass } from '../yara/class.ts';
import { type LoadedRule, loadRules } from '../yara/load.ts';
import { meaningOf } from '../yara/meaning.ts';
import { shippedRules } from './folders.ts';

export interface ListedRule {
  /** As in a finding's `rule`. */
  readonly rule: string;
  /** The identifier in the rule file. */
  readonly name: string;
  readonly origin: string;
  readonly class: RuleClass;
  readonly title: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly confidence: number;
  readonly attack: readonly string[];
  readonly source: RuleSource;
}

export interface RuleList {
  /** `sha256:…` */
  readonly ruleset: string;
  readonly rules: readonly ListedRule[];
  readonly refused: readonly RefusedRule[];
}

/** @param folders default: the shipped rules. Private rules, which never report, are left out.
 *  @throws WaterguardError `usage` for a folder that does not exist */
export async function listRules(folders: readonly string[] = [shippedRules]): Promise<RuleList> {
  const set = await loadRules(folders);
  const rules = set.rules.filter((rule) => !rule.private).map(listed);
  return { ruleset: set.hash, rules, refused: set.refused };
}

function listed(loaded: LoadedRule): ListedRule {
  const { rule, title, category, severity, confidence, attack, source } = meaningOf(
    { rule: loaded.name, namespace: loaded.namespace, tags: loaded.tags, meta: loaded.meta },
    loaded.class === 'elf' ? 'elf' : 'binary',
  );
  return {
    rule,
    name: loaded.name,
    origin: loaded.origin,
    class: loaded.class,
    title,
    category,
    severity,
    confidence,
    attack,
    source: source ?? {},
  };
}
