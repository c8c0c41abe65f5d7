/** Settings: its sections beside each other, one at a time. */
import { Link, Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { PageHead } from '../../parts/page-head.tsx';
import { useSession } from '../../queries.ts';
import { sectionsFor } from './sections.ts';

export function SettingsPage(): ReactNode {
  const session = useSession();
  return (
    <>
      <PageHead title="Settings" />
      <nav aria-label="Sections of the settings" className="no-print mb-5 border-b border-line">
        <ul className="-mb-px flex flex-wrap gap-x-1">
          {sectionsFor(session).map(({ id, label }) => (
            <li key={id}>
              <Link
                to="/settings/$section"
                params={{ section: id }}
                activeOptions={{ includeSearch: false }}
                className="block border-b-2 border-transparent px-2.5 py-1.5 hover:bg-panel"
                activeProps={{ className: 'border-accent! font-semibold', 'aria-current': 'page' }}
              >
                {label}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Outlet />
    </>
  );
}
