/** What happens, as it happens, newest first. */
import { useRouter } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';
import type { Activity } from '../../../../src/api/overview.ts';
import { severityColours, severityMarks } from '../../parts/marks.tsx';
import { Empty } from '../../parts/notice.tsx';
import { Section } from '../../parts/page-head.tsx';
import { Quoted } from '../../parts/quoted.tsx';
import { Ago } from '../../parts/time.tsx';

/** Lines that are drawn; the page stays as long as what stands beside. */
const most = 10;

export function Feed({ activity }: { readonly activity: readonly Activity[] }): ReactNode {
  return (
    <Section title="Live feed">
      {activity.length === 0 ? (
        <Empty title="Nothing has happened yet">
          Scans, hunts, new indicators and what people decide appear here.
        </Empty>
      ) : (
        <ol>
          {activity.slice(0, most).map((one) => (
            <Line key={one.id} activity={one} />
          ))}
        </ol>
      )}
    </Section>
  );
}

function Line({ activity }: { readonly activity: Activity }): ReactNode {
  return (
    <li className="flex gap-2 border-b border-line py-[0.35rem] last:border-0">
      <span aria-hidden="true" className={`${severityColours[activity.severity]} w-4 shrink-0 text-center`}>
        {severityMarks[activity.severity]}
      </span>
      <div className="min-w-0 [overflow-wrap:anywhere]">
        <span className="sr-only">{activity.severity}: </span>
        {activity.link === undefined ? (
          <Quoted text={activity.text} />
        ) : (
          <ConsoleLink path={activity.link}>
            <Quoted text={activity.text} />
          </ConsoleLink>
        )}{' '}
        <span className="text-[0.92rem] text-soft">
          <Ago time={activity.at} />
        </span>
      </div>
    </li>
  );
}

/** A path that the server gave: of the console and nowhere else. */
function ConsoleLink({ path, children }: { readonly path: string; readonly children: ReactNode }): ReactNode {
  const router = useRouter();
  if (!/^\/[a-z]/.test(path)) return children;
  const go = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    router.history.push(path);
  };
  return (
    <a href={path} onClick={go} className="hover:underline">
      {children}
    </a>
  );
}
