/** Reads text with its quotes and expansions, from unquoted words to the insides of double quotes. */
import { ansiText } from './ansi.ts';
import type { Cursor } from './cursor.ts';
import { SyntaxFault } from './fault.ts';
import { readParameter } from './parameter.ts';
import { parseProcess, parseSubstitution } from './parse.ts';
import { PartList } from './part-list.ts';
import type { List, Word } from './syntax.ts';

/** What ends a word (POSIX, 2.3). */
export const wordEnds = ' \t\n;&|<>()';

/** Characters that never mean anything inside of a word. */
const plainRun = /[A-Za-z0-9_.,%^~{\u0080-\uffff-]+/y;
const doubleRun = /[^"\\$`]+/y;
const documentRun = /[^\\$`]+/y;
const nameRun = /[A-Za-z_]\w*|[0-9@*#?$!-]/y;

export interface Unquoted {
  /** Characters at which it stops. */
  readonly ends: string;
  /** What has to be closed before it stops: `(` inside of a regular expression, `[` inside of an index. */
  readonly opens?: string;
  /** `?(…)` and its like may stand here. */
  readonly extglob?: boolean;
}

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']' };

export function readUnquoted(cursor: Cursor, into: PartList, how: Unquoted): void {
  let open = '';
  let depth = 0;
  for (;;) {
    const next = cursor.peek();
    if (next === '') {
      if (open === '(') cursor.fail({ kind: 'unterminated', closing: ')' });
      return;
    }
    if (depth > 0 && (next === open || next === closing[open])) {
      depth += next === open ? 1 : -1;
      if (depth === 0) open = '';
      take(cursor, into, 1);
    } else if (how.opens !== undefined && how.opens === next) {
      open = next;
      depth = 1;
      take(cursor, into, 1);
    } else if (how.extglob && cursor.peek(1) === '(' && '?*+@!'.includes(next)) {
      open = '(';
      depth += 1;
      take(cursor, into, 2);
    } else if (depth === 0 && how.ends.includes(next)) {
      if (how.ends !== wordEnds || !isProcess(cursor, next)) return;
      into.add(cursor.nested(() => parseProcess(cursor)));
    } else {
      readUnit(cursor, into, next);
    }
  }
}

function isProcess(cursor: Cursor, next: string): boolean {
  return cursor.dialect.isExtended && (next === '<' || next === '>') && cursor.peek(1) === '(';
}

function take(cursor: Cursor, into: PartList, length: number): void {
  into.text(cursor.source.slice(cursor.at, cursor.at + length), false);
  cursor.at += length;
}

function readUnit(cursor: Cursor, into: PartList, next: string): void {
  if (next === '\\') readEscape(cursor, into);
  else if (next === "'") readSingleQuotes(cursor, into);
  else if (next === '"') readDoubleQuotes(cursor, into);
  else if (next === '$') readDollar(cursor, into, false);
  else if (next === '`') readBackquotes(cursor, into, false);
  else {
    plainRun.lastIndex = cursor.at;
    take(cursor, into, plainRun.exec(cursor.source)?.[0].length ?? 1);
  }
}

function readEscape(cursor: Cursor, into: PartList): void {
  const escaped = cursor.peek(1);
  if (escaped === '') into.text('\\', true);
  else if (escaped !== '\n') into.text(escaped, true);
  cursor.at += 2;
}

function readSingleQuotes(cursor: Cursor, into: PartList): void {
  const end = cursor.source.indexOf("'", cursor.at + 1);
  if (end < 0) cursor.fail({ kind: 'unterminated', closing: "'" });
  if (end === cursor.at + 1) into.emptyQuotes();
  else into.text(cursor.source.slice(cursor.at + 1, end), true);
  cursor.at = end + 1;
}

function readDoubleQuotes(cursor: Cursor, into: PartList): void {
  const start = cursor.at;
  cursor.at += 1;
  const inside = new PartList();
  readQuoted(cursor, inside, { ends: '"', escapes: '$`"\\', run: doubleRun });
  if (!cursor.takes('"')) cursor.fail({ kind: 'unterminated', closing: '"' }, start);
  if (inside.isEmpty) into.emptyQuotes();
  for (const part of inside.finish()) {
    if (part.kind === 'text') into.text(part.text, true);
    else into.add(part);
  }
}

interface Quoted {
  readonly ends: string;
  /** What a backslash takes its meaning from. */
  readonly escapes: string;
  readonly run: RegExp;
  /** In the operand of an expansion, more double quotes may stand. */
  readonly isOperand?: boolean;
}

function readQuoted(cursor: Cursor, into: PartList, { ends, escapes, run, isOperand }: Quoted): void {
  for (;;) {
    const next = cursor.peek();
    if (next === '' || ends.includes(next)) return;
    if (next === '$') readDollar(cursor, into, true);
    else if (next === '`') readBackquotes(cursor, into, true);
    else if (next === '"' && isOperand) readDoubleQuotes(cursor, into);
    else if (next === '\\') {
      const escaped = cursor.peek(1);
      if (escaped !== '\n')
        into.text(escaped !== '' && escapes.includes(escaped) ? escaped : `\\${escaped}`, true);
      cursor.at += 2;
    } else {
      run.lastIndex = cursor.at;
      const length = isOperand ? 1 : (run.exec(cursor.source)?.[0].length ?? 1);
      into.text(cursor.source.slice(cursor.at, cursor.at + length), true);
      cursor.at += length;
    }
  }
}

/** The text of a here-document; all of `cursor`. */
export function readDocument(cursor: Cursor): Word {
  const into = new PartList();
  readQuoted(cursor, into, { ends: '', escapes: '$`\\', run: documentRun });
  return into.finish();
}

/** What stands in `${x:-…}` up to the brace, where that is inside of double quotes. */
export function readQuotedOperand(cursor: Cursor): Word {
  const into = new PartList();
  readQuoted(cursor, into, { ends: '}', escapes: '$`"\\}', run: doubleRun, isOperand: true });
  return into.finish();
}

function readDollar(cursor: Cursor, into: PartList, quoted: boolean): void {
  const { isBash, isExtended } = cursor.dialect;
  const next = cursor.peek(1);
  if (next === '(') readParenthesis(cursor, into, quoted);
  else if (next === '{') into.add(cursor.nested(() => readParameter(cursor, quoted)));
  else if (next === '[' && isBash) readOldArithmetic(cursor, into, quoted);
  else if (next === "'" && isExtended && !quoted) {
    cursor.at += 2;
    const text = ansiText(cursor);
    if (text === '') into.emptyQuotes();
    else into.text(text, true);
  } else if (next === '"' && isBash && !quoted) cursor.at += 1;
  else readName(cursor, into, quoted);
}

function readName(cursor: Cursor, into: PartList, quoted: boolean): void {
  cursor.at += 1;
  nameRun.lastIndex = cursor.at;
  const name = nameRun.exec(cursor.source)?.[0];
  cursor.at += name?.length ?? 0;
  if (name === undefined) into.text('$', quoted);
  else into.add({ kind: 'parameter', name, quoted });
}

/** `$[…]`, of bash 1. */
function readOldArithmetic(cursor: Cursor, into: PartList, quoted: boolean): void {
  const start = cursor.at;
  cursor.at += 2;
  const expression = readArithmetic(cursor, ']');
  if (expression === undefined) cursor.fail({ kind: 'unterminated', closing: ')' }, start);
  into.add({ kind: 'arithmetic', expression, quoted });
}

/** `$((` begins arithmetic, or a command whose first word is a subshell. */
function readParenthesis(cursor: Cursor, into: PartList, quoted: boolean): void {
  const expression =
    cursor.peek(2) !== '('
      ? undefined
      : cursor.attempt('arithmetic', () => {
          cursor.at += 3;
          return cursor.nested(() => readArithmetic(cursor, '))'));
        });
  if (expression !== undefined) into.add({ kind: 'arithmetic', expression, quoted });
  else into.add({ kind: 'command', body: readCommand(cursor), quoted });
}

function readCommand(cursor: Cursor): List {
  const start = cursor.at;
  const isDouble = cursor.peek(2) === '(';
  cursor.at += 2;
  try {
    return cursor.nested(() => parseSubstitution(cursor));
  } catch (error) {
    // What is neither counts as arithmetic that has no end.
    if (isDouble && error instanceof SyntaxFault && error.isIncomplete)
      cursor.fail({ kind: 'unterminated', closing: '))' }, start);
    throw error;
  }
}

/** Up to the closing that no parenthesis of its own explains; undefined where that is missing. */
export function readArithmetic(cursor: Cursor, end: ')' | '))' | ']' | ';'): Word | undefined {
  const into = new PartList();
  let depth = 0;
  for (;;) {
    const next = cursor.peek();
    if (next === '') return undefined;
    if (depth === 0 && cursor.takes(end)) return into.finish();
    if (next === '$') readDollar(cursor, into, true);
    else if (next === '`') readBackquotes(cursor, into, true);
    else if (next === '"' && cursor.dialect.isBash) readDoubleQuotes(cursor, into);
    else if (next === '\\' && cursor.peek(1) === '\n') cursor.at += 2;
    else {
      if (next === '(') depth += 1;
      if (next === ')') depth -= 1;
      if (depth < 0) return undefined;
      into.text(next, true);
      cursor.at += 1;
    }
  }
}

function readBackquotes(cursor: Cursor, into: PartList, quoted: boolean): void {
  const line = cursor.line;
  const start = cursor.at;
  cursor.at += 1;
  let source = '';
  for (;;) {
    const next = cursor.peek();
    if (next === '') cursor.fail({ kind: 'unterminated', closing: '`' }, start);
    cursor.at += 1;
    if (next === '`') break;
    if (next === '\\') {
      const escaped = cursor.peek();
      cursor.at += 1;
      const isMeant = '$`\\'.includes(escaped) || (quoted && escaped === '"');
      source += escaped !== '' && isMeant ? escaped : `\\${escaped}`;
    } else source += next;
  }
  into.add({ kind: 'command', body: { source, line }, quoted });
}
