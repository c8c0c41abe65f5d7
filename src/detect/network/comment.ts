/**
 * Whether a place stands in a comment of its line. Most hosts in a distribution are home pages of authors in the
 * heads of files; what a program would reach stands in its code.
 */
import type { OpenFile } from '../detector.ts';

/** How far back the line's beginning is looked for. */
const reach = 240;

/** Only of texts: programs have no lines. Comment marks of shells, C, SQL, Lisp, TeX, roff, HTML and Vim. */
export function inComment(file: OpenFile, place: number): boolean {
  if (file.kind !== 'text' && file.kind !== 'script') return false;
  const { bytes } = file;
  const start = Math.max(0, place - reach);
  let line = place;
  while (line > start && bytes[line - 1] !== 0x0a) line--;
  return commentStart.test(bytes.toString('latin1', line, place));
}

const commentStart =
  /^\s{0,200}(?:#(?!!)|\/\/|\/\*|\*[ /]|--[ -]|;|%|<!--|\.?\\"|"[ \t]|'[ \t]|dnl |rem |@rem |REM )|\s(?:#|\/\/|\/\*)[ \t]/;
