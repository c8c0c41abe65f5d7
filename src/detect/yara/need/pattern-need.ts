/** What a pattern needs: a text or bytes are their own literal, a regular expression has several. */
import { type Literal, literalOf, longest } from '../../literals/literal.ts';
import { bestGram } from '../../literals/rarity.ts';
import { all, always, any, literal, type Need, type Numbering } from '../../need.ts';
import { type ParsedRule, section } from '../source.ts';
import type { Token } from '../tokens.ts';
import { needOfRegex } from './regex-need.ts';

export interface PatternNeed {
  /** With its `$`; the same for all patterns without a name. */
  readonly name: string;
  readonly need: Need;
}

export function patternNeeds(rule: ParsedRule, number: Numbering): readonly PatternNeed[] {
  const tokens = section(rule, 'strings');
  const starts = tokens.flatMap((one, at) =>
    one.kind === 'pattern' && tokens[at + 1]?.text === '=' ? [at] : [],
  );
  return starts.map((start, index) => {
    const definition = tokens.slice(start + 2, starts[index + 1] ?? tokens.length);
    return { name: tokens[start]?.text ?? '', need: needOfDefinition(definition, number) };
  });
}

/** @param definition behind the equals sign: the value and its modifiers */
function needOfDefinition(definition: readonly Token[], number: Numbering): Need {
  const [value, ...rest] = definition;
  const modifiers = new Set(rest.map((one) => one.text));
  const nocase = modifiers.has('nocase');
  const need = (one: Literal): Need => {
    const short = cut(one);
    return short === undefined ? always : literal(short, number);
  };
  if (value?.text === '{') return all(runsOfHex(definition).map(need));
  // What these make of a text is another one for each key or alignment.
  if (['xor', 'base64', 'base64wide'].some((one) => modifiers.has(one))) return always;
  if (value?.kind === 'regex') {
    const end = value.text.lastIndexOf('/');
    if (modifiers.has('wide')) return always;
    return needOfRegex(value.text.slice(1, end), nocase || value.text.slice(end).includes('i'), number);
  }
  if (value?.kind !== 'string') return always;
  const narrow = literalOf(textBytes(value.text), nocase);
  if (!modifiers.has('wide')) return need(narrow);
  return modifiers.has('ascii') ? any([need(narrow), need(widened(narrow))]) : need(widened(narrow));
}

/** At most `longest` bytes, around what is searched for first; undefined where nothing can be searched for. */
function cut(whole: Literal): Literal | undefined {
  const { bytes, mask } = whole;
  const at = bestGram(whole)?.at;
  if (at === undefined || bytes.length <= longest) return at === undefined ? undefined : whole;
  const start = Math.max(0, Math.min(at - longest / 2, bytes.length - longest));
  return { bytes: bytes.subarray(start, start + longest), mask: mask.subarray(start, start + longest) };
}

/** UTF-16 of ASCII, as YARA's `wide` has it: a zero byte behind each. */
function widened({ bytes, mask }: Literal): Literal {
  const spread = (from: Buffer, between: number): Buffer =>
    Buffer.from([...from].flatMap((one) => [one, between]));
  return { bytes: spread(bytes, 0), mask: spread(mask, 0xff) };
}

/** `{ 4d 5a ?? 0? [4-6] ( aa | bb ) ~00 }`: runs between jumps, alternatives and what is not exact. */
function runsOfHex(definition: readonly Token[]): readonly Literal[] {
  const text = definition.map((one) => one.text).join('');
  const body = text.slice(1, text.indexOf('}'));
  return withoutNested(body)
    .replaceAll(/\[[^\]]*\]|~../g, '|')
    .split('|')
    .map((run) => {
      const digits = run.slice(0, run.length - (run.length % 2));
      return {
        bytes: Buffer.from(digits.replaceAll('?', '0'), 'hex'),
        mask: Buffer.from(digits.replaceAll(/[^?]/g, 'f').replaceAll('?', '0'), 'hex'),
      };
    });
}

/** A bar in place of each parenthesis with what is in it. */
function withoutNested(text: string): string {
  let depth = 0;
  let kept = '';
  for (const one of text) {
    if (one === '(') depth++;
    if (depth === 0) kept += one;
    else if (one === ')' && --depth === 0) kept += '|';
  }
  return kept;
}

/** @param text with its quotes */
function textBytes(text: string): Buffer {
  const parts = text.slice(1, -1).match(/\\x[0-9a-fA-F]{2}|\\.|[^\\]+/gs) ?? [];
  return Buffer.concat(parts.map(partBytes));
}

const escapes: Readonly<Record<string, string>> = {
  '\\t': '\t',
  '\\n': '\n',
  '\\r': '\r',
  '\\"': '"',
  '\\\\': '\\',
};

function partBytes(part: string): Buffer {
  if (part.length === 4 && part.startsWith('\\x')) return Buffer.from(part.slice(2), 'hex');
  return Buffer.from(escapes[part] ?? part);
}
