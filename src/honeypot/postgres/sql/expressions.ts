/** Reads expressions, by how tightly operators bind (gram.y, 15). */
import { failures } from '../failure.ts';
import type { Expression, Order, TypeName } from './ast.ts';
import { type Reader, reserved } from './reader.ts';
import { isSelect, readSelect } from './selects.ts';

const level = {
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
  return readPostfix(reader, readPrimary(reader));
}

function readPostfix(reader: Reader, first: Expression): Expression {
  let of = first;
  for (;;) {
    const { position } = reader;
    if (reader.accept('::')) of = { kind: 'cast', of, to: readType(reader), position };
    else if (reader.accept('[')) {
      const index = readExpression(reader);
      if (reader.accept(':')) readExpression(reader);
      reader.expect(']');
      of = { kind: 'subscript', of, index, position };
    } else return of;
  }
}

/** Functions that are called without parentheses. */
const bareFunctions: Readonly<Record<string, string>> = {
  current_user: 'current_user',
  current_role: 'current_user',
  session_user: 'session_user',
  user: 'current_user',
  current_catalog: 'current_database',
  current_schema: 'current_schema',
  current_date: 'current_date',
  current_time: 'current_time',
  current_timestamp: 'now',
  localtime: 'current_time',
  localtimestamp: 'localtimestamp',
};

function readPrimary(reader: Reader): Expression {
  const { position, token } = reader;
  const constant = (
    value: string | number | boolean | null,
    type: 'unknown' | 'int4' | 'int8' | 'numeric' | 'bool',
  ): Expression => ({
    kind: 'constant',
    value,
    type,
    position,
  });
  if (token.kind === 'string') return constant(reader.next().text, 'unknown');
  if (token.kind === 'number') return readNumber(reader.next().text, position);
  if (token.kind === 'parameter') return { kind: 'parameter', index: Number(reader.next().text), position };
  if (reader.accept('(')) return readParenthesis(reader, position);
  if (token.kind === 'name') {
    const isCall = reader.ahead().text === '(' && reader.ahead().kind === 'symbol';
    switch (token.text) {
      case 'null':
        reader.next();
        return constant(null, 'unknown');
      case 'true':
      case 'false':
        reader.next();
        return constant(token.text === 'true', 'bool');
      case 'case':
        return readCase(reader);
      case 'exists':
        if (isCall) return readSubquery(reader, 'exists');
        break;
      case 'array':
        return readArray(reader);
      case 'cast':
        if (isCall) return readCast(reader);
        break;
      case 'row':
        if (isCall) {
          reader.next();
          reader.expect('(');
          const items = reader.is(')') ? [] : reader.list(() => readExpression(reader));
          reader.expect(')');
          return { kind: 'row', items, position };
        }
        break;
      case 'extract':
      case 'position':
      case 'substring':
      case 'overlay':
      case 'trim':
        if (isCall) return readSpecialCall(reader);
        break;
      case 'interval':
      case 'date':
      case 'timestamp':
      case 'timestamptz':
        if (reader.ahead().kind === 'string') {
          reader.next();
          const of: Expression = { kind: 'constant', value: reader.string(), type: 'unknown', position };
          return { kind: 'cast', of, to: { name: token.text, modifiers: [], position }, position };
        }
    }
    const bare = bareFunctions[token.text];
    if (bare !== undefined && !isCall) {
      reader.next();
      return {
        kind: 'call',
        names: [bare],
        args: [],
        isStar: false,
        isDistinct: false,
        orderBy: [],
        position,
      };
    }
    if (reserved.has(token.text)) throw reader.unexpected();
  }
  return readNames(reader, position);
}

/** A column, a function, all columns of a table. */
function readNames(reader: Reader, position: number): Expression {
  const names = [reader.anyName()];
  while (reader.accept('.')) {
    if (reader.accept('*')) return { kind: 'star', table: names, position };
    names.push(reader.anyName());
  }
  if (reader.is('(')) return readCall(reader, names, position);
  // A type before a text, as `int '1'` and `regclass 't'`.
  if (reader.token.kind === 'string' && names.length === 1) {
    const of: Expression = { kind: 'constant', value: reader.string(), type: 'unknown', position };
    return { kind: 'cast', of, to: { name: names[0]!, modifiers: [], position }, position };
  }
  return { kind: 'column', names, position };
}

function readCall(reader: Reader, names: readonly string[], position: number): Expression {
  reader.expect('(');
  let [isStar, isDistinct] = [false, false];
  let args: Expression[] = [];
  let orderBy: Order[] = [];
  if (reader.accept('*')) isStar = true;
  else if (!reader.is(')')) {
    isDistinct = reader.accept('distinct');
    if (!isDistinct) reader.accept('all');
    args = reader.list(() => {
      reader.accept('variadic');
      if (reader.ahead().text === '=>') {
        reader.next();
        reader.next();
      }
      return readExpression(reader);
    });
    if (reader.accept('order', 'by')) orderBy = reader.list(() => readOrder(reader));
  }
  reader.expect(')');
  if (reader.accept('filter')) {
    reader.expect('(', 'where');
    readExpression(reader);
    reader.expect(')');
  }
  if (reader.accept('over')) skipParenthesis(reader);
  return { kind: 'call', names, args, isStar, isDistinct, orderBy, position };
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

function readNumber(text: string, position: number): Expression {
  if (!/^\d+$/.test(text)) return { kind: 'constant', value: text, type: 'numeric', position };
  const value = BigInt(text.slice(0, 400));
  if (value < 2n ** 31n) return { kind: 'constant', value: Number(value), type: 'int4', position };
  return { kind: 'constant', value: text, type: value < 2n ** 63n ? 'int8' : 'numeric', position };
}

function readParenthesis(reader: Reader, position: number): Expression {
  if (isSelect(reader)) {
    const select = readSelect(reader);
    reader.expect(')');
    return { kind: 'subquery', select, as: 'value', position };
  }
  const items = reader.list(() => readExpression(reader));
  reader.expect(')');
  return items.length === 1 ? items[0]! : { kind: 'row', items, position };
}

function readSubquery(reader: Reader, as: 'exists' | 'array'): Expression {
  const { position } = reader;
  reader.next();
  reader.expect('(');
  const select = readSelect(reader);
  reader.expect(')');
  return { kind: 'subquery', select, as, position };
}

function readArray(reader: Reader): Expression {
  const { position } = reader;
  if (reader.ahead().text === '(') return readSubquery(reader, 'array');
  reader.next();
  return readArrayItems(reader, position);
}

function readArrayItems(reader: Reader, position: number): Expression {
  reader.expect('[');
  const items = reader.is(']')
    ? []
    : reader.list(() => (reader.is('[') ? readArrayItems(reader, reader.position) : readExpression(reader)));
  reader.expect(']');
  return { kind: 'array', items, position };
}

function readCast(reader: Reader): Expression {
  const { position } = reader;
  reader.next();
  reader.expect('(');
  const of = readExpression(reader);
  reader.expect('as');
  const to = readType(reader);
  reader.expect(')');
  return { kind: 'cast', of, to, position };
}

function readCase(reader: Reader): Expression {
  const { position } = reader;
  reader.next();
  const of = reader.is('when') ? undefined : readExpression(reader);
  const branches: [Expression, Expression][] = [];
  while (reader.accept('when')) {
    const condition = readExpression(reader);
    reader.expect('then');
    branches.push([condition, readExpression(reader)]);
  }
  if (branches.length === 0) throw reader.unexpected();
  const otherwise = reader.accept('else') ? readExpression(reader) : undefined;
  reader.expect('end');
  return { kind: 'case', branches, position, ...(of && { of }), ...(otherwise && { otherwise }) };
}

/** `extract(epoch from now())`, `substring(a from 2 for 3)`, `trim(both 'x' from a)`, `position('a' in b)`. */
function readSpecialCall(reader: Reader): Expression {
  const { position } = reader;
  const name = reader.next().text;
  const call = (called: string, args: readonly Expression[]): Expression => ({
    kind: 'call',
    names: [called],
    args,
    isStar: false,
    isDistinct: false,
    orderBy: [],
    position,
  });
  reader.expect('(');
  if (name === 'extract') {
    const field: Expression = { kind: 'constant', value: reader.next().text, type: 'unknown', position };
    reader.expect('from');
    const of = readExpression(reader);
    reader.expect(')');
    return call('extract', [field, of]);
  }
  if (name === 'trim') {
    const side = ['both', 'leading', 'trailing'].find((one) => reader.accept(one)) ?? 'both';
    let args = reader.is('from') ? [] : reader.list(() => readExpression(reader));
    if (reader.accept('from')) args = [readExpression(reader), ...args];
    reader.expect(')');
    return call(side === 'both' ? 'btrim' : side === 'leading' ? 'ltrim' : 'rtrim', args);
  }
  const first = readExpression(reader, name === 'position' ? level.like : 0);
  const args = [first];
  if (name === 'position' && reader.accept('in')) {
    const of = readExpression(reader);
    reader.expect(')');
    return call('position', [of, first]);
  }
  if (reader.accept('placing')) args.push(readExpression(reader));
  if (reader.accept('from')) args.push(readExpression(reader));
  if (reader.accept('for')) args.push(readExpression(reader));
  while (reader.accept(',')) args.push(readExpression(reader));
  reader.expect(')');
  return call(name, args);
}

const longTypes: readonly (readonly string[])[] = [
  ['double', 'precision'],
  ['character', 'varying'],
  ['timestamp', 'with', 'time', 'zone'],
  ['timestamp', 'without', 'time', 'zone'],
  ['time', 'without', 'time', 'zone'],
  ['time', 'with', 'time', 'zone'],
];

export function readType(reader: Reader): TypeName {
  const { position } = reader;
  reader.accept('setof');
  const long = longTypes.find((words) => reader.is(...words));
  let name: string;
  if (long !== undefined) {
    reader.accept(...long);
    name = long.join(' ');
  } else {
    // What is in `pg_catalog` is known without it.
    name = reader.anyName();
    while (reader.accept('.')) name = reader.anyName();
  }
  const modifiers: number[] = [];
  if (reader.accept('(')) {
    modifiers.push(...reader.list(() => Number(reader.next().text) || 0));
    reader.expect(')');
  }
  while (reader.accept('[')) {
    if (reader.token.kind === 'number') reader.next();
    reader.expect(']');
    name += '[]';
  }
  return { name: name.replace(/(\[\])+$/, '[]'), modifiers, position };
}
