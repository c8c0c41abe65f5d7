/** What may stand where: keywords, what closes a list, and the fault where something else comes. */
import type { Cursor, Token } from './cursor.ts';
import type { Fault } from './fault.ts';
import { peekToken, takeToken } from './token.ts';

export function skipNewlines(cursor: Cursor): void {
  while (peekToken(cursor, true).kind === 'newline') takeToken(cursor);
}

/** Takes a keyword or sign that has to come. */
export function expect(cursor: Cursor, text: string): void {
  const token = peekToken(cursor, true);
  if (!isKeyword(token, text) && !isOperator(token, text)) unexpected(cursor, token, text);
  takeToken(cursor);
}

export function unexpected(cursor: Cursor, token: Token, expected?: string): never {
  const more = expected === undefined ? {} : { expected };
  if (token.kind === 'end') return cursor.fail({ kind: 'end', ...more });
  return cursor.fail({ kind: 'unexpected', ...described(cursor, token), ...more }, token.start);
}

function described(cursor: Cursor, token: Token): Pick<Fault & { kind: 'unexpected' }, 'token' | 'is'> {
  const text = cursor.source.slice(token.start, token.end);
  switch (token.kind) {
    case 'newline':
    case 'end':
      return { token: 'newline', is: 'newline' };
    case 'redirection':
      return { token: token.text, is: 'redirection' };
    case 'operator':
      return { token: token.text, is: 'sign' };
    case 'word':
      return {
        token: text,
        is: token.literal !== undefined && keywords.has(token.literal) ? 'sign' : 'word',
      };
  }
}

/** That are recognised where a command begins, in all dialects. */
export const keywords: ReadonlySet<string> = new Set(
  'if then else elif fi case esac for while until do done in { } !'.split(' '),
);

const closers: ReadonlySet<string> = new Set('then else elif fi do done esac } ) ;; ;& ;;&'.split(' '));

export function isCloser(token: Token): boolean {
  if (token.kind === 'operator') return closers.has(token.text);
  return token.kind === 'word' && token.literal !== undefined && closers.has(token.literal);
}

export function isKeyword(token: Token, text: string): boolean {
  return token.kind === 'word' && token.literal === text;
}

export function isOperator(token: Token, text: string): token is Token & { kind: 'operator' } {
  return token.kind === 'operator' && token.text === text;
}
