/** Users: roles, sign-in links, who may no longer come in. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { SignInLink, User } from '../../../../src/api/access.ts';
import { patch, post, remove } from '../../api.ts';
import type { Column } from '../../parts/columns.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { controlClass, FormError, SelectField, TextField, textOf } from '../../parts/field.tsx';
import { Listed } from '../../parts/listed.tsx';
import { Tag } from '../../parts/marks.tsx';
import { NewItem } from '../../parts/new-item.tsx';
import { Empty } from '../../parts/notice.tsx';
import { Section, useTitle } from '../../parts/page-head.tsx';
import { Secret } from '../../parts/secret.tsx';
import { Ago } from '../../parts/time.tsx';
import { refresh, useSession } from '../../queries.ts';
import { roles } from '../../words.ts';
import { LinkButton } from './link-button.tsx';

export default function Users(): ReactNode {
  useTitle('Users');
  return (
    <Section title="Users" actions={<NewUser />}>
      <Listed<User> name="users" path="/users" what="the users">
        {(rows, more) => (
          <DataTable
            name="users"
            caption="users"
            noun="user"
            columns={columns}
            rows={rows}
            keyOf={(row) => row.id}
            more={more}
            empty={<Empty title="No users">Add one and send the sign-in link.</Empty>}
          />
        )}
      </Listed>
      <p className="mt-3 max-w-[70ch] text-soft">
        A viewer sees everything but access itself. An analyst also hunts, ignores findings and adds
        indicators. An admin also manages users, tokens, schedules and notifications.
      </p>
    </Section>
  );
}

const columns: readonly Column<User>[] = [
  { id: 'name', header: 'Name', value: (user) => user.name, className: '[overflow-wrap:anywhere]' },
  { id: 'role', header: 'Role', value: (user) => user.role, cell: (user) => <RoleChoice user={user} /> },
  {
    id: 'signs',
    header: 'Signs in by',
    value: (user) => (user.hasPassword ? 'password' : 'link or single sign-on'),
  },
  {
    id: 'seen',
    header: 'Last seen',
    value: (user) => user.lastSeenAt,
    cell: (user) => (user.lastSeenAt === undefined ? 'never' : <Ago time={user.lastSeenAt} />),
  },
  {
    id: 'created',
    header: 'Created',
    value: (user) => user.createdAt,
    cell: (user) => <Ago time={user.createdAt} />,
  },
  {
    id: 'state',
    header: 'State',
    value: (user) => (user.disabled ? 'disabled' : 'active'),
    cell: (user) => (
      <Tag tone={user.disabled ? 'text-critical' : 'text-soft'}>{user.disabled ? 'disabled' : 'active'}</Tag>
    ),
  },
  { id: 'actions', header: '', cell: (user) => <Actions user={user} /> },
];

function RoleChoice({ user }: { readonly user: User }): ReactNode {
  const client = useQueryClient();
  const session = useSession();
  const change = useMutation({
    mutationFn: (role: string) => patch<User>(`/users/${user.id}`, { role }),
    onSettled: () => refresh(client, 'users'),
  });
  // Whoever takes the role from themselves cannot give it back.
  if (user.id === session.user.id) return `${user.role} (you)`;
  return (
    <>
      <select
        aria-label={`Role of ${user.name}`}
        value={change.isPending ? change.variables : user.role}
        disabled={change.isPending}
        onChange={(event) => change.mutate(event.target.value)}
        className={`${controlClass} w-auto!`}
      >
        {roles.map((role) => (
          <option key={role}>{role}</option>
        ))}
      </select>
      <FormError error={change.error} />
    </>
  );
}

function Actions({ user }: { readonly user: User }): ReactNode {
  const client = useQueryClient();
  const session = useSession();
  const own = user.id === session.user.id;
  const toggle = async () => {
    await patch<User>(`/users/${user.id}`, { disabled: !user.disabled });
    void refresh(client, 'users');
  };
  const erase = async () => {
    await remove(`/users/${user.id}`);
    void refresh(client, 'users');
  };
  return (
    <span className="flex flex-wrap justify-end">
      {!user.disabled && <LinkButton user={user} />}
      {!own && (
        <Confirm
          label={user.disabled ? 'Enable' : 'Disable'}
          subject={user.name}
          title={user.disabled ? `Let ${user.name} in again?` : `Disable ${user.name}?`}
          run={toggle}
        >
          {user.disabled
            ? 'They may sign in again with what they had.'
            : 'Their sessions end at once, and they cannot sign in until enabled again.'}
        </Confirm>
      )}
      {!own && (
        <Confirm label="Delete" subject={user.name} title={`Delete ${user.name}?`} run={erase}>
          Their sessions end at once. What they did stays in the audit log.
        </Confirm>
      )}
    </span>
  );
}

/** Created, and let in by a link: two requests, so that a failure of the second leaves a user whose link can be made later. */
function NewUser(): ReactNode {
  const client = useQueryClient();
  const create = async (form: FormData) => {
    const user = await post<User>('/users', { name: textOf(form, 'name'), role: textOf(form, 'role') });
    void refresh(client, 'users');
    const link = await post<SignInLink>(`/users/${user.id}/link`).catch(() => undefined);
    return { user, link };
  };
  return (
    <NewItem
      label="Add a user"
      action="Add"
      create={create}
      created={({ user, link }) =>
        link === undefined ? (
          <p>{user.name} was added. The sign-in link could not be made: make it in the list.</p>
        ) : (
          <Secret value={link.url}>
            Send this link to {user.name}. It works once, and ends <Ago time={link.expiresAt} />. It is not
            shown again.
          </Secret>
        )
      }
    >
      {(error) => (
        <>
          <TextField
            label="Name"
            name="name"
            required
            maxLength={100}
            pattern="[\w.@+\-]{1,100}"
            title="Letters, digits and . _ @ + -"
            hint="With single sign-on: the name that the provider gives, often the mail address."
            error={error}
            autoCapitalize="none"
            autoComplete="off"
          />
          <SelectField label="Role" name="role" defaultValue="analyst" error={error}>
            {roles.map((role) => (
              <option key={role}>{role}</option>
            ))}
          </SelectField>
        </>
      )}
    </NewItem>
  );
}
