/** The state of a hunt, as a word and a mark. */
import type { ReactNode } from 'react';
import type { HuntState as State } from '../../../../src/api/hunts.ts';

const looks: Readonly<Record<State, { readonly mark: string; readonly tone: string }>> = {
  running: { mark: '▸', tone: 'text-accent' },
  done: { mark: '✓', tone: 'text-good' },
  cancelled: { mark: '○', tone: 'text-soft' },
  failed: { mark: '▲', tone: 'text-critical' },
};

export function HuntState({ state }: { readonly state: State }): ReactNode {
  return (
    <span className={`${looks[state].tone} font-semibold whitespace-nowrap`}>
      <span aria-hidden="true">{looks[state].mark} </span>
      {state}
    </span>
  );
}
