/** The commands that contain commands. */
import { parseCondition } from './conditional.ts';
import type { Cursor, Token, WordToken } from './cursor.ts';
import { expect, isKeyword, isOperator, keywords, skipNewlines, unexpected } from './expectation.ts';
import { parseCommand, parseList } from './parse.ts';
import { readArithmetic } from './quotes.ts';
import { parseRedirections } from './redirection.ts';
import type { Branch, CaseItem, Command, Compound, FunctionDefinition, List, Word } from './syntax.ts';
import { peekToken, takeToken } from './token.ts';

/** Without its redirections; undefined where a simple command begins. */
export function parseCompound(cursor: Cursor, token: Token): Compound | undefined {
  const line = cursor.lineOf(token.start);
  const common = { line, redirections: [] };
  if (isOperator(token, '(')) return { ...common, ...parseParenthesis(cursor, token) };
  switch (token.kind === 'word' ? token.literal : undefined) {
    case '{':
      takeToken(cursor);
      return { ...common, kind: 'group', body: listUntil(cursor, '}') };
    case 'if':
      return { ...common, kind: 'if', ...parseIf(cursor) };
    case 'while':
    case 'until':
      takeToken(cursor);
      return {
        ...common,
        kind: 'while',
        isUntil: isKeyword(token, 'until'),
        condition: listUntil(cursor, 'do'),
        body: listUntil(cursor, 'done'),
      };
    case 'for':
      return { ...common, ...parseFor(cursor, 'for') };
    case 'case':
      return { ...common, ...parseCase(cursor) };
  }
  if (!cursor.dialect.isBash) return undefined;
  if (isKeyword(token, 'select')) return { ...common, ...parseFor(cursor, 'select') };
  if (!isKeyword(token, '[[')) return undefined;
  takeToken(cursor);
  return { ...common, kind: 'conditional', condition: cursor.nested(() => parseCondition(cursor)) };
}

function listUntil(cursor: Cursor, end: string): List {
  const list = parseList(cursor);
  expect(cursor, end);
  return list;
}

type Bare<Kind extends Compound['kind']> = Omit<Compound & { kind: Kind }, 'line' | 'redirections'>;

/** `((` begins arithmetic where `))` ends it, and two subshells elsewhere. */
function parseParenthesis(cursor: Cursor, token: Token): Bare<'arithmetic'> | Bare<'subshell'> {
  takeToken(cursor);
  if (cursor.dialect.isBash && cursor.source.charAt(token.end) === '(') {
    const expression = cursor.attempt('arithmetic', () => {
      cursor.at = token.end + 1;
      return cursor.nested(() => readArithmetic(cursor, '))'));
    });
    if (expression !== undefined) return { kind: 'arithmetic', expression };
  }
  return { kind: 'subshell', body: listUntil(cursor, ')') };
}

function parseIf(cursor: Cursor): { branches: Branch[]; otherwise?: List } {
  const branches: Branch[] = [];
  do {
    takeToken(cursor);
    const condition = listUntil(cursor, 'then');
    branches.push({ condition, body: parseList(cursor) });
  } while (isKeyword(peekToken(cursor, true), 'elif'));
  if (!isKeyword(peekToken(cursor, true), 'else')) {
    expect(cursor, 'fi');
    return { branches };
  }
  takeToken(cursor);
  return { branches, otherwise: listUntil(cursor, 'fi') };
}

const goodName = /^[A-Za-z_]\w*$/;

function parseFor(cursor: Cursor, kind: 'for' | 'select'): Bare<'for'> | Bare<'count'> {
  takeToken(cursor);
  const name = takeToken(cursor);
  if (isOperator(name, '(') && cursor.dialect.isBash && cursor.peek() === '(')
    return parseCount(cursor, name);
  const isGood = name.kind === 'word' && goodName.test(name.literal ?? '');
  if (!isGood && !cursor.dialect.isBash) cursor.fail({ kind: 'loop variable' }, name.start);
  if (name.kind !== 'word') unexpected(cursor, name);
  const { words, source } = parseForWords(cursor);
  skipNewlines(cursor);
  return {
    kind: kind as 'for',
    name: cursor.source.slice(name.start, name.end),
    ...(words !== undefined && { words }),
    source,
    body: parseBody(cursor),
  };
}

function parseForWords(cursor: Cursor): { words?: Word[]; source: string } {
  while (peekToken(cursor).kind === 'newline') takeToken(cursor);
  if (!isKeyword(peekToken(cursor), 'in')) {
    if (isOperator(peekToken(cursor), ';')) takeToken(cursor);
    return { source: '"$@"' };
  }
  takeToken(cursor);
  const words: Word[] = [];
  const sources: string[] = [];
  for (;;) {
    const token = takeToken(cursor);
    if (token.kind === 'newline' || isOperator(token, ';')) return { words, source: sources.join(' ') };
    if (token.kind !== 'word') unexpected(cursor, token);
    words.push(token.word);
    sources.push(cursor.source.slice(token.start, token.end));
  }
}

/** bash takes braces for `do` and `done`. */
function parseBody(cursor: Cursor): List {
  if (cursor.dialect.isBash && isKeyword(peekToken(cursor, true), '{')) {
    takeToken(cursor);
    return listUntil(cursor, '}');
  }
  expect(cursor, 'do');
  return listUntil(cursor, 'done');
}

function parseCount(cursor: Cursor, open: Token): Bare<'count'> {
  cursor.at += 1;
  const part = (end: ';' | '))'): Word => {
    const word = readArithmetic(cursor, end);
    return word ?? unexpected(cursor, open);
  };
  const head = [part(';'), part(';'), part('))')] as const;
  if (isOperator(peekToken(cursor, true), ';')) takeToken(cursor);
  skipNewlines(cursor);
  return { kind: 'count', head, body: parseBody(cursor) };
}

function parseCase(cursor: Cursor): Bare<'case'> {
  takeToken(cursor);
  const subject = takeToken(cursor);
  if (subject.kind !== 'word') return unexpected(cursor, subject);
  skipNewlines(cursor);
  expect(cursor, 'in');
  const items: CaseItem[] = [];
  for (;;) {
    while (peekToken(cursor).kind === 'newline') takeToken(cursor);
    if (isKeyword(peekToken(cursor), 'esac')) break;
    items.push(parseItem(cursor));
    if (isKeyword(peekToken(cursor, true), 'esac')) break;
  }
  takeToken(cursor);
  return {
    kind: 'case',
    subject: subject.word,
    source: cursor.source.slice(subject.start, subject.end),
    items,
  };
}

const itemEnds: readonly string[] = [';;', ';&', ';;&'];

function parseItem(cursor: Cursor): CaseItem {
  const patterns: Word[] = [];
  if (isOperator(peekToken(cursor), '(')) takeToken(cursor);
  for (;;) {
    const token = takeToken(cursor);
    if (token.kind === 'end') unexpected(cursor, token, ')');
    if (token.kind !== 'word') unexpected(cursor, token);
    patterns.push(token.word);
    if (!isOperator(peekToken(cursor), '|')) break;
    takeToken(cursor);
  }
  expect(cursor, ')');
  skipNewlines(cursor);
  const first = peekToken(cursor, true);
  const isEmpty = isKeyword(first, 'esac') || (first.kind === 'operator' && itemEnds.includes(first.text));
  const body = isEmpty ? [] : parseList(cursor);
  const end = peekToken(cursor, true);
  if (isKeyword(end, 'esac')) return { patterns, body, end: ';;' };
  if (end.kind !== 'operator' || !itemEnds.includes(end.text)) return unexpected(cursor, end, ';;');
  takeToken(cursor);
  return { patterns, body, end: end.text as CaseItem['end'] };
}

/** Behind its name, and behind `function` where that stands before it. */
export function parseFunction(
  cursor: Cursor,
  name: (Token & WordToken) | Token,
  line: number,
): FunctionDefinition {
  if (name.kind !== 'word') return unexpected(cursor, name);
  if (isOperator(peekToken(cursor), '(')) {
    takeToken(cursor);
    expect(cursor, ')');
  }
  const { isBash } = cursor.dialect;
  if (!isBash && (!goodName.test(name.literal ?? '') || keywords.has(name.literal ?? '')))
    cursor.fail({ kind: 'function name' }, name.start);
  skipNewlines(cursor);
  const start = peekToken(cursor, true);
  const body = isBash ? parseBodyOfFunction(cursor, start) : cursor.nested(() => parseCommand(cursor));
  return {
    kind: 'function',
    line,
    name: cursor.source.slice(name.start, name.end),
    body,
    redirections: [],
    source: cursor.source.slice(start.start, peekToken(cursor).start).trimEnd(),
  };
}

/** bash wants a compound command. */
function parseBodyOfFunction(cursor: Cursor, start: Token): Command {
  const body = cursor.nested(() => parseCompound(cursor, start));
  if (body === undefined) return unexpected(cursor, start);
  return { ...body, redirections: parseRedirections(cursor) };
}
