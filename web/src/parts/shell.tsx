/** What is around every page of those who are signed in: navigation, search, the state of the live stream, the menu. */
import { useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { followLive, useLiveState } from '../live.ts';
import { AccountBox } from './account-box.tsx';
import { Keyboard } from './keyboard.tsx';
import { destinations } from './navigation.ts';
import { SearchBox } from './search-box.tsx';

export function Shell(): ReactNode {
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const main = useRef<HTMLElement>(null);
  const arrived = useRef(path);
  useEffect(() => followLive(client), [client]);
  // Those who read by ear are told that the page is another.
  useEffect(() => {
    if (arrived.current === path) return;
    arrived.current = path;
    setOpen(false);
    main.current?.focus({ preventScroll: true });
  }, [path]);
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[10.5rem_minmax(0,1fr)]">
      <a href="#main" className="absolute -top-20 left-2 z-50 bg-raised px-3 py-2 focus:top-2">
        Skip to the content
      </a>
      <header className="no-print sticky top-0 z-20 border-b border-line bg-panel px-3 py-2 md:h-dvh md:border-r md:border-b-0 md:px-2.5 md:py-3">
        <div className="flex items-center gap-3 md:h-full md:flex-col md:items-stretch md:gap-2.5">
          <Link to="/" className="flex shrink-0 items-center gap-2 font-semibold md:px-2">
            <img src="/mark.svg" alt="" width="20" height="20" />
            Waterguard
          </Link>
          <div className="min-w-0 grow md:grow-0">
            <SearchBox />
          </div>
          <button
            type="button"
            aria-expanded={open}
            aria-controls="navigation"
            onClick={() => setOpen(!open)}
            className="min-h-8 cursor-pointer rounded-[3px] border border-edge/70 px-2.5 md:hidden"
          >
            Menu
          </button>
          <div
            className={`${open ? 'flex' : 'hidden'} absolute inset-x-0 top-full flex-col gap-2 border-b border-line bg-panel p-3 shadow-lg md:static md:flex md:grow md:border-0 md:p-0 md:shadow-none`}
          >
            <nav id="navigation" aria-label="Pages">
              <ul className="space-y-0.5">
                {destinations.map(({ to, label }) => (
                  <li key={to}>
                    <Link
                      to={to}
                      activeOptions={{ exact: to === '/', includeSearch: false }}
                      className="block rounded-[3px] border-l-[3px] border-transparent px-2 py-1 hover:bg-paper"
                      activeProps={{
                        className: 'border-accent! bg-paper font-semibold',
                        'aria-current': 'page',
                      }}
                    >
                      {label}
                    </Link>
                  </li>
                ))}
              </ul>
            </nav>
            <div className="mt-auto space-y-1.5 border-t border-line pt-2">
              <LiveMark />
              <AccountBox />
            </div>
          </div>
        </div>
      </header>
      <main
        id="main"
        ref={main}
        tabIndex={-1}
        className="mx-auto w-full max-w-[92rem] min-w-0 px-4 py-4 md:px-6"
      >
        <Outlet />
      </main>
      <Keyboard />
    </div>
  );
}

/** Quiet: losing the stream only makes the page a little older. */
function LiveMark(): ReactNode {
  const live = useLiveState();
  const words = { connecting: '○ connecting', open: '● live', lost: '○ live updates lost, trying again' }[
    live
  ];
  return (
    <p role="status" className="px-2 text-[0.86rem] text-soft">
      {words}
    </p>
  );
}
