/** Reads expressions, by how tightly operators bind (gram.y, 15). */
import { failures } from '../failure.ts';
import type { Expression, Order } from './ast.ts';
import { readPrimary } from './operands.ts';
import type { Reader } from './reader.ts';
import { isSelect, readSelect } from './selects.ts';
import { readType } from './type-names.ts';

export const level = {
  or: 1,
  and: 2,
  not: 3,
  is: 4,
  comparison: 5,
  like: 6,
  other: 7,
  sum: 8,
  product: 9,
  power: 10,
  zone: 11,
  collate: 12,
  sign: 13,
} as const;

const comparisons: ReadonlySet<string> = new Set(['<', '>', '=', '<=', '>=', '<>']);

function levelOf(operator: string): number {
  if (comparisons.has(operator)) return level.comparison;
  if (operator === '+' || operator === '-') return level.sum;
  if (operator === '*' || operator === '/' || operator === '%') return level.product;
  return operator === '^' ? level.power : level.other;
}

export function readExpression(reader: Reader, least = 0): Expression {
  return reader.nested(() => {
    let left = readOperand(reader);
    for (;;) {
      const more = readOperation(reader, left, least);
      if (more === undefined) return left;
      left = more;
    }
  });
}

/** @returns undefined where the expression ends, or what follows binds less tightly */
function readOperation(reader: Reader, left: Expression, least: number): Expression | undefined {
  const { position, token } = reader;
  if (token.kind === 'operator' || reader.is('operator', '(')) {
    const operatorLevel = token.kind === 'operator' ? levelOf(token.text) : level.other;
    if (operatorLevel <= least) return undefined;
    const operator = readOperator(reader);
    if (reader.is('any', '(') || reader.is('some', '(') || reader.is('all', '('))
      return readQuantified(reader, left, operator, position);
    const right = readExpression(reader, operatorLevel === level.power ? level.power : operatorLevel);
    return { kind: 'binary', operator, left, right, position };
  }
  if (token.kind !== 'name') return undefined;
  const isNot =
    reader.is('not') && ['between', 'in', 'like', 'ilike', 'similar'].includes(reader.ahead().text);
  const word = isNot ? reader.ahead().text : token.text;
  const negated = (made: Expression): Expression => (isNot ? { kind: 'not', of: made, position } : made);
  const enter = (wanted: number): boolean => {
    if (wanted <= least) return false;
    if (isNot) reader.next();
    reader.next();
    return true;
  };
  switch (word) {
    case 'or':
    case 'and':
      if (!enter(level[word])) return undefined;
      return { kind: 'logic', operator: word, left, right: readExpression(reader, level[word]), position };
    case 'is':
      return enter(level.is) ? readIs(reader, left, position) : undefined;
    case 'isnull':
    case 'notnull':
      if (!enter(level.is)) return undefined;
      return { kind: 'is', of: left, what: 'null', isNot: word === 'notnull', position };
    case 'between': {
      if (!enter(level.like)) return undefined;
      reader.accept('symmetric');
      const low = readExpression(reader, level.like);
      reader.expect('and');
      const high = readExpression(reader, level.like);
      return negated({
        kind: 'logic',
        operator: 'and',
        left: { kind: 'binary', operator: '>=', left, right: low, position },
        right: { kind: 'binary', operator: '<=', left, right: high, position },
        position,
      });
    }
    case 'in': {
      if (!enter(level.like)) return undefined;
      reader.expect('(');
      const list = isSelect(reader) ? readSelect(reader) : reader.list(() => readExpression(reader));
      reader.expect(')');
      return { kind: 'in', of: left, list, isNot, position };
    }
    case 'like':
    case 'ilike':
    case 'similar': {
      if (!enter(level.like)) return undefined;
      if (word === 'similar') reader.expect('to');
      const operator = word === 'like' ? '~~' : word === 'ilike' ? '~~*' : '~~';
      if (reader.is('any', '(') || reader.is('all', '('))
        return negated(readQuantified(reader, left, operator, position));
      const right = readExpression(reader, level.like);
      if (reader.accept('escape')) readExpression(reader, level.like);
      return negated({ kind: 'binary', operator, left, right, position });
    }
    case 'collate':
      if (!enter(level.collate)) return undefined;
      reader.names();
      return left;
    case 'at': {
      if (!reader.is('at', 'time', 'zone') || !enter(level.zone)) return undefined;
      reader.expect('time', 'zone');
      const zone = readExpression(reader, level.zone);
      return {
        kind: 'call',
        names: ['timezone'],
        args: [zone, left],
        isStar: false,
        isDistinct: false,
        orderBy: [],
        position,
      };
    }
    default:
      return undefined;
  }
}

/** `=`, `OPERATOR(pg_catalog.=)`. */
function readOperator(reader: Reader): string {
  if (!reader.accept('operator')) return reader.next().text;
  reader.expect('(');
  while (reader.ahead().text === '.') {
    reader.anyName();
    reader.expect('.');
  }
  if (reader.token.kind !== 'operator') throw reader.unexpected();
  const { text } = reader.next();
  reader.expect(')');
  return text;
}

function readQuantified(reader: Reader, of: Expression, operator: string, position: number): Expression {
  const isAll = reader.next().text === 'all';
  reader.expect('(');
  const list = isSelect(reader) ? readSelect(reader) : readExpression(reader);
  reader.expect(')');
  return { kind: 'quantified', operator, of, isAll, list, position };
}

function readIs(reader: Reader, of: Expression, position: number): Expression {
  const isNot = reader.accept('not');
  if (reader.accept('distinct', 'from'))
    return { kind: 'distinct', left: of, right: readExpression(reader, level.is), isNot, position };
  for (const what of ['null', 'true', 'false'] as const)
    if (reader.accept(what)) return { kind: 'is', of, what, isNot, position };
  if (reader.accept('unknown')) return { kind: 'is', of, what: 'null', isNot, position };
  throw reader.unexpected();
}

function readOperand(reader: Reader): Expression {
  const { position, token } = reader;
  if (reader.accept('not')) return { kind: 'not', of: readExpression(reader, level.not), position };
  if (token.kind === 'operator') {
    const { text } = reader.next();
    if (text === '*') throw failures.syntax('*', position);
    const binds = text === '-' || text === '+' ? level.sign : level.other;
    return { kind: 'unary', operator: text, operand: readExpression(reader, binds), position };
  }
  const isParenthesis = reader.is('(');
  const first = readPrimary(reader);
  const isIndexed = isParenthesis || first.kind === 'column' || first.kind === 'parameter';
  return readPostfix(reader, first, isIndexed);
}

/** Lists are taken apart where they have a name, or stand in parentheses. */
function readPostfix(reader: Reader, first: Expression, isIndexed: boolean): Expression {
  let of = first;
  for (;;) {
    const { position } = reader;
    if (reader.accept('::')) of = { kind: 'cast', of, to: readType(reader), position };
    else if (isIndexed && of.kind !== 'cast' && reader.accept('[')) {
      const index = readExpression(reader);
      if (reader.accept(':')) readExpression(reader);
      reader.expect(']');
      of = { kind: 'subscript', of, index, position };
    } else return of;
  }
}

export function skipParenthesis(reader: Reader): void {
  reader.expect('(');
  for (let depth = 1; depth > 0; ) {
    if (reader.token.kind === 'end') throw reader.unexpected();
    const { text, kind } = reader.next();
    if (kind === 'symbol') depth += text === '(' ? 1 : text === ')' ? -1 : 0;
  }
}

export function readOrder(reader: Reader): Order {
  const by = readExpression(reader);
  if (reader.accept('using')) reader.next();
  const isDescending = reader.accept('desc');
  if (!isDescending) reader.accept('asc');
  if (reader.accept('nulls', 'first')) return { by, isDescending, nullsFirst: true };
  return reader.accept('nulls', 'last') ? { by, isDescending, nullsFirst: false } : { by, isDescending };
}
