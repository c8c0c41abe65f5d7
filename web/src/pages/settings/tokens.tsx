/** Tokens: by which machines use the API. The secret is shown once, when the token is made. */
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Scope, Token } from '../../../../src/api/access.ts';
import { post, remove } from '../../api.ts';
import type { Column } from '../../parts/columns.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Check, TextField, textOf } from '../../parts/field.tsx';
import { Listed } from '../../parts/listed.tsx';
import { NewItem } from '../../parts/new-item.tsx';
import { Empty } from '../../parts/notice.tsx';
import { Section, useTitle } from '../../parts/page-head.tsx';
import { Quoted } from '../../parts/quoted.tsx';
import { Secret } from '../../parts/secret.tsx';
import { Ago } from '../../parts/time.tsx';
import { refresh } from '../../queries.ts';
import { scopes } from '../../words.ts';

export default function Tokens(): ReactNode {
  useTitle('Tokens');
  return (
    <Section title="Tokens" actions={<NewToken />}>
      <Listed<Token> name="tokens" path="/tokens" what="the tokens">
        {(rows, more) => (
          <DataTable
            name="tokens"
            caption="tokens"
            noun="token"
            columns={columns}
            rows={rows}
            keyOf={(row) => row.id}
            more={more}
            empty={
              <Empty title="No tokens">
                Make one for a pipeline that delivers reports, or for a metrics collector.
              </Empty>
            }
          />
        )}
      </Listed>
    </Section>
  );
}

const columns: readonly Column<Token>[] = [
  { id: 'name', header: 'Name', value: (row) => row.name, cell: (row) => <Quoted text={row.name} /> },
  {
    id: 'prefix',
    header: 'Begins with',
    value: (row) => row.prefix,
    cell: (row) => <code>{row.prefix}…</code>,
  },
  { id: 'scopes', header: 'May', value: (row) => row.scopes.join(', ') },
  { id: 'by', header: 'By', value: (row) => row.createdBy },
  {
    id: 'created',
    header: 'Created',
    value: (row) => row.createdAt,
    cell: (row) => <Ago time={row.createdAt} />,
  },
  {
    id: 'used',
    header: 'Last used',
    value: (row) => row.lastUsedAt,
    cell: (row) => (row.lastUsedAt === undefined ? 'never' : <Ago time={row.lastUsedAt} />),
  },
  {
    id: 'expires',
    header: 'Ends',
    value: (row) => row.expiresAt,
    cell: (row) => (row.expiresAt === undefined ? 'never' : <Ago time={row.expiresAt} />),
  },
  { id: 'actions', header: '', cell: (row) => <Revoke row={row} /> },
];

function Revoke({ row }: { readonly row: Token }): ReactNode {
  const client = useQueryClient();
  const run = async () => {
    await remove(`/tokens/${row.id}`);
    void refresh(client, 'tokens');
  };
  return (
    <span className="flex justify-end">
      <Confirm label="Revoke" subject={row.name} title="Revoke this token?" run={run}>
        Whatever uses <Quoted text={row.name} /> is refused at once. A revoked token does not come back.
      </Confirm>
    </span>
  );
}

const scopeWords: Readonly<Record<Scope, string>> = {
  read: 'see everything but access itself',
  hunt: 'start scans and hunts',
  triage: 'ignore findings and reopen them',
  learn: 'add and withdraw indicators',
  ingest: 'deliver reports and events',
  metrics: 'read /metrics',
  admin: 'manage users, tokens, schedules and notifications',
};

function NewToken(): ReactNode {
  const client = useQueryClient();
  const create = async (form: FormData) => {
    const until = textOf(form, 'expiresAt');
    const token = await post<Token & { readonly secret: string }>('/tokens', {
      name: textOf(form, 'name'),
      scopes: form.getAll('scopes'),
      ...(until === undefined ? {} : { expiresAt: `${until}T23:59:59Z` }),
    });
    void refresh(client, 'tokens');
    return token;
  };
  return (
    <NewItem
      label="Make a token"
      action="Make"
      create={create}
      created={({ secret }) => <Secret value={secret}>Keep it now: it is not shown again.</Secret>}
    >
      {(error) => (
        <>
          <TextField label="Name" name="name" required maxLength={100} hint="What uses it" error={error} />
          <fieldset>
            <legend className="font-medium">It may</legend>
            {scopes.map((scope) => (
              <Check
                key={scope}
                name="scopes"
                value={scope}
                defaultChecked={scope === 'ingest'}
                label={
                  <>
                    <b>{scope}</b> <span className="text-soft">{scopeWords[scope]}</span>
                  </>
                }
              />
            ))}
          </fieldset>
          <TextField
            label="Until"
            name="expiresAt"
            type="date"
            min={new Date().toISOString().slice(0, 10)}
            hint="Without a day it never ends."
            error={error}
            className="max-w-[12rem]"
          />
        </>
      )}
    </NewItem>
  );
}
