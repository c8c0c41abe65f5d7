/** Reads statements: all of a query, before any of it is done. */
import { failures } from '../failure.ts';
import { readAlter, readDrop } from './alter.ts';
import type { Statement } from './ast.ts';
import { readDelete, readInsert, readUpdate } from './changes.ts';
import { readCopy } from './copy.ts';
import { readCreate, skipRest } from './create.ts';
import { readExpression } from './expressions.ts';
import { Reader } from './reader.ts';
import { isSelect, readSelect } from './selects.ts';
import {
  readCursor,
  readDo,
  readExplain,
  readParameter,
  readPrepared,
  readSet,
  readTransaction,
} from './session.ts';

export interface Parsed {
  readonly statement: Statement;
  /** Its own part of the query. */
  readonly text: string;
}

/** Statements of one query. */
const maxStatements = 1000;

/** @throws PgError for the first word that is not as it should be */
export function parse(query: string): Parsed[] {
  const reader = new Reader(query);
  const all: Parsed[] = [];
  for (;;) {
    while (reader.accept(';'));
    if (reader.isOver) return all;
    if (all.length >= maxStatements) throw failures.tooMuch();
    const begin = reader.position;
    const statement = readStatement(reader);
    if (!reader.is(';') && !reader.isOver) throw reader.unexpected();
    all.push({ statement, text: reader.since(begin) });
  }
}

export function readStatement(reader: Reader): Statement {
  const { position, token } = reader;
  if (isSelect(reader)) return { kind: 'select', select: readSelect(reader), position };
  if (token.kind !== 'name') throw reader.unexpected();
  switch (token.text) {
    case 'insert':
      return readInsert(reader);
    case 'update':
      return readUpdate(reader);
    case 'delete':
      return readDelete(reader);
    case 'truncate': {
      reader.next();
      reader.accept('table');
      reader.accept('only');
      const tables = reader.list(() => reader.qualifiedName());
      skipRest(reader);
      return { kind: 'truncate', tables, position };
    }
    case 'create':
      return readCreate(reader);
    case 'drop':
      return readDrop(reader);
    case 'alter':
      return readAlter(reader);
    case 'copy':
      return readCopy(reader);
    case 'set':
      return readSet(reader);
    case 'reset': {
      reader.next();
      const name = reader.accept('all') ? 'all' : readParameter(reader);
      return { kind: 'set', name, value: undefined, isLocal: false, position };
    }
    case 'show':
      reader.next();
      return { kind: 'show', name: readParameter(reader), position };
    case 'begin':
    case 'start':
    case 'commit':
    case 'end':
    case 'rollback':
    case 'abort':
    case 'savepoint':
    case 'release':
      return readTransaction(reader);
    case 'do':
      return readDo(reader);
    case 'call':
      reader.next();
      return { kind: 'call', call: readExpression(reader, 100), position };
    case 'explain':
      return readExplain(reader);
    case 'prepare':
    case 'execute':
    case 'deallocate':
      return readPrepared(reader);
    case 'declare':
    case 'fetch':
    case 'move':
    case 'close':
      return readCursor(reader);
    case 'load':
      reader.next();
      return { kind: 'load', library: reader.string(), position };
    default:
      return readOther(reader);
  }
}

/** Statements of which the visitor sees no more than that they were done. */
const others: Readonly<Record<string, string>> = {
  analyze: 'ANALYZE',
  checkpoint: 'CHECKPOINT',
  cluster: 'CLUSTER',
  comment: 'COMMENT',
  discard: 'DISCARD ALL',
  grant: 'GRANT',
  import: 'IMPORT FOREIGN SCHEMA',
  listen: 'LISTEN',
  lock: 'LOCK TABLE',
  notify: 'NOTIFY',
  reassign: 'REASSIGN OWNED',
  refresh: 'REFRESH MATERIALIZED VIEW',
  reindex: 'REINDEX',
  revoke: 'REVOKE',
  security: 'SECURITY LABEL',
  unlisten: 'UNLISTEN',
  vacuum: 'VACUUM',
};

function readOther(reader: Reader): Statement {
  const { position, token } = reader;
  const tag = others[token.text];
  if (tag === undefined) throw reader.unexpected();
  reader.next();
  const words = skipRest(reader);
  const isRole = (token.text === 'grant' || token.text === 'revoke') && !words.includes('on');
  return { kind: 'other', tag: isRole ? `${tag} ROLE` : tag, words, position };
}
