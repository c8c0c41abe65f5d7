/** Columns of tables: what they show, what they sort and download by, and which of them the reader wants to see. */
import { type ReactNode, useState } from 'react';
import { Button } from './button.tsx';
import type { CsvCell } from './csv.ts';
import { Menu, MenuCheck } from './menu.tsx';
import { recall, remember } from './stored.ts';

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  /** What is sorted, filtered and downloaded. Absent for a column of buttons, which does none of these. */
  readonly value?: (row: Row) => CsvCell;
  /** What is sorted by where the value is a word that has a rank. */
  readonly rank?: (row: Row) => number;
  /** What is shown; absent, the value. */
  readonly cell?: (row: Row) => ReactNode;
  readonly number?: boolean;
  /** Not shown until the reader chooses it. */
  readonly hidden?: boolean;
  /** Utility classes of the cells, for widths. */
  readonly className?: string;
}

export type Visibility = Readonly<Record<string, boolean>>;

/** Kept by table, in this browser. */
export function useVisibility<Row>(
  table: string,
  columns: readonly Column<Row>[],
): readonly [Visibility, (id: string, shown: boolean) => void] {
  const [visibility, setVisibility] = useState<Visibility>(() => {
    const shown: Record<string, boolean> = {};
    const kept = recall(`columns:${table}`)?.split(',');
    for (const { id, hidden } of columns)
      shown[id] = kept === undefined ? hidden !== true : kept.includes(id);
    return shown;
  });
  const choose = (id: string, shown: boolean) => {
    const next = { ...visibility, [id]: shown };
    setVisibility(next);
    remember(
      `columns:${table}`,
      Object.keys(next)
        .filter((one) => next[one] === true)
        .join(','),
    );
  };
  return [visibility, choose];
}

interface ColumnMenuProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly visibility: Visibility;
  readonly onChoose: (id: string, shown: boolean) => void;
}

export function ColumnMenu<Row>({ columns, visibility, onChoose }: ColumnMenuProps<Row>): ReactNode {
  return (
    <Menu trigger={<Button>Columns</Button>}>
      {columns
        .filter(({ value }) => value !== undefined)
        .map(({ id, header }) => (
          <MenuCheck key={id} checked={visibility[id] === true} onChange={(shown) => onChoose(id, shown)}>
            {header}
          </MenuCheck>
        ))}
    </Menu>
  );
}
