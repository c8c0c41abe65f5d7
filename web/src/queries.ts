/**
 * What the console asks the server for, and under which key the answer is kept. The live stream patches the same
 * keys (see `live.ts`).
 */
import {
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
  useInfiniteQuery,
  useQuery,
  useSuspenseQuery,
} from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Scope, Session } from '../../src/api/access.ts';
import type { Hunt } from '../../src/api/hunts.ts';
import type { ImageDetail } from '../../src/api/images.ts';
import type { Overview } from '../../src/api/overview.ts';
import type { Page } from '../../src/api/page.ts';
import { get, type Parameters } from './api.ts';
import { useLiveState } from './live.ts';

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => get<Session>('/session', {}, signal),
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
});

/** Only below the shell, whose route has loaded the session before it draws anything. */
export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}

/** Whether to offer what needs the scope; the server decides again. */
export function useMay(scope: Scope): boolean {
  return useSession().scopes.includes(scope);
}

export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: ({ signal }) => get<Overview>('/overview', {}, signal),
});

export function imageQuery(id: number) {
  return queryOptions({
    queryKey: ['image', id],
    queryFn: ({ signal }) => get<ImageDetail>(`/images/${id}`, {}, signal),
  });
}

/** Live events patch a running hunt; while they do not come, it is asked for every five seconds. */
export function useHunt(id: number) {
  const live = useLiveState();
  return useQuery({
    queryKey: ['hunt', id],
    queryFn: ({ signal }) => get<Hunt>(`/hunts/${id}`, {}, signal),
    refetchInterval: ({ state }) => (state.data?.state === 'running' && live !== 'open' ? 5000 : false),
  });
}

/**
 * A list of the server, page after page.
 * @param name also the first part of the key, so that `['findings']` invalidates every filter of the findings
 */
export function listQuery<Item>(name: string, path: string, parameters: Parameters = {}) {
  return infiniteQueryOptions({
    queryKey: [name, path, parameters],
    queryFn: ({ pageParam, signal }) =>
      get<Page<Item> & { readonly total?: number }>(path, { ...parameters, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
  });
}

/** The pages of a list as one, with what a table needs to show and to go on. */
export function useList<Item>(name: string, path: string, parameters: Parameters = {}) {
  const query = useInfiniteQuery(listQuery<Item>(name, path, parameters));
  const pages = query.data?.pages;
  const rows = useMemo(() => pages?.flatMap((page) => page.items), [pages]);
  return { query, rows };
}

/** After a write: asks again for what is shown of these lists. */
export async function refresh(client: QueryClient, ...names: readonly string[]): Promise<void> {
  await Promise.all(names.map((name) => client.invalidateQueries({ queryKey: [name] })));
}
