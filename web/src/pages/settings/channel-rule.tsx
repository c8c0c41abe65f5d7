/** What a channel is told: the fields of its rule, for a new channel and for one that is. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Channel, ChannelRule } from '../../../../src/api/upkeep.ts';
import { categories, severities } from '../../../../src/model/terms.ts';
import { patch } from '../../api.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog, DialogForm } from '../../parts/dialog.tsx';
import { Check, SelectField, TextField, textOf } from '../../parts/field.tsx';
import { refresh } from '../../queries.ts';

interface RuleFieldsProps {
  readonly rule?: ChannelRule;
  readonly error: Error | null;
}

export function RuleFields({ rule, error }: RuleFieldsProps): ReactNode {
  return (
    <>
      <div className="grid gap-3.5 sm:grid-cols-2">
        <SelectField
          label="From severity"
          name="severity"
          defaultValue={rule?.severity ?? 'high'}
          error={error}
        >
          {severities.toReversed().map((severity) => (
            <option key={severity}>{severity}</option>
          ))}
        </SelectField>
        <TextField
          label="Put together over"
          name="digestMinutes"
          type="number"
          min={0}
          max={10_080}
          defaultValue={rule?.digestMinutes ?? 15}
          hint="Minutes; 0 sends each message at once"
          error={error}
        />
      </div>
      <fieldset>
        <legend className="font-medium">Categories</legend>
        <div className="grid grid-cols-2 gap-x-4 sm:grid-cols-3">
          {categories.map((category) => (
            <Check
              key={category}
              name="categories"
              value={category}
              label={category}
              defaultChecked={rule?.categories.includes(category) ?? false}
            />
          ))}
        </div>
        <p className="text-[0.92rem] text-soft">None ticked means all.</p>
      </fieldset>
      <TextField
        label="Images"
        name="artifacts"
        defaultValue={rule?.artifacts.join(' ') ?? ''}
        placeholder="registry.example.org/*"
        hint="Patterns with *, with spaces between; empty means all."
        error={error}
        spellCheck={false}
      />
    </>
  );
}

export function ruleOf(form: FormData): unknown {
  return {
    severity: textOf(form, 'severity'),
    categories: form.getAll('categories'),
    artifacts: (textOf(form, 'artifacts') ?? '').split(/\s+/).filter(Boolean),
    digestMinutes: Number(textOf(form, 'digestMinutes') ?? 0),
  };
}

export function EditRule({ channel }: { readonly channel: Channel }): ReactNode {
  const [open, setOpen] = useState(false);
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (form: FormData) => patch<Channel>(`/channels/${channel.id}`, { rule: ruleOf(form) }),
    onSuccess: async () => {
      await refresh(client, 'channels');
      setOpen(false);
    },
  });
  return (
    <>
      <Button kind="quiet" onClick={() => setOpen(true)} aria-label={`Rule of ${channel.name}`}>
        Rule
      </Button>
      <Dialog title={`What ${channel.name} is told`} open={open} onOpenChange={setOpen}>
        <DialogForm
          action="Save"
          busy={save.isPending}
          error={save.error}
          onCancel={() => setOpen(false)}
          onSubmit={(form) => save.mutate(form)}
        >
          <RuleFields rule={channel.rule} error={save.error} />
        </DialogForm>
      </Dialog>
    </>
  );
}
