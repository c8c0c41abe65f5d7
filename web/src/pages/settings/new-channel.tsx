/** Adds a channel; each kind has a target of its own. Secrets in it go to the server and never come back. */
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Channel } from '../../../../src/api/upkeep.ts';
import { post } from '../../api.ts';
import { SelectField, TextField, textOf } from '../../parts/field.tsx';
import { NewItem } from '../../parts/new-item.tsx';
import { refresh } from '../../queries.ts';
import { channelKinds } from '../../words.ts';
import { RuleFields, ruleOf } from './channel-rule.tsx';

type Kind = Channel['kind'];

export function NewChannel(): ReactNode {
  const client = useQueryClient();
  const [kind, setKind] = useState<Kind>('webhook');
  const create = async (form: FormData) => {
    await post<Channel>('/channels', {
      name: textOf(form, 'name'),
      target: targetOf(kind, form),
      rule: ruleOf(form),
    });
    void refresh(client, 'channels', 'overview');
  };
  return (
    <NewItem label="Add a channel" action="Add" wide create={create}>
      {(error) => (
        <>
          <div className="grid gap-3.5 sm:grid-cols-2">
            <TextField label="Name" name="name" required maxLength={100} error={error} />
            <SelectField
              label="Kind"
              name="kind"
              value={kind}
              onChange={(event) =>
                setKind(channelKinds.find((one) => one === event.target.value) ?? 'webhook')
              }
            >
              {channelKinds.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </SelectField>
          </div>
          <TargetFields kind={kind} error={error} />
          <RuleFields error={error} />
        </>
      )}
    </NewItem>
  );
}

interface TargetFieldsProps {
  readonly kind: Kind;
  readonly error: Error | null;
}

function TargetFields({ kind, error }: TargetFieldsProps): ReactNode {
  const secret = { autoComplete: 'off', spellCheck: false, required: true, maxLength: 2000, error } as const;
  switch (kind) {
    case 'webhook':
      return (
        <>
          <TextField label="URL" name="url" type="url" {...secret} />
          <TextField
            label="Key"
            name="key"
            {...secret}
            minLength={16}
            maxLength={200}
            hint="Messages are signed with it, so that the receiver knows that they are ours."
          />
        </>
      );
    case 'slack':
      return <TextField label="URL of the incoming webhook" name="url" type="url" {...secret} />;
    case 'email':
      return (
        <>
          <TextField
            label="Server"
            name="server"
            {...secret}
            placeholder="smtps://user:password@mail.example.org"
            hint="smtp:// or smtps://, with name and password where it asks for them"
          />
          <div className="grid gap-3.5 sm:grid-cols-2">
            <TextField label="From" name="from" type="email" required error={error} />
            <TextField
              label="To"
              name="to"
              type="email"
              multiple
              required
              hint="Commas between"
              error={error}
            />
          </div>
        </>
      );
    case 'syslog':
      return (
        <div className="grid gap-3.5 sm:grid-cols-3">
          <TextField label="Host" name="host" required maxLength={255} spellCheck={false} error={error} />
          <TextField
            label="Port"
            name="port"
            type="number"
            min={1}
            max={65_535}
            defaultValue={514}
            error={error}
          />
          <SelectField label="Transport" name="transport" error={error}>
            <option>udp</option>
            <option>tcp</option>
            <option>tls</option>
          </SelectField>
        </div>
      );
  }
}

function targetOf(kind: Kind, form: FormData): unknown {
  switch (kind) {
    case 'webhook':
      return { kind, url: textOf(form, 'url'), key: textOf(form, 'key') };
    case 'slack':
      return { kind, url: textOf(form, 'url') };
    case 'email':
      return {
        kind,
        server: textOf(form, 'server'),
        from: textOf(form, 'from'),
        to: (textOf(form, 'to') ?? '').split(/[\s,]+/).filter(Boolean),
      };
    case 'syslog':
      return {
        kind,
        host: textOf(form, 'host'),
        port: Number(textOf(form, 'port') ?? 514),
        transport: textOf(form, 'transport'),
      };
  }
}
