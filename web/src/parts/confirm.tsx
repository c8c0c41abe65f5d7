/** A button for what is not easily undone: it asks first, and shows what went wrong where it asked. */
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Button, type ButtonKind } from './button.tsx';
import { Dialog, DialogForm } from './dialog.tsx';

interface ConfirmProps {
  /** Of the button, `Delete`. */
  readonly label: string;
  /** What it is done to, for those who hear the button alone. */
  readonly subject: string;
  readonly title: string;
  /** What follows from it. */
  readonly children: ReactNode;
  /** Of the button in the dialog; absent, as the first. */
  readonly action?: string;
  readonly kind?: ButtonKind;
  readonly run: () => Promise<unknown>;
}

export function Confirm({
  label,
  subject,
  title,
  children,
  action = label,
  kind = 'quiet',
  run,
}: ConfirmProps): ReactNode {
  const [open, setOpen] = useState(false);
  const doing = useMutation({ mutationFn: run, onSuccess: () => setOpen(false) });
  const change = (next: boolean) => {
    doing.reset();
    setOpen(next);
  };
  return (
    <>
      <Button kind={kind} aria-label={`${label}: ${subject}`} onClick={() => change(true)}>
        {label}
      </Button>
      <Dialog title={title} description={children} open={open} onOpenChange={change}>
        <DialogForm
          action={action}
          kind="danger"
          busy={doing.isPending}
          error={doing.error}
          onCancel={() => change(false)}
          onSubmit={() => doing.mutate()}
        />
      </Dialog>
    </>
  );
}
