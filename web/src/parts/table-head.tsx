/** Head of a column; where it sorts it is a button that says how. Numbers stand under the end of their head. */
import type { ReactNode } from 'react';

interface ThProps {
  readonly label: string;
  readonly number?: boolean;
  readonly sorted?: false | 'asc' | 'desc';
  readonly onSort?: () => void;
  readonly className?: string;
}

export function Th({ label, number = false, sorted = false, onSort, className = '' }: ThProps): ReactNode {
  const align = number ? 'number' : '';
  if (label === '') {
    return (
      <th scope="col" className={className}>
        <span className="sr-only">Actions</span>
      </th>
    );
  }
  if (onSort === undefined) {
    return (
      <th scope="col" className={`${align} ${className}`}>
        {label}
      </th>
    );
  }
  const order = sorted === false ? 'none' : sorted === 'asc' ? 'ascending' : 'descending';
  return (
    <th scope="col" aria-sort={order} className={`${align} ${className}`}>
      <button
        type="button"
        onClick={onSort}
        className="min-h-[24px] cursor-pointer rounded-[2px] font-semibold hover:text-ink"
      >
        {!number && label}
        <span
          aria-hidden="true"
          className={`${number ? 'mr-1' : 'ml-1'} ${sorted === false ? 'opacity-0' : ''}`}
        >
          {sorted === 'asc' ? '↑' : '↓'}
        </span>
        {number && label}
      </button>
    </th>
  );
}
