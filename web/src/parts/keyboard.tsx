/** Keys: `/` goes to the search, `g` and a letter to a page, `?` shows what there is. Never while one types. */
import { useRouter } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { Dialog } from './dialog.tsx';
import { destinations } from './navigation.ts';

/** The letter has to follow `g` within that time, in milliseconds. */
const pause = 1500;

export function Keyboard(): ReactNode {
  const router = useRouter();
  const [help, setHelp] = useState(false);
  useEffect(() => {
    let pressed = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector('[role="dialog"], [role="menu"]') !== null) return;
      const going = event.timeStamp - pressed < pause;
      pressed = event.key === 'g' ? event.timeStamp : 0;
      const page = going ? destinations.find(({ key }) => key === event.key) : undefined;
      if (page !== undefined) void router.navigate({ to: page.to });
      else if (event.key === '/') focusSearch();
      else if (event.key === '?') setHelp(true);
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [router]);
  return (
    <Dialog title="Keys" open={help} onOpenChange={setHelp}>
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

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** The field of the page, else the one that is on every page. */
function focusSearch(): void {
  const field = document.querySelector<HTMLInputElement>('main [data-search]') ?? document.getElementById('search');
  field?.focus();
  if (field instanceof HTMLInputElement) field.select();
}
