/** Reads COPY: what goes where, and how it is written. */
import { PgError } from '../failure.ts';
import type { CopyOptions, Name, Select, Statement } from './ast.ts';
import type { Reader } from './reader.ts';
import { isSelect, readSelect } from './selects.ts';

export function readCopy(reader: Reader): Statement {
  const { position } = reader;
  reader.expect('copy');
  reader.accept('binary');
  const { table, columns, select } = readWhat(reader);
  if (select !== undefined && reader.is('from')) throw reader.unexpected();
  const isFrom = reader.accept('from');
  if (!isFrom) reader.expect('to');
  let at: 'program' | 'file' | 'client' = 'file';
  let place = '';
  if (reader.accept('program')) {
    at = 'program';
    place = reader.string();
  } else if (reader.accept('stdin') || reader.accept('stdout')) at = 'client';
  else place = reader.string();
  const options = readOptions(reader);
  const what = { columns, ...(table && { table }), ...(select && { select }) };
  return { kind: 'copy', isFrom, at, place, options, position, ...what };
}

function readWhat(reader: Reader): {
  readonly table?: Name;
  readonly columns: Name[];
  readonly select?: Select;
} {
  if (isSelect(reader)) {
    reader.expect('(');
    const select = readSelect(reader);
    reader.expect(')');
    return { columns: [], select };
  }
  const table = reader.qualifiedName();
  if (!reader.accept('(')) return { table, columns: [] };
  const columns = reader.list(() => reader.qualifiedName());
  reader.expect(')');
  return { table, columns };
}

function readOptions(reader: Reader): CopyOptions {
  let [format, hasHeader] = ['text' as CopyOptions['format'], false];
  let [delimiter, empty] = [undefined as string | undefined, undefined as string | undefined];
  reader.accept('with');
  const isList = reader.accept('(');
  while (reader.token.kind !== 'end' && !reader.is(';') && !reader.is(')') && !reader.is('where')) {
    const { position } = reader;
    const word = reader.anyName();
    if (word === 'format') {
      const given = reader.next().text.toLowerCase();
      if (given !== 'text' && given !== 'csv' && given !== 'binary')
        throw new PgError('22023', `COPY format "${given}" not recognized`, 'copy.c:480:ProcessCopyOptions', {
          position,
        });
      format = given;
    } else if (word === 'csv') format = 'csv';
    else if (word === 'binary') format = 'binary';
    else if (word === 'delimiter') {
      reader.accept('as');
      delimiter = reader.string();
    } else if (word === 'null') {
      reader.accept('as');
      empty = reader.string();
    } else if (word === 'header') {
      hasHeader = true;
      if (isList && !reader.is(',') && !reader.is(')'))
        hasHeader = /^(?:true|on|1|match)$/i.test(reader.next().text);
    } else if (
      ['quote', 'escape', 'encoding', 'freeze', 'force_quote', 'force_null', 'force_not_null'].includes(word)
    ) {
      reader.accept('as');
      if (!reader.is(',') && !reader.is(')')) reader.next();
    } else
      throw new PgError('42601', `option "${word}" not recognized`, 'copy.c:596:ProcessCopyOptions', {
        position,
      });
    reader.accept(',');
  }
  if (isList) reader.expect(')');
  if (reader.accept('where')) while (reader.token.kind !== 'end' && !reader.is(';')) reader.next();
  return {
    format,
    hasHeader,
    delimiter: delimiter ?? (format === 'csv' ? ',' : '\t'),
    null: empty ?? (format === 'csv' ? '' : '\\N'),
  };
}
