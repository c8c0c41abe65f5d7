/**
 * What a rule needs, read from its condition: `or`, `and`, patterns, counts, sets, sizes and other rules. The rest of
 * the grammar, and all that is behind `not`, counts as true.
 */

import { all, always, any, type Need, type Numbering, some } from '../../need.ts';
import { closing, splitAt, withoutParentheses } from '../condition.ts';
import { type ParsedRule, section } from '../source.ts';
import type { Token } from '../tokens.ts';
import { type PatternNeed, patternNeeds } from './pattern-need.ts';

/** The need of each rule of one namespace, in which rules may build on each other. */
export function needsOf(rules: readonly ParsedRule[], number: Numbering): ReadonlyMap<string, Need> {
  const byName = new Map(rules.map((rule) => [rule.name, rule]));
  const known = new Map<string, Need>();
  const needOfRule = (name: string): Need => {
    const rule = byName.get(name);
    const before = known.get(name);
    if (before !== undefined || rule === undefined) return before ?? always;
    // A rule that refers to itself does not compile; here it must only end.
    known.set(name, always);
    const need = needOfCondition(section(rule, 'condition'), {
      patterns: patternNeeds(rule, number),
      needOfRule,
    });
    known.set(name, need);
    return need;
  };
  return new Map(rules.map((rule) => [rule.name, needOfRule(rule.name)]));
}

interface Known {
  readonly patterns: readonly PatternNeed[];
  needOfRule(name: string): Need;
}

function needOfCondition(condition: readonly Token[], known: Known): Need {
  const tokens = withoutParentheses(condition);
  const either = splitAt(tokens, 'or');
  if (either.length > 1) return any(either.map((one) => needOfCondition(one, known)));
  const both = splitAt(tokens, 'and');
  if (both.length > 1) return all(both.map((one) => needOfCondition(one, known)));
  return needOfTerm(tokens, known);
}

function needOfTerm(tokens: readonly Token[], known: Known): Need {
  const [first, second] = tokens;
  const text = tokens.map((one) => one.text).join(' ');
  if (first?.kind === 'pattern' && first.text.startsWith('$')) {
    return isPlace(second) ? needOfPattern(first.text, known) : always;
  }
  if (first?.kind === 'name' && tokens.length === 1) return known.needOfRule(first.text);
  const [, counted, comparison, bound] = counting.exec(text) ?? [];
  if (counted !== undefined) {
    if (!demandsOne(comparison ?? '', bound ?? '')) return always;
    const names = counted.match(/\w+/g) ?? [];
    return any(names.map((one) => needOfPattern(`$${one}`, known)));
  }
  const [, sign, size] = /^filesize (<|<=) (\w+)$/.exec(text) ?? [];
  if (size !== undefined) return needOfSize(sign ?? '', size);
  if (/^uint32 \( (?:0|0x0) \) != (?:0x464c457f|1179403647)$/i.test(text)) return { kind: 'foreign' };
  const [, bits, order, value] = /^uint(8|16|32)(be)? \( (?:0|0x0) \) == (\w+)$/i.exec(text) ?? [];
  if (value !== undefined) return needOfBeginning(Number(bits), order !== undefined, Number(value));
  if (text.startsWith('for any ')) return needOfLoop(tokens, text, known);
  return needOfSet(tokens, known);
}

/** `#a > 2`, `(#a + #b) > #c`: counts on the left, a number or counts on the right. */
const counting = /^((?:\( )?#\w+(?: \+ #\w+)*(?: \))?) (>|>=|==) (\w+|(?:\( )?#\w+(?: \+ #\w+)*(?: \))?)$/;

/** What is true in one turn of a loop over a pattern's places is true of the file. */
function needOfLoop(tokens: readonly Token[], text: string, known: Known): Need {
  const [, variable, looped] = /^for any (\w+) in \( 1 \.\. #(\w+) \) : \(/.exec(text) ?? [];
  if (looped === undefined) return needOfSet(tokens, known);
  const body = tokens.slice(tokens.findIndex((one) => one.text === ':') + 1);
  const needOfRule = (name: string): Need => (name === variable ? always : known.needOfRule(name));
  return all([needOfPattern(`$${looped}`, known), needOfCondition(body, { ...known, needOfRule })]);
}

/** `any of them`, `3 of ($a*, $b)`, `50% of them`, each also with a place behind it. */
function needOfSet(tokens: readonly Token[], known: Known): Need {
  const of = tokens.findIndex((one) => one.text === 'of');
  const quantity = tokens.slice(0, Math.max(0, of)).map((one) => one.text);
  const set = tokens[of + 1];
  const close = set?.text === '(' ? closing(tokens, of + 1) : -1;
  const end = set?.text === 'them' ? of + 1 : close;
  if (of < 1 || end < 0 || !isPlace(tokens[end + 1])) return always;
  const members = set?.text === 'them' ? known.patterns : membersOf(tokens.slice(of + 2, close), known);
  const least = leastOf(quantity.join(''), members?.length ?? 0);
  if (members === undefined || least === undefined) return always;
  return some(
    least,
    members.map((one) => one.need),
  );
}

/** @returns undefined for a quantity that is not a plain number of one or more */
function leastOf(quantity: string, members: number): number | undefined {
  if (quantity === 'any' || /^[1-9]\d*%$/.test(quantity)) return 1;
  if (quantity === 'all') return members;
  return /^\d+$/.test(quantity) ? Number(quantity) : undefined;
}

/** @returns undefined where something else than patterns is in the set */
function membersOf(tokens: readonly Token[], known: Known): readonly PatternNeed[] | undefined {
  const members: PatternNeed[] = [];
  for (const item of splitAt(tokens, ',')) {
    const [name, star, ...rest] = item;
    if (name?.kind !== 'pattern' || !name.text.startsWith('$') || rest.length > 0) return undefined;
    if (star !== undefined && star.text !== '*') return undefined;
    const isMember = (one: string): boolean =>
      star === undefined ? one === name.text : one.startsWith(name.text);
    members.push(...known.patterns.filter((one) => isMember(one.name)));
  }
  return members;
}

/** In the body of `for`, `$` is the pattern in hand; nothing is known of it. */
function needOfPattern(name: string, known: Known): Need {
  return name === '$' ? always : (known.patterns.find((one) => one.name === name)?.need ?? always);
}

/** Behind a pattern or set: nothing, or where it must stand. */
function isPlace(token: Token | undefined): boolean {
  return token === undefined || token.text === 'at' || token.text === 'in';
}

/** @param right a number, or counts, which may be 0 */
function demandsOne(comparison: string, right: string): boolean {
  if (right.includes('#')) return comparison === '>';
  const bound = Number(right);
  if (!Number.isInteger(bound)) return false;
  return comparison === '>' ? bound >= 0 : bound >= 1;
}

/** YARA reads numbers little endian, and big endian by another name. */
function needOfBeginning(bits: number, isBigEndian: boolean, value: number): Need {
  const bytes = bits / 8;
  if (!Number.isSafeInteger(value) || value < 0 || value >= 2 ** bits) return always;
  if (bytes !== 1 && bytes !== 2 && bytes !== 4) return always;
  const head = Buffer.alloc(4);
  if (isBigEndian) head.writeUIntBE(value, 0, bytes);
  else head.writeUIntLE(value, 0, bytes);
  return { kind: 'begins', value: head.readUInt32LE(), bytes };
}

/** YARA's units are of 1,024. */
function needOfSize(sign: string, size: string): Need {
  const [, digits, unit] = /^(\d+|0x[0-9a-f]+)(KB|MB)?$/i.exec(size) ?? [];
  if (digits === undefined) return always;
  const bytes = Number(digits) * (unit === 'KB' ? 1024 : unit === 'MB' ? 1024 ** 2 : 1);
  return { kind: 'smaller', than: sign === '<' ? bytes : bytes + 1 };
}
