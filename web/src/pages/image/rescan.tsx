/** Scans the image again with the rules of today. */
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { post } from '../../api.ts';
import { Button } from '../../parts/button.tsx';
import { FormError } from '../../parts/field.tsx';
import { useMay } from '../../queries.ts';

export function Rescan({ image }: { readonly image: number }): ReactNode {
  const mayHunt = useMay('hunt');
  const rescan = useMutation({ mutationFn: () => post<{ readonly job: string }>(`/images/${image}/rescan`) });
  if (!mayHunt) return null;
  return (
    <div className="flex flex-wrap items-center gap-3">
      <FormError error={rescan.error} />
      <span role="status" className="text-soft">
        {rescan.isSuccess && (
          <>
            Waits for its turn:{' '}
            <Link to="/settings/$section" params={{ section: 'jobs' }} search={{}} className="link">
              jobs
            </Link>
          </>
        )}
      </span>
      <Button onClick={() => rescan.mutate()} busy={rescan.isPending} disabled={rescan.isSuccess}>
        Rescan
      </Button>
    </div>
  );
}
