/**
 * Whether a place stands in a comment of its line. Most hosts in a distribution are home pages of authors in the
 * heads of files; what a program would reach stands in its code.
 */
import type { OpenFile } from '../detector.ts';

/** How far back the line's beginning is looked for. */
const reach = 240;

/** Only of texts: programs have no lines. Docstrings, and comment marks of shells, C, SQL, Lisp, TeX, roff, HTML and Vim. */
export function inComment(file: OpenFile, place: number): boolean {
  if (file.kind !== 'text' && file.kind !== 'script') return false;
  const { bytes } = file;
  const start = Math.max(0, place - reach);
  let line = place;
  while (line > start && bytes[line - 1] !== 0x0a) line--;
  return commentStart.test(bytes.toString('latin1', line, place)) || inDocstring(bytes, place);
}

/** How far from the file's beginning the quotes of docstrings are counted. */
const docstringReach = 1024 * 1024;

/**
 * In the docstring of a Python module, class or function: between `"""`, the first of which follows a colon or the
 * file's beginning. Any other such text is a value.
 */
function inDocstring(bytes: Buffer, place: number): boolean {
  if (place > docstringReach) return false;
  let opened = -1;
  for (let at = bytes.indexOf('"""'); at >= 0 && at < place; at = bytes.indexOf('"""', at + 3))
    opened = opened < 0 ? at : -1;
  if (opened < 0) return false;
  let before = opened - 1;
  if (before >= 0 && /[rRuU]/.test(String.fromCharCode(bytes[before]!))) before--;
  while (before >= 0 && bytes[before]! <= 0x20) before--;
  return before < 0 || bytes[before] === 0x3a;
}

const commentStart =
  /^\s{0,200}(?:#(?!!)|\/\/|\/\*|\*[ /]|--[ -]|;|%|<!--|\.?\\"|"[ \t]|'[ \t]|dnl |>>> |rem |@rem |REM )|\s(?:#|\/\/|\/\*)[ \t]/;
