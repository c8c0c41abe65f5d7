/** Reads CREATE. */
import type { ColumnDefinition, KeyDefinition, Literal, Name, Statement, TypeName } from './ast.ts';
import { readExpression, skipParenthesis } from './expressions.ts';
import type { Reader } from './reader.ts';
import { readRoleOptions } from './roles.ts';
import { readSelect } from './selects.ts';
import { readType } from './type-names.ts';

export function readCreate(reader: Reader): Statement {
  const { position } = reader;
  reader.expect('create');
  const replaces = reader.accept('or', 'replace');
  for (const word of ['global', 'local', 'temporary', 'temp', 'unlogged', 'trusted', 'procedural'])
    reader.accept(word);
  if (reader.accept('table')) return readCreateTable(reader, position);
  if (reader.is('function') || reader.is('procedure')) return readCreateFunction(reader, position, replaces);
  if (reader.accept('extension')) {
    const ifNotExists = reader.accept('if', 'not', 'exists');
    const name = reader.name();
    skipRest(reader);
    return { kind: 'createExtension', name, ifNotExists, position };
  }
  for (const word of ['role', 'user', 'group']) {
    if (!reader.is(word) || reader.ahead().text === 'mapping') continue;
    reader.next();
    const name = reader.name();
    return { kind: 'createRole', name, isUser: word === 'user', options: readRoleOptions(reader), position };
  }
  if (reader.accept('database')) {
    const name = reader.name();
    skipRest(reader);
    return { kind: 'createDatabase', name, position };
  }
  if (reader.accept('schema')) {
    const ifNotExists = reader.accept('if', 'not', 'exists');
    const name = reader.accept('authorization') ? reader.name() : reader.name();
    skipRest(reader);
    return { kind: 'createSchema', name, ifNotExists, position };
  }
  if (reader.accept('view')) {
    const view = reader.qualifiedName();
    const columns = readNames(reader);
    if (reader.accept('with')) skipParenthesis(reader);
    reader.expect('as');
    const select = readSelect(reader);
    skipRest(reader);
    return { kind: 'createView', view, columns, select, replaces, position };
  }
  if (reader.accept('sequence')) {
    const ifNotExists = reader.accept('if', 'not', 'exists');
    const sequence = reader.qualifiedName();
    const words = skipRest(reader);
    const at = words.indexOf('start');
    const start = Number(at < 0 ? 1 : words[at + (words[at + 1] === 'with' ? 2 : 1)]);
    return {
      kind: 'createSequence',
      sequence,
      start: Number.isSafeInteger(start) ? start : 1,
      ifNotExists,
      position,
    };
  }
  const known = [
    'index',
    'type',
    'trigger',
    'language',
    'server',
    'domain',
    'aggregate',
    'cast',
    'operator',
    'rule',
    'policy',
    'publication',
    'subscription',
    'tablespace',
    'event',
    'materialized',
    'unique',
    'foreign',
    'collation',
    'conversion',
    'statistics',
    'text',
    'transform',
    'access',
    'user',
  ];
  if (!known.some((word) => reader.is(word))) throw reader.unexpected();
  reader.accept('unique');
  const what =
    reader.is('materialized') || reader.is('foreign') || reader.is('event')
      ? `${reader.next().text} ${reader.next().text}`
      : reader.next().text;
  return { kind: 'other', tag: `CREATE ${what.toUpperCase()}`, words: skipRest(reader), position };
}

function readCreateTable(reader: Reader, position: number): Statement {
  const ifNotExists = reader.accept('if', 'not', 'exists');
  const table = reader.qualifiedName();
  if (reader.accept('as')) {
    const select = readSelect(reader);
    skipRest(reader);
    return { kind: 'createTable', table, columns: [], keys: [], select, ifNotExists, position };
  }
  reader.expect('(');
  const columns: ColumnDefinition[] = [];
  const keys: KeyDefinition[] = [];
  if (!reader.is(')'))
    reader.list(() => {
      if (isConstraint(reader)) return keys.push(...readConstraint(reader));
      const read = readColumn(reader);
      columns.push(read.column);
      return keys.push(...read.keys);
    });
  reader.expect(')');
  skipRest(reader);
  return { kind: 'createTable', table, columns, keys, ifNotExists, position };
}

function isConstraint(reader: Reader): boolean {
  return ['constraint', 'primary', 'unique', 'check', 'foreign', 'exclude', 'like'].some((word) =>
    reader.is(word),
  );
}

/** Of the table as a whole. */
function readConstraint(reader: Reader): KeyDefinition[] {
  const named = reader.accept('constraint') ? reader.name() : undefined;
  const { position } = reader;
  const isPrimary = reader.accept('primary', 'key');
  if (!isPrimary && !reader.accept('unique')) {
    skipColumn(reader);
    return [];
  }
  reader.expect('(');
  const columns = reader.list(() => reader.name());
  reader.expect(')');
  skipColumn(reader);
  return [{ name: named, columns, isPrimary, position }];
}

const serials: ReadonlySet<string> = new Set(['serial', 'bigserial', 'smallserial', 'serial4', 'serial8']);

export function readColumn(reader: Reader): {
  readonly column: ColumnDefinition;
  readonly keys: readonly KeyDefinition[];
} {
  const name = reader.name();
  const type = readType(reader);
  const keys: KeyDefinition[] = [];
  let [notNull, isSerial] = [serials.has(type.name), serials.has(type.name)];
  let [byDefault, named] = [
    {} as Pick<ColumnDefinition, 'default' | 'defaultText'>,
    undefined as string | undefined,
  ];
  while (!reader.is(',') && !reader.is(')') && !reader.is(';') && reader.token.kind !== 'end') {
    const { position } = reader;
    if (reader.accept('constraint')) named = reader.name();
    else if (reader.accept('not', 'null')) notNull = true;
    else if (reader.accept('default')) {
      const begin = reader.position;
      const value = readExpression(reader, 5);
      byDefault = { default: value, defaultText: reader.since(begin) };
    } else if (reader.accept('generated')) {
      isSerial = true;
      notNull = true;
      while (!reader.is(',') && !reader.is(')') && !reader.is('(')) skipOne(reader);
    } else if (reader.accept('primary', 'key')) {
      notNull = true;
      keys.push({ name: named, columns: [name], isPrimary: true, position });
    } else if (reader.accept('unique'))
      keys.push({ name: named, columns: [name], isPrimary: false, position });
    else skipOne(reader);
  }
  return { column: { name, type, notNull, isSerial, ...byDefault }, keys };
}

function skipColumn(reader: Reader): void {
  while (!reader.is(',') && !reader.is(')')) skipOne(reader);
}

function skipOne(reader: Reader): void {
  if (reader.token.kind === 'end' || reader.is(';')) throw reader.unexpected();
  if (reader.is('(')) skipParenthesis(reader);
  else reader.next();
}

function readNames(reader: Reader): Name[] {
  if (!reader.accept('(')) return [];
  const names = reader.list(() => reader.qualifiedName());
  reader.expect(')');
  return names;
}

function readCreateFunction(reader: Reader, position: number, replaces: boolean): Statement {
  const isProcedure = reader.next().text === 'procedure';
  const name = reader.qualifiedName();
  reader.expect('(');
  const args = reader.is(')') ? [] : reader.list(() => readArgument(reader));
  reader.expect(')');
  let returns: ReturnType<typeof readType> | undefined;
  let language = '';
  let body: Literal[] = [];
  for (;;) {
    if (reader.accept('returns')) {
      if (reader.accept('null', 'on', 'null', 'input')) continue;
      if (reader.is('table', '(')) {
        returns = { name: 'record', modifiers: [], position: reader.position };
        reader.next();
        skipParenthesis(reader);
      } else returns = readType(reader);
    } else if (reader.accept('language')) {
      language = reader.token.kind === 'string' ? reader.next().text : reader.anyName();
    } else if (reader.accept('as')) body = reader.list(() => reader.literal());
    else if (reader.token.kind === 'name') reader.next();
    else if (reader.is('(')) skipParenthesis(reader);
    else if (reader.token.kind === 'number' || reader.is('=')) reader.next();
    else break;
  }
  return {
    kind: 'createFunction',
    name,
    replaces,
    args,
    returns,
    language: language.toLowerCase(),
    body,
    isProcedure,
    position,
  };
}

export function readArgument(reader: Reader): { readonly type: TypeName; readonly name?: string } {
  for (const mode of ['in', 'out', 'inout', 'variadic']) if (reader.accept(mode)) break;
  const isNamed =
    reader.token.kind === 'identifier' ||
    (reader.ahead().kind === 'name' &&
      !['precision', 'varying', 'with', 'without', 'default'].includes(reader.ahead().text)) ||
    reader.ahead().kind === 'identifier';
  const name = isNamed ? reader.anyName() : undefined;
  const type = readType(reader);
  if (reader.accept('default') || reader.accept('=')) readExpression(reader);
  return { type, ...(name !== undefined && { name }) };
}

/** What is not looked at. */
export function skipRest(reader: Reader): string[] {
  const words: string[] = [];
  while (reader.token.kind !== 'end' && !reader.is(';')) words.push(reader.next().text.slice(0, 1000));
  return words.slice(0, 100);
}
