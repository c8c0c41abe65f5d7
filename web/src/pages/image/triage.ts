/** What has to be asked for again after a finding was ignored or is open again: verdicts and counts change with it. */
import type { QueryClient } from '@tanstack/react-query';
import { refresh } from '../../queries.ts';

export async function refreshAfterTriage(client: QueryClient, image: number): Promise<void> {
  // Of the list of images many pages may be kept; they are fetched anew when it is gone to.
  client.removeQueries({ queryKey: ['images'], type: 'inactive' });
  await Promise.all([
    client.invalidateQueries({ queryKey: ['image', image] }),
    refresh(client, 'findings', 'overview'),
  ]);
}
