/** Cancels a running hunt, after asking. */
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Hunt } from '../../../../src/api/hunts.ts';
import { post } from '../../api.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { refresh, useMay } from '../../queries.ts';

export function CancelHunt({ hunt }: { readonly hunt: Hunt }): ReactNode {
  const client = useQueryClient();
  const mayHunt = useMay('hunt');
  if (hunt.state !== 'running' || !mayHunt) return null;
  const cancel = async () => {
    const cancelled = await post<Hunt>(`/hunts/${hunt.id}/cancel`);
    client.setQueryData(['hunt', hunt.id], cancelled);
    void refresh(client, 'hunts', 'overview');
  };
  return (
    <Confirm
      label="Cancel the hunt"
      subject={hunt.source}
      title="Cancel this hunt?"
      kind="danger"
      run={cancel}
    >
      What it has found stays. A new hunt of the same source goes on where this one stopped.
    </Confirm>
  );
}
