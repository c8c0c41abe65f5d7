/** What a statement gives, before it is run, as clients ask; what its parameters are comes out of it as well. */
import type { Context } from '../engine/context.ts';
import type { Visible } from '../engine/scope.ts';
import { compileSelect } from '../engine/select.ts';
import type { Statement } from '../sql/ast.ts';
import { types } from '../types.ts';
import { planDelete, planUpdate } from './changes.ts';
import { planInsert } from './insert.ts';
import { shownColumns } from './settings.ts';

/** @returns undefined for what gives no rows. @throws PgError for names and types that are wrong */
export function describe(statement: Statement, context: Context): readonly Visible[] | undefined {
  context.beginStatement();
  switch (statement.kind) {
    case 'select': {
      const { columns } = compileSelect(statement.select, context);
      const { body } = statement.select;
      return body.kind === 'select' && body.into !== undefined ? undefined : columns;
    }
    case 'insert':
      return planInsert(statement, context).columns;
    case 'update':
      return planUpdate(statement, context).columns;
    case 'delete':
      return planDelete(statement, context).columns;
    case 'show':
      return shownColumns(context, statement.name);
    case 'explain':
      return [{ table: undefined, name: 'QUERY PLAN', type: types.text }];
    case 'fetch':
      return statement.isMove ? undefined : context.session.cursors.get(statement.name)?.columns;
    case 'execute': {
      const prepared = context.session.prepared.get(statement.name);
      return prepared?.parsed && describe(prepared.parsed.statement, context.inside([], prepared.types));
    }
    default:
      return undefined;
  }
}
