/** A list of the server, page after page, with what stands in for it before it is there. */
import type { ReactNode } from 'react';
import type { Parameters } from '../api.ts';
import { useList } from '../queries.ts';
import { Failure, Skeleton } from './notice.tsx';

export interface More {
  readonly busy: boolean;
  readonly load: () => void;
}

interface ListedProps<Item> {
  readonly name: string;
  readonly path: string;
  readonly parameters?: Parameters;
  /** `the hunts`, as in `Could not load the hunts`. */
  readonly what: string;
  readonly children: (rows: readonly Item[], more: More | undefined) => ReactNode;
}

export function Listed<Item>({ name, path, parameters = {}, what, children }: ListedProps<Item>): ReactNode {
  const { query, rows } = useList<Item>(name, path, { limit: 200, ...parameters });
  if (rows === undefined) {
    if (query.isError) return <Failure what={what} error={query.error} again={() => void query.refetch()} />;
    return <Skeleton what={what} />;
  }
  const more = query.hasNextPage
    ? { busy: query.isFetchingNextPage, load: () => void query.fetchNextPage() }
    : undefined;
  return (
    <>
      {query.isError && <Failure what={what} error={query.error} again={() => void query.refetch()} />}
      {children(rows, more)}
    </>
  );
}
