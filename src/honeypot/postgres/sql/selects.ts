/** Reads queries: SELECT, VALUES, TABLE, and what puts them together. */
import { PgError } from '../failure.ts';
import type { Expression, Select, SelectBody, Source, Target, TypeName, WithQuery } from './ast.ts';
import { readExpression, readOrder, skipParenthesis } from './expressions.ts';
import { maxDepth, type Reader, reserved } from './reader.ts';
import { readType } from './type-names.ts';

/** Whether a query begins here, in parentheses or not. */
export function isSelect(reader: Reader): boolean {
  let ahead = 0;
  // What is deeper is refused in any case.
  while (ahead <= maxDepth && reader.ahead(ahead).text === '(' && reader.ahead(ahead).kind === 'symbol')
    ahead += 1;
  const { kind, text } = reader.ahead(ahead);
  return kind === 'name' && ['select', 'values', 'with', 'table'].includes(text);
}

export function readSelect(reader: Reader): Select {
  return reader.nested(() => {
    const withs = reader.accept('with') ? readWith(reader) : [];
    const body = readSets(reader, 0);
    return { ...readTail(reader, body), with: withs };
  });
}

/** What follows the word SELECT, which PERFORM stands for in procedures. */
export function readAfterSelect(reader: Reader): Select {
  return { ...readTail(reader, readCore(reader)), with: [] };
}

function readWith(reader: Reader): WithQuery[] {
  const isRecursive = reader.accept('recursive');
  return reader.list(() => {
    const name = reader.name();
    const columns = reader.is('(') ? readColumns(reader) : [];
    reader.expect('as');
    reader.accept('not');
    reader.accept('materialized');
    reader.expect('(');
    const select = readSelect(reader);
    reader.expect(')');
    return { name, columns, select, isRecursive };
  });
}

function acceptBy(reader: Reader, word: string): boolean {
  if (!reader.accept(word)) return false;
  reader.expect('by');
  return true;
}

function readTail(reader: Reader, body: SelectBody): Omit<Select, 'with'> {
  const orderBy = acceptBy(reader, 'order') ? reader.list(() => readOrder(reader)) : [];
  let [limit, offset] = [undefined as Expression | undefined, undefined as Expression | undefined];
  for (;;) {
    if (reader.accept('limit')) limit = reader.accept('all') ? undefined : readExpression(reader);
    else if (reader.accept('offset')) {
      offset = readExpression(reader);
      if (!reader.accept('rows')) reader.accept('row');
    } else if (reader.accept('fetch')) {
      reader.next();
      limit = reader.token.kind === 'number' ? readExpression(reader) : undefined;
      if (!reader.accept('rows')) reader.expect('row');
      reader.expect('only');
    } else if (reader.accept('for')) {
      while (reader.token.kind === 'name') reader.next();
    } else break;
  }
  return { body, orderBy, ...(limit && { limit }), ...(offset && { offset }) };
}

/** INTERSECT binds more tightly than UNION and EXCEPT. */
function readSets(reader: Reader, least: number): SelectBody {
  let left = readOne(reader);
  for (;;) {
    const how = (['union', 'except', 'intersect'] as const).find((one) => reader.is(one));
    const binds = how === 'intersect' ? 2 : 1;
    if (how === undefined || binds <= least) return left;
    reader.next();
    const isAll = reader.accept('all');
    if (!isAll) reader.accept('distinct');
    const right = readSets(reader, binds);
    left = { kind: 'set', how, isAll, left: plain(left), right: plain(right) };
  }
}

function plain(body: SelectBody): Select {
  return { with: [], body, orderBy: [] };
}

function readOne(reader: Reader): SelectBody {
  if (reader.accept('(')) {
    const inner = readSelect(reader);
    reader.expect(')');
    if (inner.with.length + inner.orderBy.length === 0 && !inner.limit && !inner.offset) return inner.body;
    return {
      kind: 'set',
      how: 'union',
      isAll: true,
      left: inner,
      right: plain({ kind: 'values', rows: [] }),
    };
  }
  if (reader.accept('values')) {
    const rows = reader.list(() => {
      reader.expect('(');
      const items = reader.list(() => readValue(reader));
      reader.expect(')');
      return items;
    });
    return { kind: 'values', rows };
  }
  if (reader.accept('table')) {
    const { position } = reader;
    const source: Source = { kind: 'table', names: reader.names(), position };
    const targets: Target[] = [{ value: { kind: 'star', table: [], position } }];
    return { kind: 'select', isDistinct: false, targets, from: [source], groupBy: [] };
  }
  reader.expect('select');
  return readCore(reader);
}

/** DEFAULT stands in rows that are inserted. */
function readValue(reader: Reader): Expression {
  const { position } = reader;
  if (reader.accept('default')) return { kind: 'column', names: ['default'], position };
  return readExpression(reader);
}

const afterTargets: ReadonlySet<string> = new Set([
  'from',
  'where',
  'group',
  'having',
  'order',
  'limit',
  'offset',
  'union',
  'except',
  'intersect',
  'into',
  'fetch',
  'for',
  'window',
]);

function readCore(reader: Reader): SelectBody {
  let isDistinct = reader.accept('distinct');
  if (isDistinct && reader.accept('on')) {
    skipParenthesis(reader);
    isDistinct = false;
  } else if (!isDistinct) reader.accept('all');
  const { kind, text } = reader.token;
  const isEmpty =
    kind === 'end' || text === ';' || text === ')' || (kind === 'name' && afterTargets.has(text));
  const targets = isEmpty ? [] : reader.list(() => readTarget(reader));
  let into: string[] | undefined;
  if (reader.accept('into')) {
    for (const word of ['temporary', 'temp', 'unlogged', 'table']) reader.accept(word);
    into = reader.names();
  }
  const from = reader.accept('from') ? reader.list(() => readSource(reader)) : [];
  const where = reader.accept('where') ? readExpression(reader) : undefined;
  const groupBy = acceptBy(reader, 'group') ? reader.list(() => readExpression(reader)) : [];
  const having = reader.accept('having') ? readExpression(reader) : undefined;
  if (reader.accept('window')) {
    reader.name();
    reader.expect('as');
    skipParenthesis(reader);
  }
  return {
    kind: 'select',
    isDistinct,
    targets,
    from,
    groupBy,
    ...(into && { into }),
    ...(where && { where }),
    ...(having && { having }),
  };
}

export function readTarget(reader: Reader): Target {
  const { position } = reader;
  if (reader.accept('*')) return { value: { kind: 'star', table: [], position } };
  const value = readExpression(reader);
  if (reader.accept('as')) return { value, as: reader.anyName() };
  const { kind, text } = reader.token;
  const isLabel =
    kind === 'identifier' || (kind === 'name' && !reserved.has(text) && !afterTargets.has(text));
  return isLabel ? { value, as: reader.anyName() } : { value };
}

const joins: ReadonlySet<string> = new Set([
  'join',
  'inner',
  'left',
  'right',
  'full',
  'cross',
  'natural',
  'on',
  'using',
]);

function readSource(reader: Reader): Source {
  let left = readSingle(reader);
  for (;;) {
    const { position } = reader;
    reader.accept('natural');
    const how = (['cross', 'inner', 'left', 'right', 'full'] as const).find((one) => reader.accept(one));
    if (how !== undefined) reader.accept('outer');
    if (!reader.accept('join')) {
      if (how !== undefined) throw reader.unexpected();
      return left;
    }
    const right = readSingle(reader);
    const on = reader.accept('on') ? readExpression(reader) : undefined;
    const using = reader.accept('using') ? readColumns(reader) : undefined;
    left = {
      kind: 'join',
      how: how ?? 'inner',
      left,
      right,
      position,
      ...(on && { on }),
      ...(using && { using }),
    };
  }
}

function readSingle(reader: Reader): Source {
  return reader.nested(() => {
    const { position } = reader;
    const isLateral = reader.accept('lateral');
    if (reader.is('(') && !isSelect(reader)) {
      reader.expect('(');
      const inner = readSource(reader);
      reader.expect(')');
      return inner;
    }
    if (reader.accept('(')) {
      const select = readSelect(reader);
      reader.expect(')');
      const { as, columns } = readAlias(reader);
      if (as === undefined) throw noAlias(select, position);
      return { kind: 'select', select, isLateral, position, as, ...(columns && { columns }) };
    }
    reader.accept('only');
    const isCall =
      reader.ahead().text === '(' || (reader.ahead().text === '.' && reader.ahead(3).text === '(');
    if (isCall) return { kind: 'call', call: readExpression(reader, 100), position, ...readAlias(reader) };
    const names = reader.names();
    reader.accept('*');
    return { kind: 'table', names, position, ...readAlias(reader) };
  });
}

function noAlias({ body }: Select, position: number): PgError {
  const isValues = body.kind === 'values';
  return new PgError(
    '42601',
    `${isValues ? 'VALUES' : 'subquery'} in FROM must have an alias`,
    `gram.y:${isValues ? 13_258 : 13_263}:base_yyparse`,
    { hint: `For example, FROM (${isValues ? 'VALUES' : 'SELECT'} ...) [AS] foo.`, position },
  );
}

interface Alias {
  readonly as?: string;
  readonly columns?: readonly string[];
  /** Of the columns, where they are told: `AS t(a int, b text)`. */
  readonly types?: readonly TypeName[];
}

function readAlias(reader: Reader): Alias {
  if (reader.accept('with', 'ordinality')) return readAlias(reader);
  const { kind, text } = reader.token;
  const isName =
    kind === 'identifier' ||
    (kind === 'name' && !reserved.has(text) && !joins.has(text) && !afterTargets.has(text) && text !== 'set');
  if (!reader.accept('as') && !isName) return {};
  const as = reader.is('(') ? 'column' : reader.anyName();
  if (!reader.accept('(')) return { as };
  const types: TypeName[] = [];
  const columns = reader.list(() => {
    const name = reader.anyName();
    if (!reader.is(',') && !reader.is(')')) types.push(readType(reader));
    return name;
  });
  reader.expect(')');
  return { as, columns, ...(types.length === columns.length && { types }) };
}

function readColumns(reader: Reader): string[] {
  reader.expect('(');
  const columns = reader.list(() => reader.anyName());
  reader.expect(')');
  return columns;
}
