/**
 * Rules in the groups that are compiled and asked together. Each call of the engine costs what the file's bytes cost,
 * whatever the number of rules, so groups are large; but a rule that many files meet would have all its neighbours
 * asked in vain, so such rules have groups of their own.
 */
import type { LiteralTable } from '../literals/table.ts';
import { always, frequencyOf, type Need, strengthOf } from '../need.ts';
import type { RuleClass, RuleGroup } from '../plan.ts';
import type { RuleText } from '../rule-engine.ts';
import { classesOf, helpersOf } from './class.ts';
import { groupNamespace } from './namespace.ts';
import { needsOf } from './need/rule-need.ts';
import { withoutShortcuts } from './shortcuts.ts';
import { assemble, type ParsedRule, type ParsedSource } from './source.ts';

/** One file; rules may build on each other within it. */
export interface ParsedFile
  extends Pick<RuleText, 'origin' | 'namespace'>,
    Pick<ParsedSource, 'rules' | 'imports'> {}

/**
 * Rules in a group at most. Each call costs what the file's bytes cost and each rule what it takes to load it, so rules
 * that are asked often are together, and of the others few. Of 900 rules these load and run quickest (November 2026).
 */
const largestGroup = { bare: 128, often: 128, rare: 64 } as const;

interface Member {
  readonly file: ParsedFile;
  readonly rule: ParsedRule;
  readonly class: RuleClass;
  readonly need: Need;
  readonly frequency: keyof typeof largestGroup;
}

export function groupRules(files: readonly ParsedFile[], literals: LiteralTable): readonly RuleGroup[] {
  const members = files.flatMap((file) => membersOf(file, literals));
  const alike = Map.groupBy(members, (one) => `${one.class}-${one.frequency}`);
  return [...alike].flatMap(([name, all]) =>
    inParts(all.sort(weakestFirst), largestGroup[all[0]?.frequency ?? 'bare']).map((part, index) => ({
      class: part[0]?.class ?? 'any',
      sources: sourcesOf(part, `${name}-${index}`),
      needs: part.map((one) => one.need),
    })),
  );
}

/** What a file may meet by chance stands together, so that the groups behind are hardly ever loaded. */
function weakestFirst(one: Member, other: Member): number {
  return strengthOf(one.need) - strengthOf(other.need);
}

/** A global rule is a filter for the others and does not report by itself. */
function membersOf(file: ParsedFile, literals: LiteralTable): Member[] {
  const classes = classesOf(file.rules);
  const needs = needsOf(file.rules, literals.number);
  return file.rules
    .filter((rule) => !rule.private && !rule.global)
    .map((rule) => {
      const need = needs.get(rule.name) ?? always;
      return { file, rule, class: classes.get(rule.name) ?? 'any', need, frequency: frequencyOf(need) };
    });
}

function inParts<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, part) => items.slice(part * size, (part + 1) * size));
}

function sourcesOf(members: readonly Member[], group: string): readonly RuleText[] {
  return [...Map.groupBy(members, (one) => one.file)].map(([file, own]) => ({
    origin: file.origin,
    namespace: groupNamespace(file.namespace, group),
    text: assemble(
      withHelpers(
        file.rules,
        own.map((one) => one.rule),
      ),
      file.imports,
    ),
  }));
}

/** With every global rule and every helper that they need, in their first order, as the engine takes them. */
function withHelpers(rules: readonly ParsedRule[], members: readonly ParsedRule[]): readonly ParsedRule[] {
  const byName = new Map(rules.map((rule) => [rule.name, rule]));
  const reporting = new Set(members.map((rule) => rule.name));
  const needed = new Set(reporting);
  for (const rule of rules) if (rule.global) needed.add(rule.name);
  for (const name of [...needed]) for (const helper of helpersOf(name, byName)) needed.add(helper);
  return rules
    .filter((rule) => needed.has(rule.name))
    .map(withoutShortcuts)
    .map((rule) => (reporting.has(rule.name) || rule.private ? rule : silent(rule)));
}

/** A helper that reports in its own group must not report here as well. */
function silent(rule: ParsedRule): ParsedRule {
  return { ...rule, private: true, text: 'private ' + rule.text, body: rule.body + 'private '.length };
}
