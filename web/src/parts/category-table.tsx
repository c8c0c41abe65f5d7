/**
 * The category table of the study. Images and category counts are two totals and are never mixed: an image with two
 * categories is one image and two category counts. Each count has its share of either total.
 */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Category } from '../../../src/model/terms.ts';
import { Scroll } from './scroll.tsx';
import { shareWords } from './share.ts';

interface CategoryTableProps {
  readonly rows: readonly { readonly category: Category; readonly images: number }[];
  readonly images: number;
  readonly categoryTotal: number;
  /** Only images of that hunt are behind the links. */
  readonly hunt?: number;
}

export function CategoryTable({ rows, images, categoryTotal, hunt }: CategoryTableProps): ReactNode {
  const ordered = rows.filter((row) => row.images > 0).toSorted((a, b) => b.images - a.images);
  const largest = Math.max(1, ...ordered.map((row) => row.images));
  return (
    <Scroll label="Images by category">
      <table className="grid-table tight">
        <thead>
          <tr>
            <th scope="col">Category</th>
            <th scope="col" className="number">
              Images
            </th>
            <th scope="col" className="hidden sm:table-cell">
              <span className="sr-only">Bar</span>
            </th>
            <th scope="col" className="number">
              of counts
            </th>
            <th scope="col" className="number">
              of images
            </th>
          </tr>
        </thead>
        <tbody>
          {ordered.map((row) => (
            <tr key={row.category}>
              <th scope="row">{row.category}</th>
              <td className="number">
                <Link to="/images" search={{ category: row.category, hunt }} hash="list" className="link">
                  {row.images.toLocaleString('en-US')}
                </Link>
              </td>
              <td className="hidden w-2/5 align-middle! sm:table-cell" aria-hidden="true">
                <span className="block h-2 bg-line">
                  <span
                    className="block h-2 bg-accent"
                    style={{ width: `${(100 * row.images) / largest}%` }}
                  />
                </span>
              </td>
              <td className="number">{shareWords(row.images, categoryTotal)}</td>
              <td className="number">{shareWords(row.images, images)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot className="font-semibold">
          <tr>
            <th scope="row">Category counts</th>
            <td className="number">{categoryTotal.toLocaleString('en-US')}</td>
            <td className="hidden sm:table-cell" />
            <td className="number">{categoryTotal === 0 ? '–' : '100 %'}</td>
            <td className="number">–</td>
          </tr>
          <tr>
            <th scope="row">Images looked at</th>
            <td className="number">{images.toLocaleString('en-US')}</td>
            <td className="hidden sm:table-cell" />
            <td className="number">–</td>
            <td className="number">{images === 0 ? '–' : '100 %'}</td>
          </tr>
        </tfoot>
      </table>
    </Scroll>
  );
}
