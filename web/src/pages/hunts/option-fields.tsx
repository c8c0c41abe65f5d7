/** What hunts and schedules ask for: the source and how to look at it. */
import type { ReactNode } from 'react';
import { Check, TextField, textOf } from '../../parts/field.tsx';

export function HuntOptionFields({ error }: { readonly error: Error | null }): ReactNode {
  return (
    <>
      <TextField
        label="Source"
        name="source"
        required
        maxLength={2000}
        placeholder="registry:registry.example.org/team"
        hint="registry:HOST[:PORT][/PREFIX], or hub:QUERY for a search on Docker Hub"
        error={error}
        spellCheck={false}
        autoCapitalize="none"
      />
      <div className="grid gap-3.5 sm:grid-cols-3">
        <TextField
          label="Platform"
          name="platform"
          defaultValue="linux/amd64"
          required
          pattern="[a-z0-9]+/[a-z0-9]+(/[a-z0-9.]+)?"
          title="Like linux/amd64"
          error={error}
        />
        <TextField
          label="Changed since"
          name="since"
          type="date"
          hint="Where the source tells"
          error={error}
        />
        <TextField
          label="At most"
          name="limit"
          type="number"
          min={1}
          max={10_000_000}
          hint="Images"
          error={error}
        />
      </div>
      <Check name="insecure" label="Plain HTTP, or certificates that are not checked" />
    </>
  );
}

export function optionsOf(form: FormData): Readonly<Record<string, unknown>> {
  const since = textOf(form, 'since');
  const limit = textOf(form, 'limit');
  return {
    source: textOf(form, 'source') ?? '',
    platform: textOf(form, 'platform') ?? 'linux/amd64',
    insecure: form.get('insecure') !== null,
    ...(since === undefined ? {} : { since: `${since}T00:00:00Z` }),
    ...(limit === undefined ? {} : { limit: Number(limit) }),
  };
}
