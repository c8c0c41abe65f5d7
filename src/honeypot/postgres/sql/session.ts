/** Reads what is about the session: SET, transactions, what is prepared, cursors, DO and EXPLAIN. */
import { PgError } from '../failure.ts';
import type { Expression, Literal, Statement } from './ast.ts';
import { skipRest } from './create.ts';
import { readExpression, skipParenthesis } from './expressions.ts';
import type { Reader } from './reader.ts';
import { isSelect, readSelect } from './selects.ts';
import { readStatement } from './statements.ts';
import { readType } from './type-names.ts';

export function readParameter(reader: Reader): string {
  if (reader.accept('time', 'zone')) return 'timezone';
  if (reader.accept('transaction', 'isolation', 'level')) return 'transaction_isolation';
  if (reader.accept('session', 'authorization')) return 'session_authorization';
  let name = reader.anyName();
  while (reader.accept('.')) name += `.${reader.anyName()}`;
  return name;
}

export function readSet(reader: Reader): Statement {
  const { position } = reader;
  reader.expect('set');
  const isLocal = reader.accept('local');
  if (reader.is('session') && reader.ahead().text !== 'authorization') reader.accept('session');
  if (reader.accept('transaction') || reader.accept('characteristics') || reader.accept('constraints')) {
    skipRest(reader);
    return { kind: 'other', tag: 'SET', words: [], position };
  }
  const name = reader.accept('names')
    ? 'client_encoding'
    : reader.accept('role')
      ? 'role'
      : readParameter(reader);
  if (
    name !== 'timezone' &&
    name !== 'client_encoding' &&
    name !== 'role' &&
    name !== 'session_authorization'
  ) {
    if (!reader.accept('to')) reader.expect('=');
  } else if (!reader.accept('to')) reader.accept('=');
  const values = reader.list(() => {
    const sign = reader.accept('-') ? '-' : '';
    if (reader.token.kind === 'end' || reader.token.kind === 'symbol') throw reader.unexpected();
    return sign + reader.next().text;
  });
  const value = values.join(', ');
  return { kind: 'set', name, value: value === 'default' ? undefined : value, isLocal, position };
}

export function readTransaction(reader: Reader): Statement {
  const { position } = reader;
  const word = reader.next().text;
  const made = (what: (Statement & { readonly kind: 'transaction' })['what'], tag: string): Statement => {
    skipRest(reader);
    return { kind: 'transaction', what, tag, position };
  };
  switch (word) {
    case 'begin':
      return made('begin', 'BEGIN');
    case 'start':
      reader.expect('transaction');
      return made('begin', 'START TRANSACTION');
    case 'commit':
    case 'end':
      return made('commit', 'COMMIT');
    case 'savepoint':
      reader.name();
      return made('savepoint', 'SAVEPOINT');
    case 'release':
      return made('release', 'RELEASE');
    default:
      if (!reader.accept('work')) reader.accept('transaction');
      return reader.is('to') ? made('rollbackTo', 'ROLLBACK') : made('rollback', 'ROLLBACK');
  }
}

export function readDo(reader: Reader): Statement {
  const { position } = reader;
  reader.expect('do');
  let [language, body] = ['plpgsql', undefined as Literal | undefined];
  while (reader.token.kind !== 'end' && !reader.is(';')) {
    if (reader.accept('language')) language = reader.next().text.toLowerCase();
    else body = reader.literal();
  }
  if (body === undefined)
    throw new PgError('42601', 'no inline code specified', 'functioncmds.c:2095:ExecuteDoStmt');
  return { kind: 'do', body, language, position };
}

/** Whether a statement begins here that can be prepared. */
function isPreparable(reader: Reader): boolean {
  return isSelect(reader) || ['insert', 'update', 'delete'].some((word) => reader.is(word));
}

export function readExplain(reader: Reader): Statement {
  const { position } = reader;
  reader.expect('explain');
  reader.accept('analyze');
  reader.accept('verbose');
  if (reader.is('(') && !isSelect(reader)) skipParenthesis(reader);
  const isKnown = isPreparable(reader) || ['create', 'declare', 'execute'].some((word) => reader.is(word));
  if (!isKnown) throw reader.unexpected();
  return { kind: 'explain', of: readStatement(reader), position };
}

export function readPrepared(reader: Reader): Statement {
  const { position } = reader;
  const word = reader.next().text;
  if (word === 'deallocate') {
    reader.accept('prepare');
    return { kind: 'deallocate', name: reader.accept('all') ? undefined : reader.name(), position };
  }
  const name = reader.name();
  if (word === 'execute') {
    let args: Expression[] = [];
    if (reader.accept('(')) {
      args = reader.list(() => readExpression(reader));
      reader.expect(')');
    }
    return { kind: 'execute', name, args, position };
  }
  let types: ReturnType<typeof readType>[] = [];
  if (reader.accept('(')) {
    types = reader.list(() => readType(reader));
    reader.expect(')');
  }
  reader.expect('as');
  if (!isPreparable(reader)) throw reader.unexpected();
  return { kind: 'prepare', name, types, of: readStatement(reader), position };
}

/** DECLARE c CURSOR FOR …, FETCH, MOVE, CLOSE. */
export function readCursor(reader: Reader): Statement {
  const { position } = reader;
  const word = reader.next().text;
  if (word === 'close')
    return { kind: 'close', name: reader.accept('all') ? undefined : reader.name(), position };
  if (word === 'declare') {
    const name = reader.name();
    while (['binary', 'insensitive', 'asensitive', 'no', 'scroll'].some((one) => reader.accept(one)));
    reader.expect('cursor');
    const isHeld = reader.accept('with', 'hold');
    reader.accept('without', 'hold');
    reader.expect('for');
    return { kind: 'declare', name, select: readSelect(reader), isHeld, position };
  }
  let count = 1;
  if (reader.accept('all') || reader.accept('forward', 'all')) count = Number.POSITIVE_INFINITY;
  else {
    if (!reader.accept('next')) reader.accept('forward');
    if (reader.token.kind === 'number') count = Number(reader.next().text);
  }
  if (!reader.accept('from')) reader.accept('in');
  return { kind: 'fetch', name: reader.name(), count, isMove: word === 'move', position };
}
