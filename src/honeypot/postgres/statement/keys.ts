/** Primary keys and UNIQUE: no two rows alike in them. */
import type { Key, Row, Table } from '../database.ts';
import { keyOf } from '../engine/keys.ts';
import { PgError } from '../failure.ts';
import { output } from '../values.ts';

/** What is in the keys of a table's rows, counted as far as rows were added. */
interface Seen {
  count: number;
  readonly values: ReadonlyMap<Key, Set<string>>;
}

const seen = new WeakMap<readonly Row[], Seen>();

function valueIn({ columns }: Key, row: Row): string | undefined {
  const values = columns.map((at) => row[at] ?? null);
  return values.includes(null) ? undefined : keyOf(values);
}

function seenIn({ keys, rows }: Table): Seen {
  const known = seen.get(rows) ?? { count: 0, values: new Map(keys.map((key) => [key, new Set<string>()])) };
  for (; known.count < rows.length; known.count += 1)
    for (const [key, values] of known.values) {
      const value = valueIn(key, rows[known.count]!);
      if (value !== undefined) values.add(value);
    }
  seen.set(rows, known);
  return known;
}

/** Looks at rows one after another, each as if those before it were in the table. */
export function uniqueIn(
  table: Table,
  replaced: ReadonlySet<Row> = new Set(),
): (row: Row) => PgError | undefined {
  if (table.keys.length === 0) return () => undefined;
  const { values } =
    replaced.size > 0
      ? seenIn({ ...table, rows: table.rows.filter((row) => !replaced.has(row)) })
      : seenIn(table);
  const added = new Map(table.keys.map((key) => [key, new Set<string>()]));
  return (row) => {
    for (const key of table.keys) {
      const value = valueIn(key, row);
      if (value !== undefined && (values.get(key)?.has(value) === true || added.get(key)!.has(value)))
        return duplicate(table, key, row);
    }
    for (const key of table.keys) {
      const value = valueIn(key, row);
      if (value !== undefined) added.get(key)!.add(value);
    }
    return undefined;
  };
}

function duplicate(table: Table, key: Key, row: Row): PgError {
  const columns = key.columns.map((at) => table.columns[at]!);
  const values = key.columns.map((at, index) => output(row[at] ?? null, columns[index]!.type));
  return new PgError(
    '23505',
    `duplicate key value violates unique constraint "${key.name}"`,
    'nbtinsert.c:664:_bt_check_unique',
    {
      detail: `Key (${columns.map(({ name }) => name).join(', ')})=(${values.join(', ').slice(0, 1000)}) already exists.`,
      schema: table.schema,
      table: table.name,
      constraint: key.name,
    },
  );
}
