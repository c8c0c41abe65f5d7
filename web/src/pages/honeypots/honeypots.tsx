/** Honeypots: who is knocking? Sections beside each other, one at a time. */
import { Link, Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { PageHead } from '../../parts/page-head.tsx';
import { SectionNav, sectionLink } from '../../parts/section-nav.tsx';

const sections = [
  { to: '/honeypots', label: 'Overview' },
  { to: '/honeypots/sessions', label: 'Sessions' },
  { to: '/honeypots/sources', label: 'Sources' },
  { to: '/honeypots/credentials', label: 'Credentials' },
  { to: '/honeypots/files', label: 'Files' },
  { to: '/honeypots/sensors', label: 'Sensors' },
] as const;

export function HoneypotsPage(): ReactNode {
  return (
    <>
      <PageHead title="Honeypots" about="Who is knocking, with what, and what they left." />
      <SectionNav label="Sections of the honeypots">
        {sections.map(({ to, label }) => (
          <li key={to}>
            <Link
              to={to}
              search={({ period }) => (period === undefined ? {} : { period })}
              activeOptions={{ includeSearch: false, exact: true }}
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
