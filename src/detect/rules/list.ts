/** `waterguard rules list`: all that a scan can find, by rules and by detectors of its own. */
import type { Category, RuleSource, Severity } from '../../model/finding.ts';
import type { FindingKind } from '../detector.ts';
import { imageFindings } from '../image-list.ts';
import { makeDetectors } from '../list.ts';
import type { RuleClass } from '../plan.ts';
import type { SecretRule } from '../secrets/rule.ts';
import { type LoadedRule, parseYaraFiles } from '../yara/load.ts';
import { meaningOf } from '../yara/meaning.ts';
import type { RuleFiles } from './files.ts';
import type { RuleSummary } from './prepare.ts';

export interface ListedRule {
  /** As in a finding's `rule`. */
  readonly rule: string;
  /** `yara` and `text` rules are data; `detector` findings are code. */
  readonly kind: 'yara' | 'text' | 'detector';
  readonly title: string;
  readonly category: Category;
  readonly severity: Severity;
  /** 0..1 before context; absent where a detector weighs each case. */
  readonly confidence?: number;
  readonly attack: readonly string[];
  readonly source: RuleSource;
  /** The rule file; absent for detectors. */
  readonly origin?: string;
  /** What a YARA rule sees. */
  readonly class?: RuleClass;
}

/** Rules that are in use: neither private, which never report, nor refused. */
export function listRules(files: RuleFiles, summary: RuleSummary): readonly ListedRule[] {
  const refused = new Set(summary.refused.map(({ origin, rule }) => `${origin}\n${rule}`));
  const yara = parseYaraFiles(files.yara).rules.filter(
    (rule) => !rule.private && !refused.has(`${rule.origin}\n${rule.name}`),
  );
  const findings = [...makeDetectors([]).flatMap((one) => one.findings), ...imageFindings];
  const unique = new Map(findings.map((one) => [one.rule, one]));
  return [...yara.map(ofYara), ...summary.secrets.map(ofText), ...[...unique.values()].map(ofDetector)];
}

function ofYara(loaded: LoadedRule): ListedRule {
  const { rule, title, category, severity, confidence, attack, source } = meaningOf(
    { rule: loaded.name, namespace: loaded.namespace, tags: loaded.tags, meta: loaded.meta },
    loaded.class === 'elf' ? 'elf' : 'binary',
  );
  const { origin, class: sees } = loaded;
  const meaning = { rule, kind: 'yara' as const, title, category, severity, confidence, attack };
  return { ...meaning, source: source ?? {}, origin, class: sees };
}

function ofText({
  id,
  title,
  category,
  severity,
  confidence,
  attack,
  source,
  scope,
  origin,
}: SecretRule): ListedRule {
  const rule = `${scope === 'settings' ? 'secrets-config' : 'secrets'}/${id}`;
  return { rule, kind: 'text', title, category, severity, confidence, attack, source, origin };
}

function ofDetector({ rule, title, category, severity, attack }: FindingKind): ListedRule {
  return { rule, kind: 'detector', title, category, severity, attack, source: { author: 'Waterguard' } };
}
