/** What `${x#…}`, `${x/…}`, `${x^}` and `${x@…}` make of a text. */

import { quoted, quotedIfNeeded } from '../quoting.ts';
import type { Shell } from '../shell.ts';
import { escapeAt } from '../syntax/ansi.ts';
import type { Operation } from '../syntax/syntax.ts';
import { compile, ends, isMagic, matches, type Pattern, reversed, unescaped } from './pattern.ts';

type Kind<K extends Operation['kind']> = Extract<Operation, { kind: K }>;

export function trim(
  text: string,
  source: string,
  { from, longest }: Kind<'trim'>,
  extglob: boolean,
): string {
  const pattern = compile(source, extglob);
  const lengths = from === 'start' ? ends(pattern, text) : ends(reversed(pattern), turned(text));
  const length = (longest ? lengths.at(-1) : lengths[0]) ?? 0;
  return from === 'start' ? text.slice(length) : text.slice(0, text.length - length);
}

function turned(text: string): string {
  return text.split('').reverse().join('');
}

/** @param replacement in which `&` stands for what matched, but behind a backslash */
export function replace(
  text: string,
  source: string,
  replacement: string,
  where: Kind<'replace'>['where'],
  extglob: boolean,
): string {
  if (source === '') return where === 'start' || where === 'end' ? around(text, replacement, where) : text;
  const instead = (found: string): string =>
    replacement.replace(/\\([\\&])|&/g, (_, literal: string | undefined) => literal ?? found);
  if (!isMagic(source, extglob) && (where === 'first' || where === 'all')) {
    const wanted = unescaped(source);
    const put = instead(wanted);
    return where === 'all' ? text.replaceAll(wanted, () => put) : text.replace(wanted, () => put);
  }
  const pattern = compile(source, extglob);
  if (where === 'start' || where === 'end') {
    const isStart = where === 'start';
    const length = (isStart ? ends(pattern, text) : ends(reversed(pattern), turned(text))).at(-1);
    if (length === undefined) return text;
    const cut = isStart ? length : text.length - length;
    return isStart
      ? instead(text.slice(0, cut)) + text.slice(cut)
      : text.slice(0, cut) + instead(text.slice(cut));
  }
  return replaceAnywhere(text, pattern, instead, where === 'all');
}

function around(text: string, replacement: string, where: 'start' | 'end'): string {
  return where === 'start' ? replacement + text : text + replacement;
}

function replaceAnywhere(
  text: string,
  pattern: Pattern,
  instead: (found: string) => string,
  all: boolean,
): string {
  let result = '';
  let from = 0;
  const counter = { steps: 0 };
  while (from < text.length) {
    const length = ends(pattern, text, from, counter).at(-1) ?? 0;
    if (length === 0) {
      result += text.charAt(from);
      from += 1;
      continue;
    }
    result += instead(text.slice(from, from + length));
    from += length;
    if (!all) break;
  }
  return result + text.slice(from);
}

export function changeCase(
  text: string,
  source: string,
  { upper, all }: Kind<'case'>,
  extglob: boolean,
): string {
  const pattern = compile(source, extglob);
  const change = (char: string): string => {
    if (!matches(pattern, char)) return char;
    return upper ? char.toUpperCase() : char.toLowerCase();
  };
  return all ? [...text].map(change).join('') : change(text.charAt(0)) + text.slice(1);
}

export function transform(shell: Shell, name: string, text: string, operator: string): string {
  switch (operator) {
    case 'Q':
      return quoted(text);
    case 'U':
      return text.toUpperCase();
    case 'u':
      return text.charAt(0).toUpperCase() + text.slice(1);
    case 'L':
      return text.toLowerCase();
    case 'E':
      return unescapedText(text);
    case 'A':
      return `${name}=${quotedIfNeeded(text)}`;
    case 'a': {
      const { isExported, isReadonly, isInteger, value } = shell.variables.find(name) ?? {};
      const array = typeof value === 'object' ? (value.isKeyed ? 'A' : 'a') : '';
      return `${array}${isInteger ? 'i' : ''}${isReadonly ? 'r' : ''}${isExported ? 'x' : ''}`;
    }
    default:
      return text;
  }
}

/** With the escapes of `$'…'` put to what they mean. */
function unescapedText(text: string): string {
  let result = '';
  for (let at = 0; at < text.length; ) {
    const next = text.charAt(at);
    const meant = next === '\\' ? escapeAt(text, at) : { text: next, length: 1 };
    result += meant.text;
    at += meant.length;
  }
  return result;
}
