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
import { input, modified, output, type Value } from '../types.ts';
import { requireComplete, utilityTable } from './changes.ts';
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
  const rowsOf = (content: Buffer): Row[] => rowsIn(content, table, columns, options, context);
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
      copy: { isFrom: true, columns: columns.length, take: async (content) => add(rowsOf(content)) },
    };
  if (at === 'file') return { tag: `COPY ${add(rowsOf(fileContent(context, place)))}` };
  const ran = await runProgram(context, place);
  const rows = rowsOf(ran.output);
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
        'copy.c:817:CopyGetAttnums',
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
function rowsIn(
  content: Buffer,
  table: Table,
  columns: readonly number[],
  options: CopyOptions,
  context: Context,
): Row[] {
  if (options.format === 'binary')
    throw new PgError(
      '22P04',
      'COPY file signature not recognized',
      'copyfromparse.c:185:ReceiveCopyBinaryHeader',
    );
  const text = content.toString('utf8');
  const lines =
    options.format === 'csv'
      ? csvLines(text, options.delimiter)
      : text.split('\n').map((line) => line.replace(/\r$/, ''));
  if (lines.at(-1) === '' || (Array.isArray(lines.at(-1)) && lines.at(-1)!.length === 0)) lines.pop();
  if (options.hasHeader) lines.shift();
  if (lines.length > maxRows) throw failures.tooMuch();
  const rows: Row[] = [];
  for (const [index, line] of lines.entries()) {
    if (line === '\\.') break;
    const where = `COPY ${table.name}, line ${index + 1}`;
    const fields = Array.isArray(line)
      ? (line as readonly (string | null)[])
      : textFields(line as string, options);
    rows.push(
      rowOf(
        fields,
        table,
        columns,
        where,
        Array.isArray(line) ? fields.join(options.delimiter) : (line as string),
        context,
      ),
    );
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

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function textFields(line: string, { delimiter, null: empty }: CopyOptions): (string | null)[] {
  return line.split(delimiter).map((field) => {
    if (field === empty) return null;
    return field.replace(/\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)/g, (_, code: string) => {
      if (/^x./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
      if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 0xff);
      return escapes[code] ?? code;
    });
  });
}

/** Lines of fields; quotes may hold line ends. */
function csvLines(text: string, delimiter: string): (string | null)[][] {
  const lines: (string | null)[][] = [];
  let [fields, field, isQuoted, wasQuoted] = [[] as (string | null)[], '', false, false];
  const endField = (): void => {
    fields.push(field === '' && !wasQuoted ? null : field);
    [field, wasQuoted] = ['', false];
  };
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]!;
    if (isQuoted) {
      if (char !== '"') field += char;
      else if (text[at + 1] === '"') {
        field += '"';
        at += 1;
      } else isQuoted = false;
    } else if (char === '"') {
      isQuoted = true;
      wasQuoted = true;
    } else if (char === delimiter) endField();
    else if (char === '\n') {
      endField();
      lines.push(fields);
      fields = [];
    } else if (char !== '\r') field += char;
  }
  if (field !== '' || fields.length > 0) {
    endField();
    lines.push(fields);
  }
  return lines;
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
    throw new PgError('42602', 'relative path not allowed for COPY to file', 'copyto.c:703:BeginCopyTo');
  const header = options.hasHeader ? [columns.map((one) => one.name).join(options.delimiter)] : [];
  const lines = [...header, ...rows.map((row) => lineOf(row, columns, options))].map((line) => `${line}\n`);
  if (at === 'client')
    return { tag: `COPY ${rows.length}`, copy: { isFrom: false, columns: columns.length, lines } };
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
      'copyto.c:722:BeginCopyTo',
      "COPY TO instructs the PostgreSQL server process to write a file. You may want a client-side facility such as psql's \\copy.",
    );
  return { tag: `COPY ${rows.length}` };
}

function lineOf(
  row: Row,
  columns: readonly Pick<Visible, 'type'>[],
  { format, delimiter, null: empty }: CopyOptions,
): string {
  return row
    .map((value, index) => {
      if (value === null) return empty;
      const text = output(value, columns[index]!.type);
      if (format === 'csv')
        return /["\n\r]/.test(text) || text.includes(delimiter) || text === empty
          ? `"${text.replaceAll('"', '""')}"`
          : text;
      return text.replace(/[\\\n\r\t\b\f\v]/g, (char) => escaped[char]!);
    })
    .join(delimiter);
}

const escaped: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
};
