/** Progress of a hunt: a bar, its pace, and a word to those who listen at every tenth. */
import type { ReactNode } from 'react';
import type { Hunt } from '../../../../src/api/hunts.ts';
import { Quoted } from '../../parts/quoted.tsx';
import { durationWords } from '../../parts/time.tsx';

export function HuntBar({ hunt }: { readonly hunt: Hunt }): ReactNode {
  const { total, done, listed } = hunt.progress;
  return (
    <progress
      className="bar my-1"
      aria-label={`Progress of the hunt of ${hunt.source}`}
      // Without a value it is of unknown length.
      {...(listed && total > 0 ? { value: done, max: total } : {})}
    />
  );
}

/** `12.4 images/s · about 34 min left`. */
export function paceWords({ progress }: Hunt): string {
  const parts = [];
  if (progress.listed) parts.push(`${percentDone(progress)} %`);
  else parts.push('still listing');
  if (progress.rate !== undefined) parts.push(`${progress.rate.toFixed(1)} images/s`);
  if (progress.remaining !== undefined) parts.push(`about ${durationWords(progress.remaining)} left`);
  return parts.join(' · ');
}

/** Whole percents, 100 only at the end. */
export function percentDone({ done, total }: Hunt['progress']): number {
  return total === 0 ? 0 : Math.floor((100 * done) / total);
}

export function HuntProgress({ hunt }: { readonly hunt: Hunt }): ReactNode {
  const { progress } = hunt;
  return (
    <div>
      {hunt.state === 'running' && <HuntBar hunt={hunt} />}
      <dl className="mt-1 flex flex-wrap gap-x-6 gap-y-2">
        <Fact
          name="Done"
          value={`${progress.done.toLocaleString('en-US')} of ${progress.total.toLocaleString('en-US')}${progress.listed ? '' : ' listed until now'}`}
        />
        <Fact name="Unchanged" value={progress.unchanged.toLocaleString('en-US')} />
        <Fact name="Failed" value={progress.failed.toLocaleString('en-US')} />
        {hunt.state === 'running' && (
          <>
            <Fact
              name="Rate"
              value={progress.rate === undefined ? '–' : `${progress.rate.toFixed(1)} images/s`}
            />
            <Fact
              name="Time left"
              value={progress.remaining === undefined ? '–' : `about ${durationWords(progress.remaining)}`}
            />
          </>
        )}
      </dl>
      <p aria-live="polite" className="sr-only">
        <Quoted text={announced(hunt)} />
      </p>
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  return (
    <div>
      <dt className="text-[0.86rem] text-soft">{name}</dt>
      <dd className="font-semibold tabular-nums">{value}</dd>
    </div>
  );
}

/** Changes at every tenth only, so that it is not read out all the time. */
function announced(hunt: Hunt): string {
  if (hunt.state !== 'running') return `The hunt is ${hunt.state}.`;
  if (!hunt.progress.listed) return 'The hunt is listing images.';
  return `${Math.floor(percentDone(hunt.progress) / 10) * 10} % of the hunt is done.`;
}
