/** One hunt in a few lines: source, progress, what it found. Used wherever hunts are listed. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Hunt } from '../../../../src/api/hunts.ts';
import { countWords } from '../../../../src/report/wording.ts';
import { Quoted } from '../../parts/quoted.tsx';
import { Ago } from '../../parts/time.tsx';
import { HuntState } from './hunt-state.tsx';
import { HuntBar, paceWords } from './progress.tsx';

export function HuntLine({ hunt }: { readonly hunt: Hunt }): ReactNode {
  const { images } = hunt.result;
  return (
    <li className="border-b border-line py-2 last:border-0">
      <div className="flex items-baseline justify-between gap-3">
        <Link to="/hunts/$id" params={{ id: String(hunt.id) }} className="link min-w-0 truncate">
          <Quoted text={hunt.source} />
        </Link>
        <HuntState state={hunt.state} />
      </div>
      {hunt.state === 'running' && <HuntBar hunt={hunt} />}
      <p className="text-[0.92rem] text-soft tabular-nums">
        <span className={images.malicious > 0 ? 'font-semibold text-critical' : ''}>
          {images.malicious.toLocaleString('en-US')} malicious
        </span>{' '}
        of {countWords(images.total, 'image')}
        {hunt.state === 'running' ? (
          ` · ${paceWords(hunt)}`
        ) : (
          <>
            {' · '}
            <Ago time={hunt.endedAt ?? hunt.startedAt} />
          </>
        )}
      </p>
    </li>
  );
}
