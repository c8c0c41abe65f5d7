/** `waterguard rules list`: a line for each rule and each finding of the detectors, and what was refused. */

import type { RefusedRule } from '../detect/rule-engine.ts';
import { type ListedRule, listRules } from '../detect/rules/list.ts';
import { safeJson, safeLine } from '../report/safe-text.ts';
import { openRules } from '../scan/rules.ts';
import { exit } from './exit.ts';
import { writeResult } from './output.ts';
import type { ListFlags } from './rules.ts';

export async function list(flags: ListFlags): Promise<number> {
  const { rules: folders, shippedRules, format, output, quiet } = flags;
  const { ruleset, files, summary, missing, warnings } = await openRules({
    rules: folders,
    shippedRules,
    env: process.env,
  });
  const rules = listRules(files, summary);
  const { refused } = summary;
  const told = missing === undefined || quiet ? warnings : [...warnings, missing];
  for (const one of told) process.stderr.write(`waterguard: ${safeLine(one)}\n`);
  const text =
    format === 'json'
      ? safeJson({ schemaVersion: 1, ruleset, rules, refused }, 2)
      : [...table(rules), ...refusals(refused), '', `ruleset ${ruleset}`].join('\n');
  await writeResult(`${text}\n`, output);
  return exit.done;
}

const headings: Readonly<Record<ListedRule['kind'], string>> = {
  yara: 'YARA rules',
  text: 'Text rules',
  detector: 'Findings of detectors',
};

function table(rules: readonly ListedRule[]): string[] {
  const lines: string[] = [];
  for (const kind of ['yara', 'text', 'detector'] as const) {
    const some = rules.filter((one) => one.kind === kind);
    if (some.length === 0) continue;
    lines.push(`${headings[kind]} (${some.length})`);
    const width = Math.min(48, Math.max(...some.map((one) => one.rule.length)));
    for (const one of some) lines.push(lineOf(one, width));
    lines.push('');
  }
  return lines;
}

function lineOf({ rule, severity, category, title, source }: ListedRule, width: number): string {
  const credit = [source.author, source.licence].filter((one) => one !== undefined && one !== '').join(', ');
  const ours = source.author === 'Waterguard' || credit === '';
  const columns = [
    severity.padEnd(8),
    category.padEnd(23),
    safeLine(rule, 120).padEnd(width),
    safeLine(title, 120),
  ];
  return `  ${columns.join('  ')}${ours ? '' : `  (${safeLine(credit, 120)})`}`;
}

function refusals(refused: readonly RefusedRule[]): string[] {
  if (refused.length === 0) return [];
  return [`Refused (${refused.length})`, ...refused.map(refusalLine)];
}

/** One line on why a rule is not used. */
export function refusalLine({ origin, rule, message }: RefusedRule): string {
  return `  ${safeLine(origin, 200)}  ${safeLine(rule, 100)}: ${safeLine(message, 300)}`;
}
