/**
 * A table of rows that are all here: sorted and filtered in the browser, with a choice of columns and a download.
 * Lists that are longer than that have `more`, and say so. The list of images is another (`pages/images`).
 */
import {
  type ColumnDef,
  columnVisibilityFeature,
  createSortedRowModel,
  type RowData,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { type ReactNode, useMemo, useState } from 'react';
import { countWords } from '../../../src/report/wording.ts';
import { Button } from './button.tsx';
import { type Column, ColumnMenu, useVisibility } from './columns.tsx';
import { csvOf, download } from './csv.ts';
import { controlClass } from './field.tsx';
import { Scroll } from './scroll.tsx';
import { Th } from './table-head.tsx';

const features = tableFeatures({
  columnVisibilityFeature,
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic },
});

interface DataTableProps<Row extends RowData> {
  /** Of the kept choice of columns, and of the file that is downloaded. */
  readonly name: string;
  /** Said to those who do not see the heading above. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
  readonly noun: string;
  /** Where it is not the noun with an s. */
  readonly plural?: string;
  /** Selects and the like, before the filter. */
  readonly filters?: ReactNode;
  /** Shown when there are no rows at all. */
  readonly empty: ReactNode;
  /** The server has more of them. */
  readonly more?: { readonly busy: boolean; readonly load: () => void } | undefined;
  /** Short tables beside others: without filter, columns and download. */
  readonly plain?: boolean;
}

export function DataTable<Row extends RowData>(props: DataTableProps<Row>): ReactNode {
  const { name, caption, columns, rows, keyOf, noun, plural, filters, empty, more, plain = false } = props;
  const [filter, setFilter] = useState('');
  const [visibility, choose] = useVisibility(name, columns);
  const shown = useMemo(() => matching(rows, columns, filter), [rows, columns, filter]);
  const definitions = useMemo(() => columns.map((column) => definitionOf(column)), [columns]);
  const table = useTable({
    features,
    columns: definitions,
    data: shown,
    state: { columnVisibility: visibility },
  });
  const byId = new Map(columns.map((column) => [column.id, column]));
  return (
    <div>
      {!plain && (
        <div className="no-print mb-2 flex flex-wrap items-center gap-2">
          {filters}
          <input
            type="search"
            data-search=""
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
            placeholder={more === undefined ? 'Filter' : 'Filter what is loaded'}
            aria-label={`Filter ${caption}`}
            className={`${controlClass} max-w-[16rem]`}
          />
          <span className="grow text-soft" aria-live="polite">
            {filter === ''
              ? countWords(rows.length, noun, plural)
              : `${shown.length} of ${countWords(rows.length, noun, plural)}`}
            {more && ', more on the server'}
          </span>
          <ColumnMenu columns={columns} visibility={visibility} onChoose={choose} />
          <Button
            onClick={() => download(`${name}.csv`, asCsv(columns, shown))}
            disabled={shown.length === 0}
          >
            CSV
          </Button>
        </div>
      )}
      {rows.length === 0 ? (
        empty
      ) : (
        <Scroll label={caption}>
          <table className="grid-table stack">
            <caption className="sr-only">{caption}</caption>
            <thead>
              {table.getHeaderGroups().map((group) => (
                <tr key={group.id}>
                  {group.headers.map(({ id, column }) => (
                    <Th
                      key={id}
                      label={byId.get(id)?.header ?? ''}
                      number={byId.get(id)?.number === true}
                      sorted={column.getIsSorted()}
                      {...(column.getCanSort() ? { onSort: () => column.toggleSorting() } : {})}
                    />
                  ))}
                </tr>
              ))}
            </thead>
            <tbody>
              {table.getRowModel().rows.map((row) => (
                <tr key={keyOf(row.original)}>
                  {row.getVisibleCells().map((cell) => {
                    const column = byId.get(cell.column.id);
                    return (
                      <td
                        key={cell.id}
                        data-label={column?.header}
                        className={`${column?.number === true ? 'number' : ''} ${column?.className ?? ''}`}
                      >
                        {column?.cell === undefined
                          ? column?.value?.(row.original)
                          : column.cell(row.original)}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      {rows.length > 0 && shown.length === 0 && (
        <p className="py-3 text-soft">Nothing here matches the filter.</p>
      )}
      {more && (
        <Button className="mt-3" busy={more.busy} onClick={more.load}>
          Load more
        </Button>
      )}
    </div>
  );
}

function definitionOf<Row extends RowData>({
  id,
  value,
  rank,
}: Column<Row>): ColumnDef<typeof features, Row> {
  if (value === undefined) return { id, enableSorting: false };
  return { id, accessorFn: rank ?? value, sortUndefined: 'last', sortFn: 'alphanumeric' };
}

/** Every word of the filter has to be in one of the columns. */
function matching<Row>(rows: readonly Row[], columns: readonly Column<Row>[], filter: string): Row[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...rows];
  return rows.filter((row) => {
    const text = columns
      .map(({ value }) => value?.(row) ?? '')
      .join('\n')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function asCsv<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const kept = columns.filter(({ value }) => value !== undefined);
  return csvOf(
    kept.map(({ header }) => header),
    rows.map((row) => kept.map(({ value }) => value?.(row))),
  );
}
