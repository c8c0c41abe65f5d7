/** YARA rules as parts of a set: each by its own text, without comments and blanks, and those that it builds on. */
import { hash } from 'node:crypto';
import { elfForm, formsMeeting } from '../form.ts';
import { always } from '../need.ts';
import type { RulePart } from '../rules/part.ts';
import { classesOf, helpersOf } from './class.ts';
import type { ParsedFile } from './groups.ts';
import { needsOf } from './need/rule-need.ts';

export function partsOf({ rules, imports }: ParsedFile): RulePart[] {
  const byName = new Map(rules.map((rule) => [rule.name, rule]));
  const classes = classesOf(rules);
  const needs = needsOf(rules, () => 0);
  const globals = rules.filter((rule) => rule.global).map((rule) => rule.name);
  const texts = new Map(rules.map((rule) => [rule.name, rule.tokens.map((one) => one.text).join(' ')]));
  return rules
    .filter((rule) => !rule.private && !rule.global)
    .map(({ name }) => {
      const others = [...globals, ...[name, ...globals].flatMap((one) => [...helpersOf(one, byName)])];
      const named = [name, ...new Set(others)].map((one) => texts.get(one) ?? '');
      const forms = formsMeeting(needs.get(name) ?? always);
      return {
        digest: hash('sha256', [...imports, ...named].join('\n')).slice(0, 16),
        forms: classes.get(name) === 'elf' ? forms & elfForm : forms,
        wide: false,
      };
    });
}
