/** Redirections, and the operators of here-documents, whose text comes later. */
import type { Cursor } from './cursor.ts';
import { unexpected } from './expectation.ts';
import type { Redirection, Word } from './syntax.ts';
import { peekToken, takeToken } from './token.ts';

export function parseRedirections(cursor: Cursor): Redirection[] {
  const redirections: Redirection[] = [];
  while (peekToken(cursor).kind === 'redirection') redirections.push(parseRedirection(cursor));
  return redirections;
}

export function parseRedirection(cursor: Cursor): Redirection {
  const token = takeToken(cursor);
  if (token.kind !== 'redirection') return unexpected(cursor, token);
  const target = takeToken(cursor);
  if (target.kind !== 'word') return unexpected(cursor, target);
  const source = cursor.source.slice(target.start, target.end);
  const common = {
    source,
    ...(token.fd !== undefined && { fd: token.fd }),
    ...(token.variable !== undefined && { variable: token.variable }),
  };
  const isDocument = token.text === '<<' || token.text === '<<-';
  if (!isDocument) return { ...common, operator: token.text as Redirection['operator'], target: target.word };
  const document = {
    ...common,
    operator: '<<' as const,
    target: [] as Word,
    delimiter: unquoted(target.word, source),
    isQuoted: /['"\\]/.test(source),
    isIndented: token.text === '<<-',
    line: cursor.lineOf(token.start),
  };
  cursor.documents.push(document);
  return document;
}

/** Of the delimiter of a here-document: nothing in it is expanded. */
function unquoted(word: Word, source: string): string {
  const isText = word.every((part) => part.kind === 'text');
  return isText ? word.map((part) => (part.kind === 'text' ? part.text : '')).join('') : source;
}
