/** Calls of functions by their numbers, past SQL: those of large objects, which libpq makes. */
import type { Context } from './engine/context.ts';
import { findFunction } from './engine/functions/find.ts';
import { PgError } from './failure.ts';
import { binary, fromBinary, int32, message } from './protocol/answer.ts';
import type { Body } from './protocol/messages.ts';
import { types, type Value } from './types.ts';
import { input, output } from './values.ts';

/** Name, and the types of what it takes and gives (pg_proc.dat, 15). */
const functions: Readonly<Record<number, readonly [name: string, ...args: (keyof typeof types)[]]>> = {
  715: ['lo_create', 'oid'],
  764: ['lo_import', 'text'],
  765: ['lo_export', 'oid', 'text'],
  952: ['lo_open', 'oid', 'int4'],
  953: ['lo_close', 'int4'],
  954: ['loread', 'int4', 'int4'],
  955: ['lowrite', 'int4', 'bytea'],
  956: ['lo_lseek', 'int4', 'int4', 'int4'],
  957: ['lo_creat', 'int4'],
  958: ['lo_tell', 'int4'],
  964: ['lo_unlink', 'oid'],
  1004: ['lo_truncate', 'int4', 'int4'],
  3170: ['lo_lseek64', 'int4', 'int8', 'int4'],
  3171: ['lo_tell64', 'int4'],
  3172: ['lo_truncate64', 'int4', 'int8'],
};

/** By name, for those who ask the catalog for their numbers. */
export const fastPathFunctions: readonly { readonly oid: number; readonly name: string }[] = Object.entries(
  functions,
).map(([oid, [name]]) => ({ oid: Number(oid), name }));

/** @returns the answer. @throws PgError */
export async function callFunction(body: Body, context: Context): Promise<Buffer> {
  const oid = body.int32() >>> 0;
  const known = functions[oid];
  if (known === undefined)
    throw new PgError('42883', `function with OID ${oid} does not exist`, 'fastpath.c:139:fetch_fp_info');
  const [name, ...names] = known;
  const args = names.map((one) => types[one]);
  const formats = Array.from({ length: Math.min(body.int16(), args.length) }, () => body.int16());
  const count = body.int16();
  if (count !== args.length)
    throw new PgError(
      '08P01',
      `function call message contains ${count} arguments but function requires ${args.length}`,
      'fastpath.c:350:parse_fcall_arguments',
    );
  const values: Value[] = [];
  for (const [index, type] of args.entries()) {
    const length = body.int32();
    const bytes = length < 0 ? undefined : body.take(length);
    const format = formats.length === 1 ? formats[0]! : (formats[index] ?? 0);
    if (bytes === undefined) values.push(null);
    else values.push(format === 1 ? fromBinary(bytes, type) : input(bytes.toString('utf8'), type));
  }
  const isBinary = body.int16() === 1;
  body.end();
  const found = findFunction(['pg_catalog', name], args, context, 1);
  const value = values.includes(null) ? null : await found.run(context, ...values);
  if (value === null) return message('V', int32(-1));
  const bytes = isBinary ? binary(value, found.returns) : Buffer.from(output(value, found.returns));
  return message('V', int32(bytes.length), bytes);
}
