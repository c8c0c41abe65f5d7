/** Head of a page: its name, what it is about, its actions. Names the document too, and takes the focus on arrival. */
import { type ReactNode, useEffect } from 'react';

interface PageHeadProps {
  readonly title: string;
  /** Where the heading is more than the title. */
  readonly heading?: ReactNode;
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
}

export function PageHead({ title, heading, about, actions }: PageHeadProps): ReactNode {
  useTitle(title);
  return (
    <div className="mb-4 flex flex-wrap items-start justify-between gap-x-6 gap-y-2 border-b-[3px] border-double border-line pb-2.5">
      <div className="min-w-0">
        <h1 className="text-[1.45rem] leading-tight font-semibold [overflow-wrap:anywhere]">
          {heading ?? title}
        </h1>
        {about && <div className="mt-0.5 text-soft">{about}</div>}
      </div>
      {actions && <div className="no-print flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Waterguard`;
  }, [title]);
}

interface SectionProps {
  readonly title: string;
  readonly id?: string;
  readonly actions?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A part of a page under a heading of its own. */
export function Section({ title, id, actions, className = '', children }: SectionProps): ReactNode {
  return (
    <section id={id} aria-label={title} className={`min-w-0 ${className}`}>
      <div className="mb-1.5 flex min-h-[2rem] flex-wrap items-end justify-between gap-x-4 gap-y-1 border-b border-line pb-1">
        <h2 className="section">{title}</h2>
        {actions && <div className="no-print flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {children}
    </section>
  );
}
