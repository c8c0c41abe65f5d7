/** Ignores a finding: with a reason, until a day, as far as said. Nothing is ignored for good. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { FindingRow } from '../../../../src/api/images.ts';
import { post } from '../../api.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog, DialogForm } from '../../parts/dialog.tsx';
import { controlClass, Field, TextField, textOf } from '../../parts/field.tsx';
import { Mono } from '../../parts/quoted.tsx';
import { type IgnoreScope, ignoreScopes } from '../../words.ts';
import { refreshAfterTriage } from './triage.ts';

const scopeWords: Readonly<Record<IgnoreScope, string>> = {
  image: 'In this image only',
  repository: 'In every image of this repository',
  everywhere: 'Everywhere',
};

/** Days that are proposed. */
const proposed = 90;

export function Ignore({ row }: { readonly row: FindingRow }): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button kind="quiet" onClick={() => setOpen(true)} aria-label={`Ignore: ${row.finding.title}`}>
        Ignore…
      </Button>
      <Dialog
        title="Ignore this finding"
        description="It stays listed and leaves verdict and score until the day you choose. You can undo it at any time."
        open={open}
        onOpenChange={setOpen}
      >
        <Form row={row} onClose={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function Form({ row, onClose }: { readonly row: FindingRow; readonly onClose: () => void }): ReactNode {
  const client = useQueryClient();
  const ignore = useMutation({
    mutationFn: (form: FormData) =>
      post<FindingRow>(`/findings/${row.id}/ignore`, {
        reason: textOf(form, 'reason'),
        // The day counts until its end.
        expiresAt: `${textOf(form, 'expiresAt')}T23:59:59Z`,
        scope: textOf(form, 'scope'),
      }),
    onSuccess: async () => {
      await refreshAfterTriage(client, row.image);
      onClose();
    },
  });
  return (
    <DialogForm
      action="Ignore"
      busy={ignore.isPending}
      error={ignore.error}
      onCancel={onClose}
      onSubmit={(form) => ignore.mutate(form)}
    >
      <p className="border-l-2 border-line pl-2">
        <span className="font-medium">{row.finding.title}</span>
        <br />
        <Mono text={row.reference} className="text-soft" />
      </p>
      <Field label="Reason" name="reason" hint="For those who read it next year" error={ignore.error}>
        {(control) => (
          <textarea
            {...control}
            required
            minLength={3}
            maxLength={1000}
            rows={3}
            className={`${controlClass} mt-0.5`}
          />
        )}
      </Field>
      <fieldset>
        <legend className="font-medium">Where</legend>
        {ignoreScopes.map((scope) => (
          <label key={scope} className="flex min-h-[1.75rem] items-center gap-2">
            <input
              type="radio"
              name="scope"
              value={scope}
              defaultChecked={scope === 'image'}
              className="size-4 accent-accent"
            />
            {scopeWords[scope]}
          </label>
        ))}
      </fieldset>
      <TextField
        label="Until"
        name="expiresAt"
        type="date"
        required
        min={dayIn(1)}
        defaultValue={dayIn(proposed)}
        hint="The finding is open again after that day (UTC)."
        error={ignore.error}
        className="max-w-[12rem]"
      />
    </DialogForm>
  );
}

function dayIn(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
