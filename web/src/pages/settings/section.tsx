/** The section that the address names, if there is one and the user may see it. */
import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactNode, Suspense } from 'react';
import { Empty, Skeleton } from '../../parts/notice.tsx';
import { useSession } from '../../queries.ts';
import { sectionsFor } from './sections.ts';

const route = getRouteApi('/shell/settings/$section');

export function SettingsSection(): ReactNode {
  const { section } = route.useParams();
  const session = useSession();
  const found = sectionsFor(session).find(({ id }) => id === section);
  if (found === undefined) {
    return (
      <Empty title="There is no such section for you">
        The address may be mistyped, or your role ({session.user.role}) does not see it.{' '}
        <Link to="/settings" className="link">
          Go to the settings
        </Link>
        .
      </Empty>
    );
  }
  const Component = found.component;
  return (
    <Suspense fallback={<Skeleton what={found.label} />}>
      <Component />
    </Suspense>
  );
}
