/** Transactions: what was done in one is taken back as a whole. */
import type { Context } from '../engine/context.ts';
import { PgError } from '../failure.ts';
import type { Statement } from '../sql/ast.ts';
import type { Result } from './run.ts';

export function transaction(
  { session }: Context,
  { what, tag }: Extract<Statement, { readonly kind: 'transaction' }>,
): Result {
  const isOpen = session.rollback !== undefined;
  const warn = (code: string, message: string, place: string): void => {
    session.notices.push({ severity: 'WARNING', code, message, place });
  };
  switch (what) {
    case 'begin':
      if (isOpen)
        warn('25001', 'there is already a transaction in progress', 'xact.c:3789:BeginTransactionBlock');
      else session.begin();
      return { tag };
    case 'commit': {
      if (!isOpen) warn('25P01', 'there is no transaction in progress', 'xact.c:3987:EndTransactionBlock');
      return { tag: session.commit() ? 'ROLLBACK' : tag };
    }
    case 'rollback':
      if (!isOpen)
        warn('25P01', 'there is no transaction in progress', 'xact.c:4110:UserAbortTransactionBlock');
      session.takeBack();
      return { tag };
    case 'rollbackTo':
      if (!isOpen)
        throw new PgError(
          '25P01',
          'ROLLBACK TO SAVEPOINT can only be used in transaction blocks',
          'xact.c:3587:CheckTransactionBlock',
        );
      session.isFailed = false;
      return { tag };
    case 'savepoint':
    case 'release':
      if (!isOpen)
        throw new PgError(
          '25P01',
          `${tag === 'RELEASE' ? 'RELEASE SAVEPOINT' : tag} can only be used in transaction blocks`,
          'xact.c:3587:CheckTransactionBlock',
        );
      return { tag };
  }
}
