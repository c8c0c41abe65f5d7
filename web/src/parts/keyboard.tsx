/** Keys: `/` goes to the search, `g` and a letter to a page, `?` shows what there is. Never while one types. */
import { useRouter } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { destinations } from './navigation.ts';

const KeysHelp = lazy(() => import('./keys-help.tsx'));

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
  if (!help) return null;
  return (
    <Suspense>
      <KeysHelp onClose={() => setHelp(false)} />
    </Suspense>
  );
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** The field of the page, else the one that is on every page. */
function focusSearch(): void {
  const field =
    document.querySelector<HTMLInputElement>('main [data-search]') ?? document.getElementById('search');
  field?.focus();
  if (field instanceof HTMLInputElement) field.select();
}
