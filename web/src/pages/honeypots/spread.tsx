/** Columns that say how far something is spread. */
import type { ArtefactRow } from '../../../../src/api/events.ts';
import type { Column } from '../../parts/columns.tsx';
import { Ago } from '../../parts/time.tsx';

type Spread = Pick<ArtefactRow, 'sessions' | 'sources' | 'firstAt' | 'lastAt'>;

export const spreadColumns: readonly Column<Spread>[] = [
  { id: 'sessions', header: 'Sessions', number: true, value: (row) => row.sessions },
  { id: 'sources', header: 'Sources', number: true, value: (row) => row.sources },
  {
    id: 'first',
    header: 'First seen',
    value: (row) => row.firstAt,
    cell: (row) => <Ago time={row.firstAt} />,
  },
  {
    id: 'last',
    header: 'Last seen',
    value: (row) => row.lastAt,
    cell: (row) => <Ago time={row.lastAt} />,
  },
];
