/** Functions that read the server's files, and large objects, by which attackers bring theirs. */
import { FileError } from '../../../world/files/node.ts';
import type { View } from '../../../world/files/view.ts';
import { failures, PgError } from '../../failure.ts';
import { momentText } from '../../moments.ts';
import { types, type Value } from '../../types.ts';
import type { Context } from '../context.ts';
import { define, type SqlFunction } from './define.ts';

/** Bytes of a file that are read at once. */
const maxRead = 4 << 20;
/** Large objects of one source. */
const maxObjects = 200;

const denied: Readonly<Record<string, string>> = {
  EACCES: '42501',
  ENOENT: '58P01',
  EISDIR: '42809',
  ENOTDIR: '42809',
  ENOSPC: '53100',
};

/** What went wrong with a file, as PostgreSQL tells it. */
export function fileFailure(error: unknown, doing: string, place: string, hint?: string): PgError {
  if (!(error instanceof FileError)) throw error;
  return new PgError(
    denied[error.code] ?? '58000',
    `${doing}: ${error.message}`,
    place,
    hint === undefined ? {} : { hint },
  );
}

function readFile(context: Context, path: string): Buffer {
  context.tell('file', {
    texts: [path.slice(0, 1000)],
    data: { path: path.slice(0, 1000), access: 'read' },
    attack: ['T1005'],
  });
  try {
    const content = Buffer.from(context.server.files.read(path));
    return content.subarray(0, maxRead);
  } catch (error) {
    if (error instanceof FileError && error.code === 'EISDIR')
      throw fileFailure(error, `could not read file "${path}"`, 'genfile.c:195:read_binary_file');
    throw fileFailure(error, `could not open file "${path}" for reading`, 'genfile.c:121:read_binary_file');
  }
}

/** @throws PgError */
export function writeFile(
  context: Context,
  path: string,
  content: Buffer,
  change: (files: View) => void,
  doing: string,
  place: string,
  hint?: string,
): void {
  context.tell('file', {
    texts: [path.slice(0, 1000), content.subarray(0, 65_536).toString('utf8')],
    data: { path: path.slice(0, 1000), access: 'write', size: content.length },
    severity: 'high',
    artefacts: [{ name: path.slice(0, 1000), content }],
  });
  try {
    change(context.server.files);
  } catch (error) {
    throw fileFailure(error, doing, place, hint);
  }
}

/** Part of a file: from a byte on, so many. */
function part(content: Buffer, offset = 0n, length?: bigint): Buffer {
  if (length !== undefined && length < 0n)
    throw new PgError('22023', 'requested length cannot be negative', 'genfile.c:299:pg_read_file_v2');
  const from = Number(offset < 0n ? BigInt(content.length) + offset : offset);
  return content.subarray(
    Math.max(0, from),
    length === undefined ? undefined : Math.max(0, from) + Number(length),
  );
}

function readText(context: Context, path: string, offset?: bigint, length?: bigint): Value {
  const bytes = part(readFile(context, path), offset, length);
  if (bytes.includes(0))
    throw new PgError(
      '22021',
      'invalid byte sequence for encoding "UTF8": 0x00',
      'mbutils.c:1798:report_invalid_encoding_int',
    );
  return bytes.toString('utf8');
}

function list(context: Context, path: string): string[] {
  context.tell('file', {
    texts: [path.slice(0, 1000)],
    data: { path: path.slice(0, 1000), access: 'list' },
    attack: ['T1083'],
  });
  try {
    return context.server.files.list(path).map(({ name }) => name);
  } catch (error) {
    throw fileFailure(error, `could not open directory "${path}"`, 'fd.c:2807:ReadDirExtended');
  }
}

function object({ server }: Context, oid: number): Buffer {
  const content = server.largeObjects.get(oid);
  if (content === undefined)
    throw new PgError('42704', `large object ${oid} does not exist`, 'inv_api.c:285:inv_open');
  return content;
}

/** @throws PgError where there is no room */
function keepObject({ server }: Context, wanted: number, content: Buffer): number {
  const oid = wanted === 0 ? server.oid() : wanted;
  if (server.largeObjects.size >= maxObjects) throw failures.tooMuch();
  server.room.take(content.length + 100);
  server.largeObjects.set(oid, content);
  return oid;
}

function create(context: Context, oid: number, content = Buffer.alloc(0)): number {
  if (oid !== 0 && context.server.largeObjects.has(oid))
    throw new PgError(
      '23505',
      `duplicate key value violates unique constraint "pg_largeobject_metadata_oid_index"`,
      'nbtinsert.c:664:_bt_check_unique',
      {
        detail: `Key (oid)=(${oid}) already exists.`,
        schema: 'pg_catalog',
        table: 'pg_largeobject_metadata',
        constraint: 'pg_largeobject_metadata_oid_index',
      },
    );
  return keepObject(context, oid, content);
}

function importObject(context: Context, path: string, oid = 0): number {
  let content: Buffer;
  try {
    content = readFile(context, path);
  } catch (error) {
    if (!(error instanceof PgError)) throw error;
    throw new PgError(
      error.code,
      error.message.replace(' for reading', '').replace('open file', 'open server file'),
      'be-fsstubs.c:422:lo_import_internal',
    );
  }
  return create(context, oid, Buffer.from(content));
}

function exportObject(context: Context, oid: number, path: string): number {
  const content = object(context, oid);
  const doing = `could not create server file "${path}"`;
  writeFile(
    context,
    path,
    content,
    (files) => files.write(path, content),
    doing,
    'be-fsstubs.c:504:be_lo_export',
  );
  return 1;
}

export const fileFunctions: readonly SqlFunction[] = [
  define('pg_read_file(text) text', readText),
  define('pg_read_file(text, int8, int8) text', readText),
  define('pg_read_file(text, int8, int8, bool) text', readText),
  define('pg_read_binary_file(text) bytea', (context, path: string) => readFile(context, path)),
  define(
    'pg_read_binary_file(text, int8, int8) bytea',
    (context, path: string, offset: bigint, length: bigint) => part(readFile(context, path), offset, length),
  ),
  define('pg_ls_dir(text, [bool], [bool]) set of text', list),
  define('pg_stat_file(text, [bool]) record', (context, path: string) => {
    try {
      const node = context.server.files.stat(path);
      const size = node.kind === 'file' ? node.size : 4096;
      const time = `"${momentText(node.mtime, types.timestamptz)}"`;
      return `(${size},${time},${time},${time},,${node.kind === 'directory' ? 't' : 'f'})`;
    } catch (error) {
      throw fileFailure(error, `could not stat file "${path}"`, 'genfile.c:411:pg_stat_file');
    }
  }),
  define('pg_ls_logdir() set of text', (context) => list(context, '/var/log/postgresql')),
  define('pg_current_logfile() text', () => null),
  define('lo_import(text) oid', importObject),
  define('lo_import(text, oid) oid', importObject),
  define('lo_export(oid, text) int4', exportObject),
  define('lo_create(oid) oid', (context, oid: number) => create(context, oid)),
  define('lo_creat(int4) oid', (context) => create(context, 0)),
  define('lo_unlink(oid) int4', (context, oid: number) => {
    if (!context.server.largeObjects.delete(oid))
      throw new PgError(
        '42704',
        `large object ${oid} does not exist`,
        'pg_largeobject.c:114:LargeObjectDrop',
      );
    return 1;
  }),
  define('lo_from_bytea(oid, bytea) oid', (context, oid: number, content: Buffer) =>
    create(context, oid, Buffer.from(content)),
  ),
  define('lo_get(oid, [int8], [int4]) bytea', (context, oid: number, offset = 0n, length?: number) =>
    part(object(context, oid), offset, length === undefined ? undefined : BigInt(length)),
  ),
  define('lo_put(oid, int8, bytea) void', (context, oid: number, offset: bigint, content: Buffer) => {
    putInto(context, oid, Number(offset), content);
    return '';
  }),
  define('pg_file_write(text, text, bool) int8', (context, path: string, text: string, append: boolean) => {
    const content = Buffer.from(text);
    writeFile(
      context,
      path,
      content,
      (files) => files.write(path, content, { append }),
      `could not open file "${path}" for writing`,
      'adminpack.c:193:pg_file_write_internal',
    );
    return BigInt(content.length);
  }),
];

/** Bytes of a page of a large object (LOBLKSIZE). */
export const largeObjectPage = 2048;
/** Bytes of one large object. */
const maxObject = 4 << 20;

/** Also what INSERT INTO pg_largeobject does, a page at a time. @throws PgError where there is no room */
export function putInto(context: Context, oid: number, at: number, content: Buffer): void {
  const before = context.server.largeObjects.get(oid) ?? Buffer.alloc(0);
  const length = Math.max(before.length, at + content.length);
  if (at < 0 || length > maxObject) throw failures.tooMuch();
  const made = Buffer.alloc(length);
  before.copy(made);
  content.copy(made, at);
  keepObject(context, oid, made);
}
