/**
 * The regular expressions of rules, compiled when first needed: a scan uses a few of some hundreds, and compiling
 * all of them takes 100 ms in every process (November 2026).
 */
import { RE2JS } from 're2js';
import type { SecretRule } from './rule.ts';

const compiled = new Map<string, RE2JS>();

/** Regexes kept compiled, the oldest go first: some 50 KB each, and a process may see many sets of rules. */
const mostCompiled = 512;

/** Longest regex source that is compiled; the longest of gitleaks has about 2,500 characters. */
const longestRegex = 10_000;

/** @throws Error with RE2's own message where the source is not RE2 syntax or is too large */
export function regexOf(source: string): RE2JS {
  let regex = compiled.get(source);
  if (regex === undefined) {
    if (source.length > longestRegex) throw new Error(`regex longer than ${longestRegex} characters`);
    regex = RE2JS.compile(source);
    const oldest = compiled.size < mostCompiled ? undefined : compiled.keys().next().value;
    if (oldest !== undefined) compiled.delete(oldest);
    compiled.set(source, regex);
  }
  return regex;
}

/** Compiles all that a rule may need, for rules that nobody has tested. @throws Error that says what is wrong */
export function provenRule(rule: SecretRule): SecretRule {
  const lists = rule.allowlists.flatMap(({ regexes, paths }) => [...regexes, ...paths]);
  for (const source of [rule.regex, ...lists]) regexOf(source);
  if (rule.path !== undefined) regexOf(rule.path);
  const groups = regexOf(rule.regex).groupCount();
  if (typeof rule.secretGroup === 'number' && rule.secretGroup > groups) {
    throw new Error(`secretGroup ${rule.secretGroup}: the regex has ${groups} groups`);
  }
  return rule;
}
