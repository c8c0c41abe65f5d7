/** Reads what operators stand between: constants, columns, calls, CASE, arrays. */
import type { Expression, Order } from './ast.ts';
import { level, readExpression, readOrder, skipParenthesis } from './expressions.ts';
import { type Reader, reserved } from './reader.ts';
import { isSelect, readSelect } from './selects.ts';
import { readType } from './type-names.ts';

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

export function readPrimary(reader: Reader): Expression {
  const { position, token } = reader;
  const constant = (
    value: string | number | boolean | null,
    type: 'unknown' | 'int4' | 'int8' | 'numeric' | 'bool' | 'bit',
  ): Expression => ({
    kind: 'constant',
    value,
    type,
    position,
  });
  if (token.kind === 'string') {
    const of = constant(reader.next().text, 'unknown');
    const isNational = /^n'/i.test(token.source);
    return isNational ? { kind: 'cast', of, to: { name: 'bpchar', modifiers: [], position }, position } : of;
  }
  if (token.kind === 'bits') return constant(reader.next().text, 'bit');
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
  let filter: Expression | undefined;
  if (reader.accept('filter')) {
    reader.expect('(', 'where');
    filter = readExpression(reader);
    reader.expect(')');
  }
  if (reader.accept('over')) skipParenthesis(reader);
  return { kind: 'call', names, args, isStar, isDistinct, orderBy, position, ...(filter && { filter }) };
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
