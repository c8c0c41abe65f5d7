/** A button that opens the form of something new: indicator, user, token, schedule, channel. */
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Button } from './button.tsx';
import { Dialog, DialogForm } from './dialog.tsx';

interface NewItemProps<Created> {
  readonly label: string;
  readonly description?: ReactNode;
  readonly action: string;
  readonly wide?: boolean;
  readonly create: (form: FormData) => Promise<Created>;
  /** Fields, given what the server said against them. */
  readonly children: (error: Error | null) => ReactNode;
  /** Shown instead of the form when it is done; absent, the dialog closes. */
  readonly created?: (result: Created) => ReactNode;
}

export function NewItem<Created>(props: NewItemProps<Created>): ReactNode {
  const { label, description, action, wide = false, create, children, created } = props;
  const [open, setOpen] = useState(false);
  const creating = useMutation({
    mutationFn: create,
    onSuccess: () => {
      if (created === undefined) setOpen(false);
    },
  });
  const change = (next: boolean) => {
    creating.reset();
    setOpen(next);
  };
  return (
    <>
      <Button kind="main" onClick={() => change(true)}>
        {label}
      </Button>
      <Dialog title={label} description={description} open={open} onOpenChange={change} wide={wide}>
        {creating.isSuccess && created !== undefined ? (
          <div className="space-y-3">
            {created(creating.data)}
            <p className="text-right">
              <Button kind="main" onClick={() => change(false)}>
                Done
              </Button>
            </p>
          </div>
        ) : (
          <DialogForm
            action={action}
            busy={creating.isPending}
            error={creating.error}
            onCancel={() => change(false)}
            onSubmit={(form) => creating.mutate(form)}
          >
            {children(creating.error)}
          </DialogForm>
        )}
      </Dialog>
    </>
  );
}
