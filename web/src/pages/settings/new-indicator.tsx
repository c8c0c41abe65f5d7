/** Adds an indicator. */
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { IndicatorRow } from '../../../../src/api/intel.ts';
import { categories, indicatorTypes } from '../../../../src/model/terms.ts';
import { post } from '../../api.ts';
import { SelectField, TextField, textOf } from '../../parts/field.tsx';
import { NewItem } from '../../parts/new-item.tsx';
import { refresh } from '../../queries.ts';

export function NewIndicator(): ReactNode {
  const client = useQueryClient();
  const create = async (form: FormData) => {
    await post<IndicatorRow>('/indicators', {
      type: textOf(form, 'type'),
      value: textOf(form, 'value'),
      category: textOf(form, 'category'),
      source: textOf(form, 'source') ?? '',
      note: textOf(form, 'note') ?? '',
    });
    void refresh(client, 'indicators', 'retro-hunts', 'overview');
  };
  return (
    <NewItem
      label="Add an indicator"
      description="Images that have the value count as bad from now on, and those of before are searched at once."
      action="Add"
      create={create}
    >
      {(error) => (
        <>
          <div className="grid gap-3.5 sm:grid-cols-2">
            <SelectField label="Type" name="type" error={error}>
              {indicatorTypes.map((type) => (
                <option key={type}>{type}</option>
              ))}
            </SelectField>
            <SelectField label="Category" name="category" defaultValue="cryptomining" error={error}>
              {categories.map((category) => (
                <option key={category}>{category}</option>
              ))}
            </SelectField>
          </div>
          <TextField label="Value" name="value" required maxLength={4096} spellCheck={false} error={error} />
          <TextField label="Source" name="source" maxLength={200} hint="Who says so" error={error} />
          <TextField label="Note" name="note" maxLength={1000} error={error} />
        </>
      )}
    </NewItem>
  );
}
