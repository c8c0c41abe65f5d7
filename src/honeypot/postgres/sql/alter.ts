/** Reads ALTER and DROP. */
import { type Dropped, dropKinds, type Statement, type TableAction, type TypeName } from './ast.ts';
import { readArgument, readColumn, skipRest } from './create.ts';
import { readExpression, skipParenthesis } from './expressions.ts';
import type { Reader } from './reader.ts';
import { readRoleOptions } from './roles.ts';
import { readType } from './type-names.ts';

/** What else can be dropped, and is not looked at. */
const others: ReadonlySet<string> = new Set([
  'index',
  'type',
  'trigger',
  'language',
  'owned',
  'server',
  'aggregate',
  'domain',
  'policy',
  'rule',
  'publication',
  'subscription',
  'operator',
  'cast',
  'collation',
  'tablespace',
  'event',
  'foreign',
  'group',
  'routine',
  'statistics',
  'text',
  'conversion',
  'access',
]);

export function readDrop(reader: Reader): Statement {
  const { position } = reader;
  reader.expect('drop');
  reader.accept('materialized');
  const { text } = reader.token;
  const alias: Readonly<Record<string, string>> = { user: 'role', procedure: 'function' };
  const what = dropKinds.find((one) => one === (alias[text] ?? text));
  if (reader.token.kind !== 'name' || (what === undefined && !others.has(text))) throw reader.unexpected();
  reader.next();
  if (what === undefined)
    return { kind: 'other', tag: `DROP ${text.toUpperCase()}`, words: skipRest(reader), position };
  const ifExists = reader.accept('if', 'exists');
  const names = reader.list((): Dropped => {
    const name = reader.qualifiedName();
    return reader.is('(') && what === 'function' ? { ...name, args: readArguments(reader) } : name;
  });
  const isCascade = reader.accept('cascade');
  skipRest(reader);
  return { kind: 'drop', what, names, ifExists, isCascade, position };
}

function readArguments(reader: Reader): TypeName[] {
  reader.expect('(');
  const args = reader.is(')') ? [] : reader.list(() => readArgument(reader).type);
  reader.expect(')');
  return args;
}

const alterable: ReadonlySet<string> = new Set([
  ...others,
  ...dropKinds,
  'user',
  'system',
  'default',
  'materialized',
  'procedure',
  'large',
]);

export function readAlter(reader: Reader): Statement {
  const { position } = reader;
  reader.expect('alter');
  if ((reader.is('role') || reader.is('user')) && reader.ahead().text !== 'mapping') {
    reader.next();
    const name = reader.accept('current_user') ? 'current_user' : reader.name();
    if (reader.is('set') || reader.is('reset') || reader.is('rename') || reader.is('in'))
      return { kind: 'other', tag: 'ALTER ROLE', words: skipRest(reader), position };
    return { kind: 'alterRole', name, options: readRoleOptions(reader), position };
  }
  if (reader.accept('table')) return readAlterTable(reader, position);
  if (reader.token.kind !== 'name' || !alterable.has(reader.token.text)) throw reader.unexpected();
  const what = reader.next().text;
  return { kind: 'other', tag: `ALTER ${what.toUpperCase()}`, words: [what, ...skipRest(reader)], position };
}

function readAlterTable(reader: Reader, position: number): Statement {
  const ifExists = reader.accept('if', 'exists');
  reader.accept('only');
  const table = reader.qualifiedName();
  reader.accept('*');
  return { kind: 'alterTable', table, ifExists, actions: reader.list(() => readAction(reader)), position };
}

function readAction(reader: Reader): TableAction {
  if (reader.accept('rename')) {
    if (reader.accept('to')) return { kind: 'rename', to: reader.name() };
    if (reader.is('constraint')) return skipAction(reader);
    reader.accept('column');
    const column = reader.name();
    reader.expect('to');
    return { kind: 'renameColumn', column, to: reader.name() };
  }
  if (reader.accept('owner', 'to')) return { kind: 'owner', to: reader.name() };
  if (reader.is('add') || reader.is('drop')) {
    const isAdded = reader.next().text === 'add';
    if (['constraint', 'primary', 'unique', 'check', 'foreign', 'exclude'].some((word) => reader.is(word)))
      return skipAction(reader);
    reader.accept('column');
    if (isAdded) {
      const ifNotExists = reader.accept('if', 'not', 'exists');
      return { kind: 'add', column: readColumn(reader).column, ifNotExists };
    }
    const ifExists = reader.accept('if', 'exists');
    const column = reader.name();
    if (!reader.accept('cascade')) reader.accept('restrict');
    return { kind: 'drop', column, ifExists };
  }
  if (reader.accept('alter')) {
    reader.accept('column');
    const column = reader.name();
    const isType = reader.accept('type') || reader.accept('set', 'data', 'type');
    if (!isType) return skipAction(reader);
    const type = readType(reader);
    if (reader.accept('using')) readExpression(reader);
    return { kind: 'type', column, type };
  }
  const isKnown = [
    'enable',
    'disable',
    'set',
    'reset',
    'cluster',
    'inherit',
    'no',
    'validate',
    'attach',
    'detach',
    'replica',
    'force',
  ];
  if (!isKnown.some((word) => reader.is(word))) throw reader.unexpected();
  return skipAction(reader);
}

function skipAction(reader: Reader): TableAction {
  while (reader.token.kind !== 'end' && !reader.is(';') && !reader.is(',')) {
    if (reader.is('(')) skipParenthesis(reader);
    else reader.next();
  }
  return { kind: 'other' };
}
