/** Buttons: a plain one, one for the main action of a view, one for what cannot be undone, one that is but an icon. */
import type { ButtonHTMLAttributes, ReactNode } from 'react';

const kinds = {
  plain: 'border-edge/70 bg-raised text-ink hover:bg-panel',
  main: 'border-accent bg-accent text-on-accent hover:opacity-90',
  danger: 'border-critical/70 bg-raised text-critical hover:bg-panel',
  quiet: 'border-transparent text-accent hover:bg-panel',
} as const;

export type ButtonKind = keyof typeof kinds;

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly kind?: ButtonKind;
  /** While what it started runs: it stays, and does not start it twice. */
  readonly busy?: boolean;
}

export function buttonClass(kind: ButtonKind = 'plain'): string {
  return `${kinds[kind]} inline-flex min-h-[1.9rem] cursor-pointer items-center gap-1.5 rounded-[3px] border px-2.5 py-0.5 font-medium whitespace-nowrap disabled:cursor-default disabled:opacity-60`;
}

export function Button({
  kind = 'plain',
  busy = false,
  className = '',
  children,
  ...rest
}: ButtonProps): ReactNode {
  return (
    <button
      type="button"
      {...rest}
      disabled={busy || rest.disabled}
      className={`${buttonClass(kind)} ${className}`}
    >
      {children}
      {busy && <span className="sr-only">, working</span>}
      {busy && <span aria-hidden="true">…</span>}
    </button>
  );
}
