/** Starts a hunt, and goes to it. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Hunt } from '../../../../src/api/hunts.ts';
import { post } from '../../api.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog, DialogForm } from '../../parts/dialog.tsx';
import { Check } from '../../parts/field.tsx';
import { refresh, useMay } from '../../queries.ts';
import { HuntOptionFields, optionsOf } from './option-fields.tsx';

export function NewHunt(): ReactNode {
  const [open, setOpen] = useState(false);
  const mayHunt = useMay('hunt');
  if (!mayHunt) return null;
  return (
    <>
      <Button kind="main" onClick={() => setOpen(true)}>
        Start a hunt
      </Button>
      <Dialog
        title="Start a hunt"
        description="Looks at every image of a source."
        open={open}
        onOpenChange={setOpen}
      >
        <Form onClose={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function Form({ onClose }: { readonly onClose: () => void }): ReactNode {
  const client = useQueryClient();
  const navigate = useNavigate();
  const start = useMutation({
    mutationFn: (form: FormData) =>
      post<Hunt>('/hunts', { ...optionsOf(form), restart: form.get('restart') !== null }),
    onSuccess: async (hunt) => {
      onClose();
      client.setQueryData(['hunt', hunt.id], hunt);
      void refresh(client, 'hunts', 'overview');
      await navigate({ to: '/hunts/$id', params: { id: String(hunt.id) } });
    },
  });
  return (
    <DialogForm
      action="Start"
      busy={start.isPending}
      error={start.error}
      onCancel={onClose}
      onSubmit={(form) => start.mutate(form)}
    >
      <HuntOptionFields error={start.error} />
      <Check name="restart" label="Begin anew, do not go on with an interrupted hunt of this source" />
    </DialogForm>
  );
}
