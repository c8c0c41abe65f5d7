/**
 * A dialog over the page. Radix traps the focus, names it and gives the focus back. Its own overlay is not used:
 * that injects a style element, which the content security policy forbids; the style sheet holds the page still.
 */
import { Dialog as Radix } from 'radix-ui';
import { type ReactNode, useEffect } from 'react';
import { Button, type ButtonKind } from './button.tsx';
import { FormError } from './field.tsx';

interface DialogProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly children: ReactNode;
  readonly wide?: boolean;
}

export function Dialog({
  title,
  description,
  open,
  onOpenChange,
  children,
  wide = false,
}: DialogProps): ReactNode {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <div className="fixed inset-0 z-40 flex items-start justify-center overflow-y-auto bg-shade px-3 py-[6vh]">
          <Radix.Content
            {...(description === undefined ? { 'aria-describedby': undefined } : {})}
            className={`${wide ? 'max-w-[46rem]' : 'max-w-[34rem]'} w-full rounded-[4px] border border-edge/60 bg-paper p-5 shadow-xl outline-none`}
          >
            <div className="flex items-start justify-between gap-4">
              <Radix.Title className="text-[1.2rem] leading-snug font-semibold">{title}</Radix.Title>
              <Radix.Close
                className="-mt-1 -mr-2 size-8 shrink-0 cursor-pointer rounded-[3px] text-soft hover:bg-panel"
                aria-label="Close"
              >
                <span aria-hidden="true">✕</span>
              </Radix.Close>
            </div>
            {description !== undefined && (
              <Radix.Description asChild>
                <div className="mt-1 text-soft">{description}</div>
              </Radix.Description>
            )}
            <div className="mt-4">{children}</div>
            <Hold />
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Holds the page still while it is there. A style with `:has` would do so too, and slow down every long list. */
function Hold(): ReactNode {
  useEffect(() => {
    document.body.dataset.held = '';
    return () => {
      delete document.body.dataset.held;
    };
  }, []);
  return null;
}

interface FormProps {
  readonly onSubmit: (form: FormData) => void;
  readonly onCancel: () => void;
  readonly action: string;
  readonly kind?: ButtonKind;
  readonly busy: boolean;
  readonly error: Error | null;
  readonly children?: ReactNode;
}

/** The form that most dialogs are: fields, what went wrong, one action and a way out. */
export function DialogForm({
  onSubmit,
  onCancel,
  action,
  kind = 'main',
  busy,
  error,
  children,
}: FormProps): ReactNode {
  return (
    <form
      className="space-y-3.5"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(new FormData(event.currentTarget));
      }}
    >
      {children}
      <FormError error={error} />
      <div className="flex flex-wrap justify-end gap-2 pt-1">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" kind={kind} busy={busy}>
          {action}
        </Button>
      </div>
    </form>
  );
}
