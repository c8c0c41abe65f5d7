/** Makes a sign-in link for a user and shows it once. */
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { SignInLink, User } from '../../../../src/api/access.ts';
import { post } from '../../api.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { FormError } from '../../parts/field.tsx';
import { Secret } from '../../parts/secret.tsx';
import { Ago } from '../../parts/time.tsx';

export function LinkButton({ user }: { readonly user: User }): ReactNode {
  const [open, setOpen] = useState(false);
  const make = useMutation({ mutationFn: () => post<SignInLink>(`/users/${user.id}/link`) });
  return (
    <>
      <Button
        kind="quiet"
        aria-label={`Sign-in link for ${user.name}`}
        onClick={() => {
          make.mutate();
          setOpen(true);
        }}
      >
        Link
      </Button>
      <Dialog title={`Sign-in link for ${user.name}`} open={open} onOpenChange={setOpen}>
        <FormError error={make.error} />
        {make.isPending && <p role="status">Making the link…</p>}
        {make.data !== undefined && (
          <Secret value={make.data.url}>
            It works once, and ends <Ago time={make.data.expiresAt} />. It is not shown again.
          </Secret>
        )}
        <p className="mt-4 text-right">
          <Button kind="main" onClick={() => setOpen(false)}>
            Done
          </Button>
        </p>
      </Dialog>
    </>
  );
}
