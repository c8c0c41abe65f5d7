/** Cuts a script into tokens, and reads here-documents when the line ends on which they begin. */
import type { Cursor, Token, WordToken } from './cursor.ts';
import { readIndex } from './parameter.ts';
import { PartList } from './part-list.ts';
import { readDocument, readUnquoted, wordEnds } from './quotes.ts';
import type { Assignment, Element, HereDocument, Word } from './syntax.ts';

/** The longest first. */
const posixOperators = ['&&', '||', ';;', '(', ')', ';', '&', '|'];
const bashOperators = [';;&', '&&', '||', ';;', ';&', '|&', '(', ')', ';', '&', '|'];
const posixRedirections = ['<<-', '<<', '<&', '<>', '<', '>>', '>&', '>|', '>'];
const ashRedirections = ['&>>', '&>', ...posixRedirections];
const bashRedirections = ['&>>', '&>', '<<<', ...posixRedirections];

/** @param isAssignable whether an assignment may stand here: before a command, behind `export` */
export function peekToken(cursor: Cursor, isAssignable = false): Token {
  cursor.peeked ??= readToken(cursor, isAssignable);
  return cursor.peeked;
}

export function takeToken(cursor: Cursor): Token {
  const token = peekToken(cursor);
  cursor.peeked = undefined;
  return token;
}

function readToken(cursor: Cursor, isAssignable: boolean): Token {
  cursor.countToken();
  skipBlanks(cursor);
  const start = cursor.at;
  const next = cursor.peek();
  if (next === '') {
    readDocuments(cursor);
    return { kind: 'end', start, end: start };
  }
  if (next === '\n') {
    cursor.at += 1;
    readDocuments(cursor);
    return { kind: 'newline', start, end: start + 1 };
  }
  const isProcess = cursor.dialect.isExtended && (next === '<' || next === '>') && cursor.peek(1) === '(';
  const operator = isProcess ? undefined : readOperator(cursor);
  if (operator !== undefined) return { ...operator, start, end: cursor.at };
  const fd = /^\d{1,3}(?=[<>])/.exec(cursor.source.slice(start, start + 4))?.[0];
  if (fd !== undefined) {
    cursor.at += fd.length;
    const text = firstOf(cursor, posixOrMore(cursor))!;
    return { kind: 'redirection', text, fd: Number(fd), start, end: cursor.at };
  }
  const variable = cursor.dialect.isBash ? namedDescriptor(cursor) : undefined;
  if (variable !== undefined) {
    const text = firstOf(cursor, posixOrMore(cursor))!;
    return { kind: 'redirection', text, variable, start, end: cursor.at };
  }
  return { ...readWord(cursor, isAssignable), start, end: cursor.at };
}

/** `{name}` right before a redirection. */
function namedDescriptor(cursor: Cursor): string | undefined {
  if (cursor.peek() !== '{') return undefined;
  const [whole, name] =
    /^\{([A-Za-z_]\w{0,60})\}(?=[<>])/.exec(cursor.source.slice(cursor.at, cursor.at + 64)) ?? [];
  cursor.at += whole?.length ?? 0;
  return name;
}

function skipBlanks(cursor: Cursor): void {
  for (;;) {
    const next = cursor.peek();
    if (next === ' ' || next === '\t') cursor.at += 1;
    else if (next === '\\' && cursor.peek(1) === '\n') cursor.at += 2;
    else if (next === '#') {
      const end = cursor.source.indexOf('\n', cursor.at);
      cursor.at = end < 0 ? cursor.source.length : end;
    } else return;
  }
}

function posixOrMore({ dialect }: Cursor): readonly string[] {
  return dialect.isBash ? bashRedirections : dialect.isExtended ? ashRedirections : posixRedirections;
}

function readOperator(cursor: Cursor): { kind: 'operator' | 'redirection'; text: string } | undefined {
  const redirection = firstOf(cursor, posixOrMore(cursor));
  if (redirection !== undefined) return { kind: 'redirection', text: redirection };
  const operator = firstOf(cursor, cursor.dialect.isBash ? bashOperators : posixOperators);
  return operator === undefined ? undefined : { kind: 'operator', text: operator };
}

function firstOf(cursor: Cursor, texts: readonly string[]): string | undefined {
  if (!'&|;()<>'.includes(cursor.peek())) return undefined;
  return texts.find((text) => cursor.takes(text));
}

function readWord(cursor: Cursor, isAssignable: boolean): WordToken {
  const into = new PartList();
  const head = isAssignable ? attemptHead(cursor) : undefined;
  if (head !== undefined) return readAssignment(cursor, head);
  readUnquoted(cursor, into, { ends: wordEnds, extglob: cursor.options.extglob ?? false });
  const word = into.finish();
  const [first] = word;
  const isPlain = word.length === 1 && first?.kind === 'text' && !first.quoted;
  return { kind: 'word', word, ...(isPlain && { literal: first.text }) };
}

const nameHead = /[A-Za-z_]\w*/y;
const assignmentHead = /[A-Za-z_]\w*(?:\+?=|\[)/y;

type Head = Pick<Assignment, 'name' | 'index' | 'isAppended'>;

function attemptHead(cursor: Cursor): Head | undefined {
  assignmentHead.lastIndex = cursor.at;
  if (!assignmentHead.test(cursor.source)) return undefined;
  return cursor.attempt('assignment', () => readHead(cursor));
}

/** `name=`, `name+=`, `name[index]=`. */
function readHead(cursor: Cursor): Head | undefined {
  nameHead.lastIndex = cursor.at;
  const name = nameHead.exec(cursor.source)?.[0];
  if (name === undefined) return undefined;
  cursor.at += name.length;
  if (cursor.takes('=')) return { name, isAppended: false };
  if (!cursor.dialect.isBash) return undefined;
  const hasIndex = cursor.takes('[');
  const index = hasIndex ? readIndex(cursor, '\n') : undefined;
  if (hasIndex && (index === undefined || typeof index === 'string')) return undefined;
  const isAppended = cursor.takes('+=');
  if (!isAppended && !cursor.takes('=')) return undefined;
  return { name, isAppended, ...(typeof index === 'object' && { index }) };
}

function readAssignment(cursor: Cursor, head: Head): WordToken {
  if (cursor.dialect.isBash && head.index === undefined && cursor.takes('(')) {
    const elements = cursor.nested(() => readElements(cursor));
    return { kind: 'word', word: [], assignment: { ...head, value: [], elements } };
  }
  const into = new PartList();
  readUnquoted(cursor, into, { ends: wordEnds, extglob: cursor.options.extglob ?? false });
  const value = into.finish();
  return { kind: 'word', word: [], assignment: { ...head, value } };
}

function readElements(cursor: Cursor): Element[] {
  const elements: Element[] = [];
  for (;;) {
    cursor.countToken();
    skipBlanks(cursor);
    if (cursor.takes('\n')) continue;
    if (cursor.takes(')')) return elements;
    const next = cursor.peek();
    if (next === '') cursor.fail({ kind: 'unterminated', closing: ')' });
    if (wordEnds.includes(next) && !(cursor.peek(1) === '(' && '<>'.includes(next)))
      cursor.fail({ kind: 'unexpected', token: next, is: 'sign' });
    const key = next === '[' ? cursor.attempt('key', () => readKey(cursor)) : undefined;
    const into = new PartList();
    readUnquoted(cursor, into, { ends: wordEnds });
    elements.push({ value: into.finish(), ...(key !== undefined && { key }) });
  }
}

function readKey(cursor: Cursor): Word | undefined {
  cursor.at += 1;
  const key = readIndex(cursor, '\n');
  return typeof key === 'object' && cursor.takes('=') ? key : undefined;
}

function readDocuments(cursor: Cursor): void {
  const documents = cursor.documents;
  cursor.documents = [];
  for (const document of documents) document.target = readBody(cursor, document);
}

function readBody(cursor: Cursor, document: HereDocument): Word {
  const line = cursor.line;
  let text = '';
  for (;;) {
    if (cursor.at >= cursor.source.length) {
      if (cursor.options.isPartial) cursor.fail({ kind: 'end' });
      cursor.unclosed.push({ line: document.line, delimiter: document.delimiter });
      break;
    }
    const end = cursor.source.indexOf('\n', cursor.at);
    const stop = end < 0 ? cursor.source.length : end;
    const written = cursor.source.slice(cursor.at, stop);
    const row = document.isIndented ? written.replace(/^\t+/, '') : written;
    cursor.at = end < 0 ? stop : stop + 1;
    if (row === document.delimiter) break;
    text += end < 0 ? row : `${row}\n`;
  }
  if (document.isQuoted) return [{ kind: 'text', text, quoted: true }];
  return cursor.nested(() => readDocument(cursor.inner(text, line)));
}
