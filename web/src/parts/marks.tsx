/** Severity, verdict and state: each a word with a mark of its own, so that colour is never alone. */
import type { ReactNode } from 'react';
import type { Severity, State, Verdict } from '../../../src/model/terms.ts';

/** The marks of the HTML report. */
export const severityMarks: Readonly<Record<Severity, string>> = {
  critical: '◆',
  high: '▲',
  medium: '■',
  low: '●',
  info: '○',
};

export const severityColours: Readonly<Record<Severity, string>> = {
  critical: 'text-critical',
  high: 'text-high',
  medium: 'text-medium',
  low: 'text-low',
  info: 'text-info',
};

export function SeverityMark({ severity }: { readonly severity: Severity }): ReactNode {
  return (
    <span className={`${severityColours[severity]} font-semibold whitespace-nowrap`}>
      <span aria-hidden="true" className="mr-1.5 inline-block w-[1em] text-center">
        {severityMarks[severity]}
      </span>
      {severity}
    </span>
  );
}

const verdictColours: Readonly<Record<Verdict, string>> = {
  malicious: 'text-critical',
  suspicious: 'text-high',
  risky: 'text-medium',
  incomplete: 'text-medium',
  clean: 'text-good',
};

/** A stamp, as on paper. */
export function VerdictMark({ verdict }: { readonly verdict: Verdict }): ReactNode {
  const border = verdict === 'incomplete' ? 'border-dashed' : '';
  return (
    <span
      className={`${verdictColours[verdict]} ${border} inline-block rounded-[2px] border border-current px-1.5 align-[1px] text-[0.8rem] leading-[1.35] font-bold tracking-wide whitespace-nowrap uppercase`}
    >
      {verdict}
    </span>
  );
}

const stateWords: Readonly<Record<State, string>> = {
  present: 'present',
  shadowed: 'overwritten by a later layer',
  deleted: 'deleted by a later layer',
};
const stateMarks: Readonly<Record<State, string>> = { present: '', shadowed: '↷ ', deleted: '✕ ' };

/** How a file of a layer lies in the final file system. */
export function StateMark({ state }: { readonly state: State }): ReactNode {
  return (
    <span className={state === 'present' ? 'text-soft' : 'font-semibold text-medium'}>
      <span aria-hidden="true">{stateMarks[state]}</span>
      {stateWords[state]}
    </span>
  );
}

/** A word in a frame: a role, a state of a job. */
export function Tag({
  children,
  tone = 'text-soft',
}: {
  readonly children: ReactNode;
  readonly tone?: string;
}): ReactNode {
  return (
    <span
      className={`${tone} inline-block rounded-[2px] border border-current/50 px-1.5 text-[0.86rem] leading-snug whitespace-nowrap`}
    >
      {children}
    </span>
  );
}
