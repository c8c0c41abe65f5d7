/** Reads what a role is told to be. */
import { PgError } from '../failure.ts';
import type { RoleOptions } from './ast.ts';
import type { Reader } from './reader.ts';

const roleFlags = ['superuser', 'createdb', 'createrole', 'login', 'replication', 'bypassrls', 'inherit'];

export function readRoleOptions(reader: Reader): RoleOptions {
  const flags: Record<string, boolean> = {};
  let password: string | undefined;
  reader.accept('with');
  while (reader.token.kind !== 'end' && !reader.is(';')) {
    const { text } = reader.token;
    const flag = roleFlags.find((one) => text === one || text === `no${one}`);
    if (flag !== undefined) {
      flags[flag] = text === flag;
      reader.next();
    } else if (reader.is('encrypted') || reader.is('unencrypted')) reader.next();
    else if (reader.accept('password')) {
      if (!reader.accept('null')) password = reader.string();
    } else if (reader.accept('connection', 'limit') || reader.accept('valid', 'until')) {
      reader.next();
      if (reader.token.kind === 'number') reader.next();
    } else if (
      reader.accept('in') ||
      reader.is('role') ||
      reader.is('admin') ||
      reader.is('user') ||
      reader.is('sysid')
    ) {
      reader.next();
      reader.list(() => reader.next());
    } else throw reader.token.kind === 'name' ? unrecognizedOption(reader) : reader.unexpected();
  }
  return { flags, ...(password !== undefined && { password }) };
}

function unrecognizedOption(reader: Reader): PgError {
  return new PgError('42601', `unrecognized role option "${reader.token.text}"`, 'gram.y:1207:base_yyparse', {
    position: reader.position,
  });
}
