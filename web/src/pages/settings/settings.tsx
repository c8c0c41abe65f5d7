/** Settings: its sections beside each other, one at a time. */
import { Link, Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { PageHead } from '../../parts/page-head.tsx';
import { SectionNav, sectionLink } from '../../parts/section-nav.tsx';
import { useSession } from '../../queries.ts';
import { sectionsFor } from './sections.ts';

export function SettingsPage(): ReactNode {
  const session = useSession();
  return (
    <>
      <PageHead title="Settings" />
      <SectionNav label="Sections of the settings">
        {sectionsFor(session).map(({ id, label }) => (
          <li key={id}>
            <Link
              to="/settings/$section"
              params={{ section: id }}
              activeOptions={{ includeSearch: false }}
              {...sectionLink}
            >
              {label}
            </Link>
          </li>
        ))}
      </SectionNav>
      <Outlet />
    </>
  );
}
