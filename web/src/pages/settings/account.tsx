/** One's own account: who one is, what one may do, the password. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useRef } from 'react';
import { put } from '../../api.ts';
import { Button } from '../../parts/button.tsx';
import { FormError, TextField } from '../../parts/field.tsx';
import { Section, useTitle } from '../../parts/page-head.tsx';
import { Exact } from '../../parts/time.tsx';
import { useSession } from '../../queries.ts';

/** As the server asks for. */
const shortest = 12;

export default function Account(): ReactNode {
  useTitle('Account');
  const { user, scopes, expiresAt } = useSession();
  return (
    <div className="grid gap-x-10 gap-y-6 md:grid-cols-2">
      <Section title="You">
        <p className="py-1">
          <b>{user.name}</b>, {user.role}. You may: {scopes.join(', ')}.
        </p>
        <p className="text-soft">
          Signed in until <Exact time={expiresAt} />.
        </p>
      </Section>
      <Section title={user.hasPassword ? 'Change the password' : 'Set a password'}>
        <PasswordForm hasPassword={user.hasPassword} name={user.name} />
      </Section>
    </div>
  );
}

interface PasswordFormProps {
  readonly hasPassword: boolean;
  readonly name: string;
}

function PasswordForm({ hasPassword, name }: PasswordFormProps): ReactNode {
  const client = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const change = useMutation({
    mutationFn: (fields: FormData) => {
      // As they were typed: a password may begin or end with a space.
      const password = String(fields.get('password') ?? '');
      const current = fields.get('current');
      return put('/session/password', typeof current === 'string' ? { password, current } : { password });
    },
    onSuccess: async () => {
      form.current?.reset();
      await client.invalidateQueries({ queryKey: ['session'] });
    },
  });
  return (
    <form
      ref={form}
      className="max-w-[22rem] space-y-3 pt-1"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate(new FormData(event.currentTarget));
      }}
    >
      {/* For password managers: whose password it is. */}
      <input type="text" name="username" defaultValue={name} autoComplete="username" hidden readOnly />
      {hasPassword && (
        <TextField
          label="Current password"
          name="current"
          type="password"
          autoComplete="current-password"
          required
          maxLength={200}
          error={change.error}
        />
      )}
      <TextField
        label="New password"
        name="password"
        type="password"
        autoComplete="new-password"
        required
        minLength={shortest}
        maxLength={200}
        hint={`At least ${shortest} characters.`}
        error={change.error}
      />
      <FormError error={change.error} />
      <div className="flex items-center gap-3">
        <Button type="submit" kind="main" busy={change.isPending}>
          Save
        </Button>
        <span role="status" className="text-good">
          {change.isSuccess && '✓ Saved'}
        </span>
      </div>
    </form>
  );
}
