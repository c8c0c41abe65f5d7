/**
 * Columns of the list of images. Rows are of one height, so cells are one line and cut what does not fit. Cells have
 * as few elements as can be: scrolling makes hundreds of them.
 */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ImageRow } from '../../../../src/api/images.ts';
import { byteWords, shortDigest } from '../../../../src/report/wording.ts';
import type { Column } from '../../parts/columns.tsx';
import { VerdictMark } from '../../parts/marks.tsx';
import { visible } from '../../parts/quoted.tsx';
import { agoWords, exactWords } from '../../parts/time.tsx';
import type { ImageSort } from '../../words.ts';

export interface ImageColumn extends Column<ImageRow> {
  readonly value: (row: ImageRow) => string | number;
  /** The order that the server knows, and its direction. */
  readonly sort?: readonly [ImageSort, 'asc' | 'desc'];
  /** What the cell says to those who point at it. */
  readonly title?: (row: ImageRow) => string;
  /** On a wide screen; the reference takes what is left. */
  readonly width?: string;
}

export const imageColumns: readonly ImageColumn[] = [
  {
    id: 'verdict',
    header: 'Verdict',
    value: (row) => row.verdict,
    cell: (row) => <VerdictMark verdict={row.verdict} />,
    width: '7.6rem',
  },
  {
    id: 'reference',
    header: 'Reference',
    value: (row) => row.reference,
    cell: reference,
    sort: ['reference', 'asc'],
  },
  {
    id: 'score',
    header: 'Score',
    value: (row) => row.score,
    number: true,
    sort: ['score', 'desc'],
    width: '4.6rem',
  },
  { id: 'categories', header: 'Categories', value: (row) => row.categories.join(', '), width: '15rem' },
  { id: 'findings', header: 'Findings', value: (row) => row.findings, number: true, width: '5.6rem' },
  {
    id: 'layers',
    header: 'Layers',
    value: (row) => row.layers,
    number: true,
    hidden: true,
    width: '4.6rem',
  },
  {
    id: 'size',
    header: 'Size',
    value: (row) => row.size,
    cell: (row) => byteWords(row.size),
    number: true,
    sort: ['size', 'desc'],
    width: '5.8rem',
  },
  { id: 'platform', header: 'Platform', value: (row) => row.platform, hidden: true, width: '7.6rem' },
  {
    id: 'digest',
    header: 'Digest',
    value: (row) => row.digest,
    cell: (row) => <code>{shortDigest(row.digest)}</code>,
    title: (row) => row.digest,
    hidden: true,
    width: '11.5rem',
  },
  {
    id: 'first',
    header: 'First seen',
    value: (row) => row.firstSeenAt,
    cell: (row) => agoWords(row.firstSeenAt),
    title: (row) => exactWords(row.firstSeenAt),
    hidden: true,
    width: '8.4rem',
  },
  {
    id: 'scanned',
    header: 'Scanned',
    value: (row) => row.scannedAt,
    cell: (row) => agoWords(row.scannedAt),
    title: (row) => exactWords(row.scannedAt),
    sort: ['scanned', 'desc'],
    width: '8.4rem',
  },
];

function reference(row: ImageRow): ReactNode {
  return (
    <Link
      to="/images/$id"
      params={{ id: String(row.id) }}
      preload={false}
      dir="ltr"
      className="link font-mono [unicode-bidi:isolate]"
    >
      {visible(row.reference)}
    </Link>
  );
}
