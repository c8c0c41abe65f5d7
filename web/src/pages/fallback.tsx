/** What stands in for a page: while it loads, when it failed, when there is none of that address. */
import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Failure, Skeleton } from '../parts/notice.tsx';
import { PageHead } from '../parts/page-head.tsx';

export function RoutePending(): ReactNode {
  return <Skeleton what="the page" lines={12} />;
}

export function RouteFailure({ error, reset }: ErrorComponentProps): ReactNode {
  const router = useRouter();
  return (
    <div className="mx-auto max-w-[60rem] p-4">
      <Failure
        what="the page"
        error={error instanceof Error ? error : new Error(String(error))}
        again={() => {
          reset();
          void router.invalidate();
        }}
      />
    </div>
  );
}

export function NotFound(): ReactNode {
  return (
    <main className="mx-auto max-w-[60rem] p-4">
      <PageHead title="There is no such page" />
      <p>
        The address may be mistyped, or the page is one that this version does not have.{' '}
        <Link to="/" className="link">
          Go to the overview
        </Link>
        .
      </p>
    </main>
  );
}
