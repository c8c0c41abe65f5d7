/** Fields of forms: label, control, explanation and what was wrong with it, tied together for all readers. */
import { type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, useId } from 'react';
import { ApiError } from '../api.ts';

export const controlClass =
  'min-h-[1.9rem] w-full rounded-[3px] border border-edge/80 bg-raised px-2 py-0.5 text-ink placeholder:text-soft';

interface FieldProps {
  readonly label: string;
  readonly name: string;
  readonly hint?: ReactNode;
  /** Of the whole form; the field finds its own part by name. */
  readonly error?: Error | null;
}

interface FrameProps extends FieldProps {
  readonly children: (control: ControlProps) => ReactNode;
}

interface ControlProps {
  readonly id: string;
  readonly name: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean | undefined;
}

export function Field({ label, name, hint, error, children }: FrameProps): ReactNode {
  const id = useId();
  const wrong = messageFor(name, error);
  const described = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(' ');
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="block font-medium">
        {label}
      </label>
      {children({
        id,
        name,
        'aria-describedby': described === '' ? undefined : described,
        'aria-invalid': wrong === undefined ? undefined : true,
      })}
      {hint && (
        <p id={`${id}-hint`} className="mt-0.5 text-[0.92rem] text-soft">
          {hint}
        </p>
      )}
      {wrong && (
        <p id={`${id}-wrong`} className="mt-0.5 text-critical">
          <span aria-hidden="true">▲ </span>
          {wrong}
        </p>
      )}
    </div>
  );
}

/** `target.url` is found by `url` too: the server names the path, a form has one field of a name. */
function messageFor(name: string, error: Error | null | undefined): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  return error.fields.find(({ field }) => field === name || field.endsWith('.' + name))?.message;
}

type TextProps = FieldProps & Omit<InputHTMLAttributes<HTMLInputElement>, 'name' | 'id'>;

export function TextField({ label, name, hint, error, className = '', ...rest }: TextProps): ReactNode {
  return (
    <Field label={label} name={name} hint={hint} error={error ?? null}>
      {(control) => <input {...rest} {...control} className={`${controlClass} mt-0.5 ${className}`} />}
    </Field>
  );
}

type SelectProps = FieldProps & Omit<SelectHTMLAttributes<HTMLSelectElement>, 'name' | 'id'>;

export function SelectField({ label, name, hint, error, children, ...rest }: SelectProps): ReactNode {
  return (
    <Field label={label} name={name} hint={hint} error={error ?? null}>
      {(control) => (
        <select {...rest} {...control} className={`${controlClass} mt-0.5`}>
          {children}
        </select>
      )}
    </Field>
  );
}

export function Check({
  label,
  ...rest
}: { readonly label: ReactNode } & InputHTMLAttributes<HTMLInputElement>): ReactNode {
  return (
    <label className="flex min-h-[1.75rem] items-center gap-2">
      <input type="checkbox" {...rest} className="size-4 shrink-0 accent-accent" />
      <span>{label}</span>
    </label>
  );
}

/** What the server said against the form as a whole. */
export function FormError({ error }: { readonly error: Error | null }): ReactNode {
  if (error === null) return null;
  return (
    <p role="alert" className="border-l-4 border-critical bg-panel px-3 py-1.5">
      {error.message}
    </p>
  );
}

/** Text of a form by name, trimmed; what is left empty is undefined. */
export function textOf(form: FormData, name: string): string | undefined {
  const value = form.get(name);
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? undefined : text;
}
