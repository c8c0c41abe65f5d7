/**
 * Rows of the list of images: of a hundred thousand those are drawn that can be seen, and the next page is asked for
 * well before its rows are. The page itself scrolls, so that there is one scroll bar.
 */
import { columnVisibilityFeature, tableFeatures, useTable } from '@tanstack/react-table';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { ImageRow } from '../../../../src/api/images.ts';
import type { Visibility } from '../../parts/columns.tsx';
import { Th } from '../../parts/table-head.tsx';
import type { ImageSort } from '../../words.ts';
import { type ImageColumn, imageColumns } from './columns.tsx';

interface ImageRowsProps {
  readonly rows: readonly ImageRow[];
  /** On the server. */
  readonly total: number;
  readonly visibility: Visibility;
  readonly sort: ImageSort;
  readonly onSort: (sort: ImageSort) => void;
  readonly hasMore: boolean;
  readonly loading: boolean;
  readonly onMore: () => void;
}

const features = tableFeatures({ columnVisibilityFeature });
const definitions = imageColumns.map(({ id, value }) => ({ id, accessorFn: value }));
const byId = new Map(imageColumns.map((column) => [column.id, column]));

/** Pixels; on a narrow screen a row has two lines. */
const height = { wide: 30, narrow: 62 };
/** Rows that are still there when the next page is asked for. */
const ahead = 400;

export function ImageRows(props: ImageRowsProps): ReactNode {
  const { rows, total, visibility, sort, onSort, hasMore, loading, onMore } = props;
  const narrow = useNarrow();
  const body = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  // What stands above grows and shrinks: hunts come and go.
  useLayoutEffect(() => {
    const measure = () => setTop((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => (narrow ? height.narrow : height.wide),
    overscan: 12,
    scrollMargin: top,
  });
  // Another height for all rows at once.
  useEffect(() => virtual.measure(), [virtual]);
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !loading && last + ahead >= rows.length) onMore();
  });
  // The server sorts; the table is given but the rows that are drawn, as models of all of them would take too long.
  const table = useTable({
    features,
    columns: definitions,
    data: rows.slice(first, last + 1),
    state: { columnVisibility: visibility },
  });
  const tracks = imageColumns
    .filter(({ id }) => visibility[id] === true)
    .map(({ width }) => width ?? 'minmax(0, 1fr)')
    .join(' ');
  return (
    <div ref={body}>
      <table className="image-table" aria-rowcount={total + 1} style={{ '--columns': tracks }}>
        <caption className="sr-only">Images</caption>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} aria-rowindex={1}>
              {group.headers.map(({ id }) => (
                <Head key={id} column={byId.get(id)} sort={sort} onSort={onSort} />
              ))}
            </tr>
          ))}
        </thead>
        <tbody style={{ height: virtual.getTotalSize() }}>
          {table.getRowModel().rows.map((row, index) => (
            <tr
              key={row.original.id}
              aria-rowindex={first + index + 2}
              style={{ transform: `translateY(${(items[index]?.start ?? top) - top}px)` }}
            >
              {row.getVisibleCells().map((cell) => {
                const column = byId.get(cell.column.id);
                return (
                  <td
                    key={cell.id}
                    data-column={cell.column.id}
                    className={column?.number === true ? 'number' : ''}
                  >
                    {column?.cell === undefined ? column?.value(row.original) : column.cell(row.original)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {hasMore && <p className="py-2 text-soft">Loading more…</p>}
    </div>
  );
}

interface HeadProps {
  readonly column: ImageColumn | undefined;
  readonly sort: ImageSort;
  readonly onSort: (sort: ImageSort) => void;
}

function Head({ column, sort, onSort }: HeadProps): ReactNode {
  const by = column?.sort;
  return (
    <Th
      label={column?.header ?? ''}
      number={column?.number === true}
      sorted={by !== undefined && by[0] === sort ? by[1] : false}
      {...(by === undefined ? {} : { onSort: () => onSort(by[0]) })}
    />
  );
}

const narrowQuery = '(max-width: 40rem)';

function useNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = matchMedia(narrowQuery);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    () => matchMedia(narrowQuery).matches,
  );
}
