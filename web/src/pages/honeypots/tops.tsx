/** What came most: techniques, images, credentials. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { HoneypotOverview } from '../../../../src/api/events.ts';
import { Section } from '../../parts/page-head.tsx';
import { Mono } from '../../parts/quoted.tsx';
import { TechniqueWords } from '../../parts/technique.tsx';
import { useMay } from '../../queries.ts';

/** Of each kind. */
const most = 8;

export function Tops({ overview }: { readonly overview: HoneypotOverview }): ReactNode {
  const maySee = useMay('triage');
  return (
    <div className="grid gap-x-8 gap-y-6 sm:grid-cols-2 lg:grid-cols-3">
      <Top title="Techniques" of="events">
        {overview.topTechniques.slice(0, most).map(({ technique, events }) => (
          <Row key={technique} count={events}>
            <Link to="/honeypots/sessions" search={{ technique }} className="link">
              <TechniqueWords id={technique} />
            </Link>
          </Row>
        ))}
      </Top>
      <Top title="Images asked for" of="sessions">
        {overview.topImages.slice(0, most).map(({ image, sessions }) => (
          <Row key={image} count={sessions}>
            <Link to="/honeypots/sessions" search={{ q: image }} className="link">
              <Mono text={image} />
            </Link>
          </Row>
        ))}
      </Top>
      <Top title={maySee ? 'Credentials' : 'Credentials (for analysts)'} of="sessions">
        {overview.topCredentials.slice(0, most).map(({ user, secret, sessions }, rank) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: masked ones are alike, and have no state
          <Row key={rank} count={sessions}>
            <Mono text={user} /> <span className="text-soft">:</span> <Mono text={secret} />
          </Row>
        ))}
      </Top>
    </div>
  );
}

function Top({
  title,
  of,
  children,
}: {
  readonly title: string;
  readonly of: string;
  readonly children: readonly ReactNode[];
}): ReactNode {
  return (
    <Section title={title} actions={<span className="text-soft">{of}</span>}>
      {children.length === 0 ? <p className="py-0.5 text-soft">None in this time.</p> : <ul>{children}</ul>}
    </Section>
  );
}

function Row({ count, children }: { readonly count: number; readonly children: ReactNode }): ReactNode {
  return (
    <li className="flex justify-between gap-x-4 border-b border-line py-0.5 last:border-0">
      <span className="min-w-0">{children}</span>
      <span className="tabular-nums">{count.toLocaleString('en-US')}</span>
    </li>
  );
}
