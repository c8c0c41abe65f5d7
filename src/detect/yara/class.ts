/**
 * Sorts rules by what their condition demands, so that files meet only the rules that can match them. In doubt a rule is `any`, which is always
 * right and only slower.
 */
import type { RuleClass } from '../plan.ts';
import { splitAt, withoutParentheses } from './condition.ts';
import { noVariables } from './engine.ts';
import { type ParsedRule, section } from './source.ts';
import type { Token } from './tokens.ts';

/** The class of each rule of one namespace, in which rules may build on each other. */
export function classesOf(rules: readonly ParsedRule[]): ReadonlyMap<string, RuleClass> {
  const byName = new Map(rules.map((rule) => [rule.name, rule]));
  const conditions = new Map(rules.map((rule) => [rule.name, section(rule, 'condition')]));
  const elf = new Map<string, boolean>();
  const needsElf = (name: string): boolean => {
    const known = elf.get(name);
    const rule = byName.get(name);
    if (known !== undefined || rule === undefined) return known ?? false;
    elf.set(name, false);
    const result = demandsElf(conditions.get(name) ?? [], { magics: elfPatterns(rule), needsElf });
    elf.set(name, result);
    return result;
  };
  const globals = rules.filter((rule) => rule.global);
  const globalReadsPath = globals.some((rule) => readsPath(rule.name, byName));
  const globalNeedsElf = globals.some((rule) => needsElf(rule.name));
  return new Map(
    rules.map((rule) => {
      if (globalReadsPath || readsPath(rule.name, byName)) return [rule.name, 'path'];
      return [rule.name, globalNeedsElf || needsElf(rule.name) ? 'elf' : 'any'];
    }),
  );
}

/** The rules of the namespace that a rule's condition names, and those that they name, without itself. */
export function helpersOf(name: string, rules: ReadonlyMap<string, ParsedRule>): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [name];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const rule = rules.get(next);
    if (rule === undefined) continue;
    for (const helper of namedRules(section(rule, 'condition'), rules)) {
      if (helper === name || found.has(helper)) continue;
      found.add(helper);
      waiting.push(helper);
    }
  }
  return found;
}

/** Names in a condition that are rules; `any of (Mirai_*)` names all with that beginning. */
function namedRules(condition: readonly Token[], rules: ReadonlyMap<string, ParsedRule>): readonly string[] {
  const named: string[] = [];
  for (const [index, token] of condition.entries()) {
    if (token.kind !== 'name' || condition[index - 1]?.text === '.') continue;
    if (rules.has(token.text)) named.push(token.text);
    const next = condition[index + 1];
    if (next?.text !== '*' || next.at !== token.end) continue;
    named.push(...[...rules.keys()].filter((name) => name.startsWith(token.text)));
  }
  return named;
}

function readsPath(name: string, rules: ReadonlyMap<string, ParsedRule>): boolean {
  return [name, ...helpersOf(name, rules)].some((one) => {
    const rule = rules.get(one);
    return rule !== undefined && section(rule, 'condition').some(isVariable);
  });
}

function isVariable(token: Token, index: number, all: readonly Token[]): boolean {
  return token.kind === 'name' && Object.hasOwn(noVariables, token.text) && all[index - 1]?.text !== '.';
}

interface Known {
  /** Patterns of the rule that are the ELF magic itself. */
  readonly magics: ReadonlySet<string>;
  needsElf(rule: string): boolean;
}

/** True only where no file without the ELF magic can satisfy the condition. */
function demandsElf(condition: readonly Token[], known: Known): boolean {
  const tokens = withoutParentheses(condition);
  const either = splitAt(tokens, 'or');
  if (either.length > 1) return either.every((one) => demandsElf(one, known));
  const both = splitAt(tokens, 'and');
  if (both.length > 1) return both.some((one) => demandsElf(one, known));
  return isElfTest(tokens, known);
}

function isElfTest(tokens: readonly Token[], known: Known): boolean {
  const text = tokens.map((one) => one.text.toLowerCase()).join(' ');
  if (magicTests.has(text)) return true;
  if (tokens.length === 1) return known.needsElf(tokens[0]?.text ?? '');
  if (tokens.length === 3 && text.endsWith(' at 0')) return known.magics.has(tokens[0]?.text ?? '');
  return tokens[0]?.text === 'elf' && tokens[1]?.text === '.' && comparisons.has(tokens[3]?.text ?? '');
}

/** A comparison with a field of the `elf` module is undefined, so false, for anything that is not ELF. */
const comparisons = new Set(['==', '<', '>', '<=', '>=']);

/**
 * `uint16(0) == 0x457f` is the usual spelling of signature-base (November 2026): it also accepts files that begin
 * like ELF and are not, which no kernel would run.
 */
const magicTests = new Set(
  [
    { reads: ['uint16 ( 0 )', 'uint16 ( 0x0 )'], values: ['0x457f', '17791'] },
    { reads: ['uint16be ( 0 )', 'uint16be ( 0x0 )'], values: ['0x7f45', '32581'] },
    { reads: ['uint32 ( 0 )', 'int32 ( 0 )', 'uint32 ( 0x0 )'], values: ['0x464c457f', '1179403647'] },
    { reads: ['uint32be ( 0 )', 'int32be ( 0 )', 'uint32be ( 0x0 )'], values: ['0x7f454c46', '2135247942'] },
  ].flatMap(({ reads, values }) =>
    reads.flatMap((read) => values.flatMap((value) => [`${read} == ${value}`, `${value} == ${read}`])),
  ),
);

/** Patterns written as the four magic bytes: `{ 7f 45 4c 46 }`, `"\x7fELF"`. */
function elfPatterns(rule: ParsedRule): ReadonlySet<string> {
  const tokens = section(rule, 'strings');
  const found = new Set<string>();
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'pattern' || tokens[index + 1]?.text !== '=') continue;
    const next = tokens.findIndex((one, at) => at > index && one.kind === 'pattern');
    const value = tokens
      .slice(index + 2, next < 0 ? tokens.length : next)
      .map((one) => one.text.toLowerCase());
    if (['{7f454c46}', '"\\x7felf"'].includes(value.join(''))) found.add(token.text);
  }
  return found;
}
