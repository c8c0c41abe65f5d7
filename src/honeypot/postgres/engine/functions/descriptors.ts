/** Large objects that are open, as `psql`'s \lo_import writes them: in pieces, by the number of what was opened. */
import { failures, PgError } from '../../failure.ts';
import type { Descriptor } from '../../session.ts';
import type { Context } from '../context.ts';
import { define, type SqlFunction } from './define.ts';
import { putInto } from './files.ts';

/** Of one session. */
const maxOpen = 64;
/** INV_WRITE, libpq-fs.h. */
const writing = 0x20000;

/** @throws PgError with the line of be-fsstubs.c in which PostgreSQL finds out */
function opened({ session }: Context, number: number, place: string): Descriptor {
  const found = session.descriptors.get(number);
  if (found !== undefined) return found;
  throw new PgError('42704', `invalid large-object descriptor: ${number}`, `be-fsstubs.c:${place}`);
}

function open({ session, server }: Context, oid: number, mode: number): number {
  if (!server.largeObjects.has(oid))
    throw new PgError('42704', `large object ${oid} does not exist`, 'inv_api.c:285:inv_open');
  if (session.descriptors.size >= maxOpen) throw failures.tooMuch();
  let number = 0;
  while (session.descriptors.has(number)) number += 1;
  session.descriptors.set(number, { oid, at: 0, isWritten: false, mayWrite: (mode & writing) !== 0 });
  return number;
}

function close(context: Context, number: number): number {
  const { oid, isWritten } = opened(context, number, '126:be_lo_close');
  context.session.descriptors.delete(number);
  const content = context.server.largeObjects.get(oid);
  if (isWritten && content !== undefined)
    context.tell('file', {
      texts: [content.subarray(0, 65_536).toString('utf8')],
      data: { object: oid, access: 'write', size: content.length },
      severity: 'high',
      artefacts: [{ name: `large object ${oid}`, content }],
    });
  return 0;
}

function write(context: Context, number: number, bytes: Buffer): number {
  const one = opened(context, number, '183:lo_write');
  if (!one.mayWrite)
    throw new PgError(
      '55000',
      `large object descriptor ${number} was not opened for writing`,
      'be-fsstubs.c:190:lo_write',
    );
  putInto(context, one.oid, one.at, bytes);
  one.at += bytes.length;
  one.isWritten = true;
  return bytes.length;
}

function read(context: Context, number: number, length: number): Buffer {
  const one = opened(context, number, '155:lo_read');
  const content = context.server.largeObjects.get(one.oid) ?? Buffer.alloc(0);
  const bytes = content.subarray(one.at, one.at + Math.max(0, length));
  one.at += bytes.length;
  return bytes;
}

/** @param whence from the beginning, from where it is, from the end (lseek(2)) */
function seek(context: Context, number: number, offset: number, whence: number, place: string): number {
  const one = opened(context, number, place);
  const size = context.server.largeObjects.get(one.oid)?.length ?? 0;
  const at = offset + (whence === 1 ? one.at : whence === 2 ? size : 0);
  if (at < 0 || whence < 0 || whence > 2)
    throw new PgError('22023', `invalid large object seek target: ${at}`, 'inv_api.c:467:inv_seek');
  one.at = at;
  return at;
}

function truncate(context: Context, number: number, length: number): number {
  const { oid } = opened(context, number, '543:lo_truncate_internal');
  const { largeObjects } = context.server;
  const content = largeObjects.get(oid) ?? Buffer.alloc(0);
  if (length > content.length) putInto(context, oid, length, Buffer.alloc(0));
  else largeObjects.set(oid, content.subarray(0, Math.max(0, length)));
  return 0;
}

export const descriptorFunctions: readonly SqlFunction[] = [
  define('lo_open(oid, int4) int4', open),
  define('lo_close(int4) int4', close),
  define('lowrite(int4, bytea) int4', write),
  define('loread(int4, int4) bytea', read),
  define('lo_lseek(int4, int4, int4) int4', (context, number: number, offset: number, whence: number) =>
    seek(context, number, offset, whence, '209:be_lo_lseek'),
  ),
  define('lo_lseek64(int4, int8, int4) int8', (context, number: number, offset: bigint, whence: number) =>
    BigInt(seek(context, number, Number(offset), whence, '234:be_lo_lseek64')),
  ),
  define('lo_tell(int4) int4', (context, number: number) => opened(context, number, '272:be_lo_tell').at),
  define('lo_tell64(int4) int8', (context, number: number) =>
    BigInt(opened(context, number, '295:be_lo_tell64').at),
  ),
  define('lo_truncate(int4, int4) int4', truncate),
  define('lo_truncate64(int4, int8) int4', (context, number: number, length: bigint) =>
    truncate(context, number, Number(length)),
  ),
];
