/** Room for a table that may be wider than the page: it scrolls by itself, also by keyboard. */
import type { ReactNode } from 'react';

interface ScrollProps {
  readonly label: string;
  readonly children: ReactNode;
}

export function Scroll({ label, children }: ScrollProps): ReactNode {
  return (
    // Positioned, so that what is hidden inside does not widen the page.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="relative overflow-x-auto" tabIndex={0} aria-label={`${label}, table`}>
      {children}
    </section>
  );
}
