/** Sections of a page beside each other, each with an address of its own. */
import type { ReactNode } from 'react';

interface SectionNavProps {
  readonly label: string;
  /** Links in list items. */
  readonly children: ReactNode;
}

export function SectionNav({ label, children }: SectionNavProps): ReactNode {
  return (
    <nav aria-label={label} className="no-print mb-5 border-b border-line">
      <ul className="-mb-px flex flex-wrap gap-x-1">{children}</ul>
    </nav>
  );
}

/** Of each link. */
export const sectionLink = {
  className: 'block border-b-2 border-transparent px-2.5 py-1.5 hover:bg-panel',
  activeProps: { className: 'border-accent! font-semibold', 'aria-current': 'page' },
} as const;
