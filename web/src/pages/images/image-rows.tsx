/**
 * Rows of the list of images: of a hundred thousand those are drawn that can be seen, and the next page is asked for
 * well before its rows are. The page itself scrolls, so that there is one scroll bar.
 */
import { columnVisibilityFeature, tableFeatures, useTable } from '@tanstack/react-table';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import {
  type ReactNode,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import type { ImageRow } from '../../../../src/api/images.ts';
import type { Visibility } from '../../parts/columns.tsx';
import { Th } from '../../parts/table-head.tsx';
import type { ImageSort } from '../../words.ts';
import { imageColumns } from './columns.tsx';
import { Row } from './row.tsx';

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

/** Pixels, as in the style sheet; on a narrow screen a row has two lines. */
const heights = { wide: 30, narrow: 62 };
/** Rows that are still there when the next page is asked for. */
const ahead = 400;

export function ImageRows(props: ImageRowsProps): ReactNode {
  const narrow = useNarrow();
  // Another height for all rows is another list.
  return <Rows key={String(narrow)} height={narrow ? heights.narrow : heights.wide} {...props} />;
}

interface RowsProps extends ImageRowsProps {
  readonly height: number;
}

function Rows({
  height,
  rows,
  total,
  visibility,
  sort,
  onSort,
  hasMore,
  loading,
  onMore,
}: RowsProps): ReactNode {
  const body = useRef<HTMLDivElement>(null);
  const top = useTop(body);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => height,
    overscan: 5,
    scrollMargin: top,
  });
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
  const columns = useMemo(() => imageColumns.filter(({ id }) => visibility[id] === true), [visibility]);
  const tracks = columns.map(({ width }) => width ?? 'minmax(0, 1fr)').join(' ');
  return (
    <div ref={body}>
      <table className="image-table" aria-rowcount={total + 1} style={{ '--columns': tracks }}>
        <caption className="sr-only">Images</caption>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map(({ id, header, number = false, sort: by }) => (
              <Th
                key={id}
                label={header}
                number={number}
                sorted={by !== undefined && by[0] === sort ? by[1] : false}
                {...(by === undefined ? {} : { onSort: () => onSort(by[0]) })}
              />
            ))}
          </tr>
        </thead>
        {/* Rows stand in the flow. With a style of its own for each, Chromium takes ever longer to style them. */}
        <tbody style={{ height: virtual.getTotalSize(), paddingTop: first * height }}>
          {table.getRowModel().rows.map((row) => (
            <Row key={row.original.id} image={row.original} columns={columns} index={first + row.index} />
          ))}
        </tbody>
      </table>
      {hasMore && <p className="py-2 text-soft">Loading more…</p>}
    </div>
  );
}

/** Where the list begins in the page, in pixels. What stands above it grows and shrinks: hunts come and go. */
function useTop(element: RefObject<HTMLElement | null>): number {
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = () => setTop((element.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
    measure();
    const above = element.current?.closest('main');
    const observer = new ResizeObserver(measure);
    for (const child of above?.children ?? []) {
      if (!child.contains(element.current)) observer.observe(child);
    }
    return () => observer.disconnect();
  }, [element]);
  return top;
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
