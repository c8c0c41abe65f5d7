/** What stands where data will be: a skeleton while it loads, what to do when it failed, how to fill it when empty. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiError } from '../api.ts';
import { Button } from './button.tsx';
import { PageHead } from './page-head.tsx';

interface LoadedProps<Data> {
  readonly query: UseQueryResult<Data>;
  /** `the overview`, as in `Could not load the overview`. */
  readonly what: string;
  readonly skeleton?: ReactNode;
  /** Of a page that takes its heading from the data: what it is called without. */
  readonly title?: string;
  readonly children: (data: Data) => ReactNode;
}

/** Data when it is there, and what stands in for it before. */
export function Loaded<Data>({ query, what, skeleton, title, children }: LoadedProps<Data>): ReactNode {
  if (query.data !== undefined) return children(query.data);
  return (
    <>
      {title !== undefined && <PageHead title={title} />}
      {query.isError ? (
        <Failure what={what} error={query.error} again={() => void query.refetch()} />
      ) : (
        (skeleton ?? <Skeleton what={what} />)
      )}
    </>
  );
}

interface FailureProps {
  readonly what: string;
  readonly error: Error;
  readonly again?: () => void;
}

export function Failure({ what, error, again }: FailureProps): ReactNode {
  return (
    <div role="alert" className="my-3 border-l-4 border-critical bg-panel px-4 py-3">
      <p className="font-semibold">Could not load {what}</p>
      <p className="mt-0.5">{error.message}</p>
      <p className="mt-0.5 text-soft">{adviceOn(error)}</p>
      {again && (
        <Button className="mt-2" onClick={again}>
          Try again
        </Button>
      )}
    </div>
  );
}

function adviceOn(error: Error): string {
  if (!(error instanceof ApiError))
    return 'Reload the page. If it stays so, this is a fault of the console: report it.';
  if (error.status === 0) return 'Check the connection, and that the server runs; then try again.';
  if (error.status === 403)
    return 'Your role does not allow this. An admin can change it under Settings, Users.';
  if (error.status === 404)
    return 'It may have been removed, or the address is wrong. Go back to the list it came from.';
  if (error.status === 429) return 'Too many requests in a short time. Wait a minute, then try again.';
  if (error.status >= 500) return "Look into the server's log, and at Settings, System; then try again.";
  return 'Check what you asked for, then try again.';
}

/** Grey lines in the room that the content will take. */
export function Skeleton({ what, lines = 6 }: { readonly what: string; readonly lines?: number }): ReactNode {
  const widths = ['w-full', 'w-11/12', 'w-4/5', 'w-full', 'w-2/3', 'w-5/6'];
  return (
    <div role="status" className="my-3 space-y-2.5">
      <span className="sr-only">Loading {what}</span>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines are all alike and never move
        <div key={line} className={`ghost h-4 ${widths[line % widths.length]}`} />
      ))}
    </div>
  );
}

interface EmptyProps {
  readonly title: string;
  /** How to fill it. */
  readonly children?: ReactNode;
}

export function Empty({ title, children }: EmptyProps): ReactNode {
  return (
    <div className="my-3 border border-dashed border-line px-4 py-5">
      <p className="font-semibold">{title}</p>
      {children && <div className="mt-1 max-w-[60ch] text-soft">{children}</div>}
    </div>
  );
}
