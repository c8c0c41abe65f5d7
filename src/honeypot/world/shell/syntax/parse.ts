/**
 * The grammar of the shells (POSIX, 2.10) with what bash adds: one complete command after the other, since what stands
 * first in a script runs before what stands behind it is looked at.
 */
import { parseCompound, parseFunction } from './compound.ts';
import { Cursor, type ParserOptions, type Token } from './cursor.ts';
import { isCloser, isKeyword, isOperator, skipNewlines, unexpected } from './expectation.ts';
import { parseRedirection, parseRedirections } from './redirection.ts';
import type {
  Assignment,
  Command,
  Entry,
  List,
  Part,
  Pipeline,
  Redirection,
  Simple,
  Word,
} from './syntax.ts';
import { peekToken, takeToken } from './token.ts';

export interface Parsed {
  /** Absent at the end of the script. */
  readonly list?: List;
  /** Where the next command begins, and on which line. */
  readonly rest: string;
  readonly at: number;
  readonly line: number;
  /** Here-documents that the end of the script cut short. */
  readonly unclosed: readonly { readonly line: number; readonly delimiter: string }[];
}

/**
 * The next command of a script, from `at` up to the end of its last line.
 * @throws SyntaxFault
 */
export function parseNext(source: string, at: number, line: number, options: ParserOptions): Parsed {
  const cursor = new Cursor(source, options, { at, line });
  try {
    skipNewlines(cursor);
    const list = peekToken(cursor, true).kind === 'end' ? undefined : parseLine(cursor);
    const { at, line, unclosed, source: rest } = cursor;
    return { rest, at, line, unclosed, ...(list !== undefined && { list }) };
  } catch (error) {
    if (error instanceof RangeError) return cursor.fail({ kind: 'depth' });
    throw error;
  }
}

function parseLine(cursor: Cursor): List {
  const list = parseEntries(cursor, true);
  const token = peekToken(cursor);
  if (token.kind !== 'newline' && token.kind !== 'end') unexpected(cursor, token);
  takeToken(cursor);
  return list;
}

/** At least one command, and newlines between commands. */
export function parseList(cursor: Cursor): List {
  return cursor.nested(() => parseEntries(cursor, false));
}

function parseEntries(cursor: Cursor, isLine: boolean): Entry[] {
  const entries: Entry[] = [];
  for (;;) {
    if (!isLine) skipNewlines(cursor);
    const next = peekToken(cursor, true);
    if (next.kind === 'end' && !isLine) return entries;
    if (entries.length > 0 && (next.kind === 'end' || next.kind === 'newline' || isCloser(next)))
      return entries;
    const entry = parseEntry(cursor);
    entries.push(entry);
    const separator = peekToken(cursor);
    const isSeparated = isOperator(separator, ';') || entry.isBackground;
    if (isSeparated) takeToken(cursor);
    else if (isLine || separator.kind !== 'newline') return entries;
  }
}

function parseEntry(cursor: Cursor): Entry {
  const { start } = peekToken(cursor, true);
  const first = parsePipeline(cursor);
  const rest: { operator: '&&' | '||'; pipeline: Pipeline }[] = [];
  for (;;) {
    const token = peekToken(cursor);
    if (token.kind !== 'operator' || (token.text !== '&&' && token.text !== '||')) break;
    takeToken(cursor);
    skipNewlines(cursor);
    rest.push({ operator: token.text, pipeline: parsePipeline(cursor) });
  }
  const end = peekToken(cursor);
  const source = cursor.source.slice(start, end.start).trimEnd();
  return { first, rest, isBackground: isOperator(end, '&'), source };
}

function parsePipeline(cursor: Cursor): Pipeline {
  let isNegated = false;
  let timed: Pipeline['timed'];
  for (;;) {
    const token = peekToken(cursor, true);
    if (isKeyword(token, '!') && (cursor.dialect.isBash || !isNegated)) isNegated = !isNegated;
    else if (isKeyword(token, 'time') && cursor.dialect.isBash) timed = 'time';
    else if (isKeyword(token, '-p') && timed === 'time') timed = 'posix';
    else break;
    takeToken(cursor);
  }
  if (timed !== undefined && endsCommand(peekToken(cursor, true))) return { commands: [], isNegated, timed };
  const commands = [parseCommand(cursor)];
  for (;;) {
    const token = peekToken(cursor);
    if (!isOperator(token, '|') && !isOperator(token, '|&')) break;
    takeToken(cursor);
    if (token.text === '|&') commands.push(withErrors(commands.pop()!));
    skipNewlines(cursor);
    commands.push(parseCommand(cursor));
  }
  return { commands, isNegated, ...(timed !== undefined && { timed }) };
}

function endsCommand(token: Token): boolean {
  return token.kind === 'newline' || token.kind === 'end' || isOperator(token, ';') || isCloser(token);
}

/** `a |& b` is `a 2>&1 | b`. */
function withErrors(command: Command): Command {
  const target: Word = [{ kind: 'text', text: '1', quoted: false }];
  const errors: Redirection = { operator: '>&', fd: 2, target, source: '1' };
  return { ...command, redirections: [...command.redirections, errors] };
}

export function parseCommand(cursor: Cursor): Command {
  expandAlias(cursor);
  const token = peekToken(cursor, true);
  const compound = parseCompound(cursor, token);
  if (compound !== undefined) return { ...compound, redirections: parseRedirections(cursor) };
  if (isKeyword(token, 'function') && cursor.dialect.isExtended) {
    takeToken(cursor);
    return parseFunction(cursor, takeToken(cursor), cursor.lineOf(token.start));
  }
  if (token.kind === 'end') cursor.fail({ kind: 'end' });
  const isFree = token.kind === 'word' && !isCloser(token) && !isKeyword(token, '!');
  const isStart = token.kind === 'redirection' || isFree;
  if (!isStart) unexpected(cursor, token);
  return parseSimple(cursor);
}

/** Builtins behind which assignments are not split. */
const declarations: ReadonlySet<string> = new Set(['declare', 'export', 'local', 'readonly', 'typeset']);

function parseSimple(cursor: Cursor): Command {
  const { start, end: firstEnd } = peekToken(cursor, true);
  let line = cursor.lineOf(start);
  let end = firstEnd;
  const assignments: Assignment[] = [];
  const words: Word[] = [];
  const redirections: Redirection[] = [];
  let name: string | undefined;
  for (;;) {
    const isAssignable = words.length === 0 || (name !== undefined && declarations.has(name));
    const token = peekToken(cursor, isAssignable);
    // bash takes the line that it has read up to when it knows the second word.
    if (cursor.dialect.isBash && words.length < 2 && token.kind === 'word') line = cursor.lineOf(token.end);
    if (token.kind === 'redirection') {
      redirections.push(parseRedirection(cursor));
    } else if (token.kind === 'word') {
      takeToken(cursor);
      end = token.end;
      if (token.assignment === undefined) words.push(token.word);
      else if (words.length === 0) assignments.push(token.assignment);
      else words.push([{ kind: 'assignment', assignment: token.assignment }]);
      if (words.length === 1) name ??= token.literal;
      if (words.length === 0) expandAlias(cursor);
    } else if (
      isOperator(token, '(') &&
      words.length === 1 &&
      assignments.length + redirections.length === 0
    ) {
      const literal = name === undefined ? {} : { literal: name };
      return parseFunction(cursor, { kind: 'word', word: words[0]!, ...literal, start, end }, line);
    } else break;
  }
  return { kind: 'simple', line, assignments, words, redirections } satisfies Simple;
}

/** Inside of `$(…)`, up to the parenthesis; it may be empty. */
export function parseSubstitution(cursor: Cursor): List {
  skipNewlines(cursor);
  const first = peekToken(cursor, true);
  if (isCloser(first) && !isOperator(first, ')')) unexpected(cursor, first, ')');
  const list = isOperator(first, ')') ? [] : first.kind === 'end' ? undefined : parseList(cursor);
  const end = takeToken(cursor);
  if (list === undefined || end.kind === 'end') return cursor.fail({ kind: 'unterminated', closing: ')' });
  if (!isOperator(end, ')')) unexpected(cursor, end, ')');
  return list;
}

/** `<(…)` or `>(…)`. */
export function parseProcess(cursor: Cursor): Part {
  const isInput = cursor.peek() === '<';
  cursor.at += 2;
  return { kind: 'process', isInput, body: parseSubstitution(cursor) };
}

/** Puts the text of an alias in its place, and again if that begins with one. */
function expandAlias(cursor: Cursor): void {
  const { aliases } = cursor.options;
  while (aliases !== undefined && aliases.size > 0) {
    const token = peekToken(cursor, true);
    const name = token.kind === 'word' ? token.literal : undefined;
    const text = name === undefined ? undefined : aliases.get(name);
    cursor.aliases = cursor.aliases.filter(({ end }) => end > token.start);
    if (name === undefined || text === undefined || cursor.aliases.some((each) => each.name === name)) return;
    for (const each of cursor.aliases) each.end += text.length - name.length;
    cursor.aliases.push({ name, end: token.start + text.length });
    cursor.substitute(token.start, token.end, text);
  }
}
