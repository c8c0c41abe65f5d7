/** What stands between `[[` and `]]`. */
import type { Cursor, Token } from './cursor.ts';
import { isKeyword, isOperator, unexpected } from './expectation.ts';
import { PartList } from './part-list.ts';
import { readUnquoted, type Unquoted, wordEnds } from './quotes.ts';
import type { Condition, Word } from './syntax.ts';
import { peekToken, takeToken } from './token.ts';

const unary = /^-[a-hkn-prstuvwxzGLNORS]$/;
const binary: ReadonlySet<string> = new Set('= == != =~ -eq -ne -lt -le -gt -ge -nt -ot -ef'.split(' '));

/** Behind `[[`, and beyond `]]`. */
export function parseCondition(cursor: Cursor): Condition {
  const condition = parseOr(cursor);
  const end = nextToken(cursor);
  if (!isKeyword(end, ']]')) return unexpected(cursor, end);
  takeToken(cursor);
  return condition;
}

function nextToken(cursor: Cursor): Token {
  while (peekToken(cursor).kind === 'newline') takeToken(cursor);
  return peekToken(cursor);
}

function parseOr(cursor: Cursor): Condition {
  let left = parseAnd(cursor);
  while (isOperator(nextToken(cursor), '||')) {
    takeToken(cursor);
    left = { kind: 'or', left, right: parseAnd(cursor) };
  }
  return left;
}

function parseAnd(cursor: Cursor): Condition {
  let left = parseTerm(cursor);
  while (isOperator(nextToken(cursor), '&&')) {
    takeToken(cursor);
    left = { kind: 'and', left, right: parseTerm(cursor) };
  }
  return left;
}

function parseTerm(cursor: Cursor): Condition {
  const token = nextToken(cursor);
  if (isOperator(token, '(')) {
    takeToken(cursor);
    const inside = cursor.nested(() => parseOr(cursor));
    const end = nextToken(cursor);
    if (!isOperator(end, ')')) return unexpected(cursor, end);
    takeToken(cursor);
    return inside;
  }
  if (token.kind !== 'word' || isKeyword(token, ']]')) return unexpected(cursor, token);
  takeToken(cursor);
  if (token.literal === '!') return { kind: 'not', operand: cursor.nested(() => parseTerm(cursor)) };
  const next = peekToken(cursor);
  if (unary.test(token.literal ?? '') && next.kind === 'word' && !isBinary(next) && !isKeyword(next, ']]')) {
    takeToken(cursor);
    return { kind: 'unary', operator: token.literal!, operand: next.word };
  }
  if (!isBinary(next)) {
    if (next.kind === 'word' && !isKeyword(next, ']]')) cursor.fail({ kind: 'condition' }, next.start);
    return { kind: 'unary', operator: '-n', operand: token.word };
  }
  takeToken(cursor);
  const operator = cursor.source.slice(next.start, next.end);
  return { kind: 'binary', operator, left: token.word, right: parseRight(cursor, operator) };
}

function isBinary(token: Token): boolean {
  if (token.kind === 'redirection') return token.text === '<' || token.text === '>';
  return token.kind === 'word' && token.literal !== undefined && binary.has(token.literal);
}

/** A regular expression may have parentheses in it, a pattern those of extglob. */
function parseRight(cursor: Cursor, operator: string): Word {
  const word =
    operator === '=~'
      ? readOperand(cursor, { ends: ' \t\n', opens: '(' })
      : readOperand(cursor, { extglob: true });
  return word.length > 0 ? word : unexpected(cursor, takeToken(cursor));
}

function readOperand(cursor: Cursor, how: Partial<Unquoted>): Word {
  while (cursor.peek() === ' ' || cursor.peek() === '\t') cursor.at += 1;
  const into = new PartList();
  readUnquoted(cursor, into, { ends: wordEnds, ...how });
  return into.finish();
}
