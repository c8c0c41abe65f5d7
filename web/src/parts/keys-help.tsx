/** The keys that there are. Loaded when it is asked for. */
import type { ReactNode } from 'react';
import { Dialog } from './dialog.tsx';
import { destinations } from './navigation.ts';

export default function KeysHelp({ onClose }: { readonly onClose: () => void }): ReactNode {
  return (
    <Dialog title="Keys" open onOpenChange={onClose}>
      <dl className="grid grid-cols-[6rem_1fr] gap-y-1.5">
        <Line keys={['/']} does="Search, or filter the table of the page" />
        {destinations.map(({ key, label }) => (
          <Line key={key} keys={['g', key]} does={label} />
        ))}
        <Line keys={['?']} does="This help" />
        <Line keys={['Esc']} does="Close what is open" />
      </dl>
    </Dialog>
  );
}

function Line({ keys, does }: { readonly keys: readonly string[]; readonly does: string }): ReactNode {
  return (
    <>
      <dt className="space-x-1">
        {keys.map((key) => (
          <kbd key={key} className="rounded-[3px] border border-edge/60 bg-raised px-1.5 font-mono">
            {key}
          </kbd>
        ))}
      </dt>
      <dd>{does}</dd>
    </>
  );
}
