/** Reads INSERT, UPDATE and DELETE. */
import type { Name, Statement } from './ast.ts';
import { readExpression } from './expressions.ts';
import type { Reader } from './reader.ts';
import { isSelect, readSelect, readTarget } from './selects.ts';

function readColumnNames(reader: Reader): Name[] {
  if (!reader.is('(') || isSelect(reader)) return [];
  reader.expect('(');
  const columns = reader.list(() => reader.qualifiedName());
  reader.expect(')');
  return columns;
}

function readReturning(reader: Reader) {
  return reader.accept('returning') ? reader.list(() => readTarget(reader)) : [];
}

export function readInsert(reader: Reader): Statement {
  const { position } = reader;
  reader.expect('insert', 'into');
  const table = reader.qualifiedName();
  if (reader.accept('as')) reader.name();
  const columns = readColumnNames(reader);
  if (reader.accept('overriding')) {
    reader.next();
    reader.expect('value');
  }
  const rows = reader.accept('default', 'values') ? undefined : readSelect(reader);
  const ignoresConflicts = reader.accept('on', 'conflict');
  while (ignoresConflicts && !reader.is('returning') && !reader.is(';') && reader.token.kind !== 'end')
    reader.next();
  return {
    kind: 'insert',
    table,
    columns,
    rows,
    ignoresConflicts,
    returning: readReturning(reader),
    position,
  };
}

export function readUpdate(reader: Reader): Statement {
  const { position } = reader;
  reader.expect('update');
  reader.accept('only');
  const table = reader.qualifiedName();
  const as = reader.accept('as') || !reader.is('set') ? reader.name() : undefined;
  reader.expect('set');
  const sets = reader.list(() => {
    const column = reader.qualifiedName();
    reader.expect('=');
    return { column, value: readExpression(reader) };
  });
  if (reader.is('from')) throw reader.unexpected();
  const where = reader.accept('where') ? readExpression(reader) : undefined;
  return {
    kind: 'update',
    table,
    sets,
    returning: readReturning(reader),
    position,
    ...(as && { as }),
    ...(where && { where }),
  };
}

export function readDelete(reader: Reader): Statement {
  const { position } = reader;
  reader.expect('delete', 'from');
  reader.accept('only');
  const table = reader.qualifiedName();
  const isNamed =
    reader.accept('as') ||
    (reader.token.kind === 'name' && !reader.is('where') && !reader.is('returning') && !reader.is('using'));
  const as = isNamed ? reader.name() : undefined;
  const where = reader.accept('where') ? readExpression(reader) : undefined;
  return {
    kind: 'delete',
    table,
    returning: readReturning(reader),
    position,
    ...(as && { as }),
    ...(where && { where }),
  };
}
