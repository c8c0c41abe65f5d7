/** One row of the list of images. Drawn again only when it is another image. */
import { memo, type ReactNode } from 'react';
import type { ImageRow } from '../../../../src/api/images.ts';
import type { ImageColumn } from './columns.tsx';

interface RowProps {
  readonly image: ImageRow;
  readonly columns: readonly ImageColumn[];
  /** In the whole list, from 0. */
  readonly index: number;
}

export const Row = memo(function Row({ image, columns, index }: RowProps): ReactNode {
  return (
    // The head is row 1.
    <tr aria-rowindex={index + 2}>
      {columns.map((column) => (
        <td
          key={column.id}
          data-column={column.id}
          title={column.title?.(image)}
          className={column.number === true ? 'number' : undefined}
        >
          {column.cell === undefined ? column.value(image) : column.cell(image)}
        </td>
      ))}
    </tr>
  );
});
