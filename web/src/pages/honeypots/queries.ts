/** What several pages of the honeypots ask for. */
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { HoneypotOverview } from '../../../../src/api/events.ts';
import { get } from '../../api.ts';
import { refreshShort } from '../../live.ts';
import type { HoneypotPeriod } from '../../words.ts';

/** Milliseconds. The live stream tells of what is notable alone; probes and silence are seen by asking. */
export const pace = 20_000;

function honeypotsQuery(period: HoneypotPeriod) {
  return queryOptions({
    queryKey: ['honeypots', period],
    queryFn: ({ signal }) => get<HoneypotOverview>('/honeypots/overview', { period }, signal),
    refetchInterval: pace,
  });
}

/** Asked for again and again; what the lists show of the same is asked for when it has changed. */
export function useHoneypots(period: HoneypotPeriod) {
  const client = useQueryClient();
  const query = useQuery(honeypotsQuery(period));
  const count = query.data?.events;
  const before = useRef(count);
  useEffect(() => {
    if (before.current !== undefined && count !== undefined && before.current !== count)
      refreshShort(client, 'sessions', 'sources', 'credentials', 'artefacts');
    before.current = count;
  }, [client, count]);
  return query;
}
