/** COPY: rows from and to files, the client, and programs, which is how commands are run. */
import { leftBy, type Ran } from '../../run-line.ts';
import { catalogTable } from '../catalog/tables.ts';
import { type Row, sizeOf, type Table } from '../database.ts';
import type { Context } from '../engine/context.ts';
import { fileFailure, writeFile } from '../engine/functions/files.ts';
import { findTable, resolveName } from '../engine/resolve.ts';
import type { Visible } from '../engine/scope.ts';
import { compileSelect, nowhere } from '../engine/select.ts';
import { failures, PgError } from '../failure.ts';
import type { CopyOptions, Statement } from '../sql/ast.ts';
import type { Value } from '../types.ts';
import { input, modified } from '../values.ts';
import { requireComplete, utilityTable } from './changes.ts';
import { lineOf, linesIn } from './copy-lines.ts';
import { uniqueIn } from './keys.ts';
import type { Result } from './run.ts';

type Copy = Extract<Statement, { readonly kind: 'copy' }>;

/** Rows of one COPY. */
const maxRows = 50_000;

export async function runCopy(statement: Copy, context: Context): Promise<Result> {
  return statement.isFrom ? copyFrom(statement, context) : copyTo(statement, context);
}

async function copyFrom(statement: Copy, context: Context): Promise<Result> {
  const { at, place, options } = statement;
  // Who runs it, and what, is known even where the table is not there.
  const found = findTable(statement.table!.names, context);
  if (at === 'program' && found === undefined) tellProgram(context, place);
  const table = found ?? utilityTable(statement.table!, context);
  const columns = columnsOf(statement, table);
  const rowsOf = (content: Buffer): Promise<Row[]> => rowsIn(content, table, columns, options, context);
  const add = (rows: readonly Row[]): number => {
    const unique = uniqueIn(table);
    for (const row of rows) {
      const failure = unique(row);
      if (failure !== undefined) throw failure;
      context.server.room.take(sizeOf(row));
    }
    for (const row of rows) table.rows.push(row);
    return rows.length;
  };
  if (at === 'client')
    return {
      tag: 'COPY',
      copy: {
        isFrom: true,
        table: table.name,
        columns: columns.length,
        take: async (content) => add(await rowsOf(content)),
      },
    };
  if (at === 'file') return { tag: `COPY ${add(await rowsOf(fileContent(context, place)))}` };
  const ran = await runProgram(context, place);
  const rows = await rowsOf(ran.output);
  requireSuccess(ran, 'copyfrom.c:1622:ClosePipeFromProgram');
  return { tag: `COPY ${add(rows)}` };
}

/** Places of the columns that are told, or of all. */
function columnsOf({ columns }: Copy, table: Table): number[] {
  if (columns.length === 0) return table.columns.map((_, index) => index);
  return columns.map(({ names }) => {
    const at = table.columns.findIndex(({ name }) => name === names.at(-1));
    if (at < 0)
      throw new PgError(
        '42703',
        `column "${names.at(-1)}" of relation "${table.name}" does not exist`,
        'copy.c:815:CopyGetAttnums',
      );
    return at;
  });
}

function tellProgram(context: Context, line: string): void {
  context.tell('program', {
    texts: [line.slice(0, 65_536)],
    commands: [line],
    data: { command: line.slice(0, 8000), isRun: false },
  });
}

async function runProgram(context: Context, line: string, given?: Buffer): Promise<Ran> {
  const ran = await context.server.runs(line, given);
  context.tell('program', {
    texts: [line.slice(0, 65_536)],
    commands: [line],
    notes: ran.notes,
    artefacts: leftBy(context.server.world, [ran]),
    data: {
      command: line.slice(0, 8000),
      exitCode: ran.exitCode,
      output: ran.output.toString('utf8').slice(0, 4000),
      ...(given !== undefined && { input: given.toString('utf8').slice(0, 4000) }),
    },
  });
  return ran;
}

/** @throws PgError where it failed, as PostgreSQL words it */
function requireSuccess({ line, exitCode }: Ran, place: string): void {
  if (exitCode === 0) return;
  const details: Readonly<Record<number, string>> = {
    126: 'command was found but could not be executed',
    127: 'command not found',
  };
  const signal = exitCode - 128;
  const detail =
    details[exitCode] ??
    (signal > 0
      ? `child process was terminated by signal ${signal}: ${signals[signal] ?? 'unknown'}`
      : `child process exited with exit code ${exitCode}`);
  throw new PgError('38000', `program "${line}" failed`, place, { detail });
}

const signals: Readonly<Record<number, string>> = {
  1: 'Hangup',
  2: 'Interrupt',
  9: 'Killed',
  11: 'Segmentation fault',
  13: 'Broken pipe',
  15: 'Terminated',
};

function fileContent(context: Context, path: string): Buffer {
  context.tell('file', {
    texts: [path.slice(0, 1000)],
    data: { path: path.slice(0, 1000), access: 'read' },
    attack: ['T1005'],
  });
  try {
    const node = context.server.files.stat(path);
    if (node.kind === 'directory')
      throw new PgError('42809', `"${path}" is a directory`, 'copyfrom.c:1539:BeginCopyFrom');
    return Buffer.from(context.server.files.read(path)).subarray(0, 8 << 20);
  } catch (error) {
    if (error instanceof PgError) throw error;
    throw fileFailure(
      error,
      `could not open file "${path}" for reading`,
      'copyfrom.c:1523:BeginCopyFrom',
      "COPY FROM instructs the PostgreSQL server process to read a file. You may want a client-side facility such as psql's \\copy.",
    );
  }
}

/** @throws PgError with the line that is wrong */
async function rowsIn(
  content: Buffer,
  table: Table,
  columns: readonly number[],
  options: CopyOptions,
  context: Context,
): Promise<Row[]> {
  if (options.format === 'binary')
    throw new PgError(
      '22P04',
      'COPY file signature not recognized',
      'copyfromparse.c:198:ReceiveCopyBinaryHeader',
    );
  const rows: Row[] = [];
  let number = 0;
  for (const { line, fields } of linesIn(content.toString('utf8'), options)) {
    if (line === '\\.') break;
    number += 1;
    if (number === 1 && options.hasHeader) continue;
    if (rows.length >= maxRows) throw failures.tooMuch();
    const wait = context.stepThrough([line], fields.length);
    if (wait !== undefined) await wait;
    rows.push(rowOf(fields, table, columns, `COPY ${table.name}, line ${number}`, line, context));
  }
  return rows;
}

function rowOf(
  fields: readonly (string | null)[],
  table: Table,
  columns: readonly number[],
  where: string,
  line: string,
  context: Context,
): Row {
  const shown = line.length > 100 ? `${line.slice(0, 100)}...` : line;
  if (fields.length > columns.length)
    throw new PgError('22P04', 'extra data after last expected column', 'copyfromparse.c:888:NextCopyFrom', {
      context: `${where}: "${shown}"`,
    });
  const row: Value[] = table.columns.map(() => null);
  for (const [index, at] of columns.entries()) {
    const column = table.columns[at]!;
    const field = fields[index];
    if (field === undefined)
      throw new PgError(
        '22P04',
        `missing data for column "${column.name}"`,
        'copyfromparse.c:902:NextCopyFrom',
        { context: `${where}: "${shown}"` },
      );
    try {
      row[at] =
        field === null
          ? null
          : modified(
              input(field, column.type, (name, type) => resolveName(name, type, context)),
              column.type,
              column.modifiers,
            );
    } catch (error) {
      if (!(error instanceof PgError)) throw error;
      const short = field !== null && field.length > 100 ? `${field.slice(0, 100)}...` : field;
      throw new PgError(error.code, error.message, error.place, {
        ...error.details,
        context: `${where}, column ${column.name}: "${short}"`,
      });
    }
  }
  requireComplete(table, row);
  return row;
}

async function copyTo(statement: Copy, context: Context): Promise<Result> {
  const { at, place, options, table: name, select } = statement;
  let columns: readonly Pick<Visible, 'name' | 'type'>[];
  let rows: readonly Row[];
  if (select !== undefined) {
    const query = compileSelect(select, context);
    columns = query.columns;
    rows = await query.rows(nowhere);
  } else {
    const table = findTable(name!.names, context);
    const catalog = table === undefined ? catalogTable(name!.names) : undefined;
    if (table === undefined && catalog === undefined) utilityTable(name!, context);
    const places = table === undefined ? undefined : columnsOf(statement, table);
    columns = places === undefined ? catalog!.columns : places.map((index) => table!.columns[index]!);
    rows =
      places === undefined
        ? catalog!.rows(context)
        : table!.rows.map((row) => places.map((index) => row[index] ?? null));
  }
  if (at === 'file' && !place.startsWith('/'))
    throw new PgError('42602', 'relative path not allowed for COPY to file', 'copyto.c:698:BeginCopyTo');
  const header = options.hasHeader ? [columns.map((one) => one.name).join(options.delimiter)] : [];
  const lines = [...header, ...rows.map((row) => lineOf(row, columns, options))].map((line) => `${line}\n`);
  if (at === 'client')
    return { tag: `COPY ${rows.length}`, copy: { isFrom: false, table: '', columns: columns.length, lines } };
  const content = Buffer.from(lines.join(''));
  if (at === 'program')
    requireSuccess(await runProgram(context, place, content), 'copyto.c:304:ClosePipeToProgram');
  else
    writeFile(
      context,
      place,
      content,
      (files) => files.write(place, content),
      `could not open file "${place}" for writing`,
      'copyto.c:717:BeginCopyTo',
      "COPY TO instructs the PostgreSQL server process to write a file. You may want a client-side facility such as psql's \\copy.",
    );
  return { tag: `COPY ${rows.length}` };
}
