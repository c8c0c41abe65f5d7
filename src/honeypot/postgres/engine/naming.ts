/** What results are called, and which table they come from. */
import { PgError } from '../failure.ts';
import type { Expression, Target } from '../sql/ast.ts';
import { typmod } from '../types.ts';
import type { Compiled } from './coerce.ts';
import type { Visible } from './scope.ts';

/** `*` becomes the columns that it stands for. @throws PgError where there are none */
export function expanded(target: Target, columns: readonly Visible[]): Target[] {
  const { value } = target;
  if (value.kind !== 'star') return [target];
  const table = value.table.at(-1);
  if (table === undefined && columns.length === 0)
    throw new PgError(
      '42601',
      'SELECT * with no tables specified is not valid',
      'parse_target.c:1335:ExpandAllTables',
      { position: value.position },
    );
  const chosen = columns.filter((column) => table === undefined || column.table === table);
  if (chosen.length === 0)
    throw new PgError(
      '42P01',
      `missing FROM-clause entry for table "${table}"`,
      'parse_relation.c:3617:errorMissingRTE',
      { position: value.position },
    );
  return chosen.map((column) => ({
    value: {
      kind: 'column',
      names: [...(column.table === undefined ? [] : [column.table]), column.name],
      position: value.position,
    },
    as: column.name,
  }));
}

/** As clients are told of it. */
export function columnOf({ value, as }: Target, { type }: Compiled, columns: readonly Visible[]): Visible {
  const name = as ?? nameOf(value);
  if (value.kind === 'cast')
    return { table: undefined, name, type, modifier: typmod(type, value.to.modifiers) };
  if (value.kind !== 'column') return { table: undefined, name, type };
  const [column, table] = value.names.toReversed();
  const origin = columns.find((one) => one.name === column && (table === undefined || one.table === table));
  return {
    table: undefined,
    name,
    type,
    ...(origin?.modifier !== undefined && { modifier: origin.modifier }),
    ...(origin?.tableOid !== undefined && { tableOid: origin.tableOid }),
    ...(origin?.number !== undefined && { number: origin.number }),
  };
}

/** As `FigureColname` finds it. */
function nameOf(value: Expression): string {
  switch (value.kind) {
    case 'column':
    case 'call':
      return value.names.at(-1)!;
    case 'cast': {
      // Names of columns and functions go through; others give way to that of the type.
      let of = value.of;
      while (of.kind === 'cast') of = of.of;
      const inner = of.kind === 'case' ? '?column?' : nameOf(of);
      if (inner !== '?column?') return inner;
      return castNames[value.to.name] ?? value.to.name.replace('[]', '');
    }
    case 'case': {
      const otherwise = value.otherwise?.kind === 'cast' ? undefined : value.otherwise;
      const inner = otherwise === undefined ? 'case' : nameOf(otherwise);
      return inner === '?column?' ? 'case' : inner;
    }
    case 'array':
      return 'array';
    case 'row':
      return 'row';
    case 'subscript':
      return nameOf(value.of);
    case 'subquery': {
      if (value.as !== 'value') return value.as;
      const { body } = value.select;
      const first = body.kind === 'select' ? body.targets[0] : undefined;
      return first === undefined ? '?column?' : (first.as ?? nameOf(first.value));
    }
    default:
      return '?column?';
  }
}

const castNames: Readonly<Record<string, string>> = {
  int: 'int4',
  integer: 'int4',
  bigint: 'int8',
  smallint: 'int2',
  boolean: 'bool',
  decimal: 'numeric',
  real: 'float4',
  'double precision': 'float8',
  character: 'bpchar',
  'character varying': 'varchar',
};
