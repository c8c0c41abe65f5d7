/** What sed makes of lines: replacements filled in, and text that shows what it is. */
import type { Match } from '../regex.ts';
import type { Replacement } from './sed-syntax.ts';

export function filled(replacement: Replacement, match: Match): string {
  let text = '';
  let mode = '';
  let once = '';
  for (const part of replacement) {
    if (part.kind === 'case') {
      if ('ul'.includes(part.letter)) once = part.letter;
      else mode = part.letter === 'E' ? '' : part.letter;
      continue;
    }
    let piece = part.kind === 'text' ? part.text : (match.groups[part.number] ?? '');
    if (piece === '') continue;
    if (mode !== '') piece = mode === 'U' ? piece.toUpperCase() : piece.toLowerCase();
    if (once !== '')
      piece = (once === 'u' ? piece[0]!.toUpperCase() : piece[0]!.toLowerCase()) + piece.slice(1);
    once = '';
    text += piece;
  }
  return text;
}

/** For `l`: everything that is not plain in C's escapes, in lines of 69 characters. */
export function unambiguous(text: string): string {
  const names: Readonly<Record<string, string>> = {
    '\\': '\\\\',
    '\x07': '\\a',
    '\b': '\\b',
    '\f': '\\f',
    '\n': '\\n',
    '\r': '\\r',
    '\t': '\\t',
    '\v': '\\v',
  };
  let line = '';
  let all = '';
  for (const char of text) {
    const piece =
      names[char] ??
      (/[\x20-\x7e]/.test(char) ? char : `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
    if (line.length + piece.length > 69) {
      all += `${line}\\\n`;
      line = '';
    }
    line += piece;
  }
  return all + line;
}

/** What stands between the second and third delimiter of `s`. */
export function replacementOf(text: string): Replacement {
  const parts: Replacement[number][] = [];
  const escapes: Readonly<Record<string, string>> = {
    n: '\n',
    t: '\t',
    r: '\r',
    f: '\f',
    v: '\v',
    a: '\x07',
  };
  const add = (plain: string): void => {
    parts.push({ kind: 'text', text: plain });
  };
  for (const [whole, escaped] of text.matchAll(/\\([\s\S])|&|[^\\&]+|\\$/g)) {
    if (whole === '&') parts.push({ kind: 'group', number: 0 });
    else if (escaped === undefined) add(whole);
    else if (/\d/.test(escaped)) parts.push({ kind: 'group', number: Number(escaped) });
    else if (/[ULEul]/.test(escaped)) parts.push({ kind: 'case', letter: escaped });
    else add(escapes[escaped] ?? escaped);
  }
  return parts;
}
