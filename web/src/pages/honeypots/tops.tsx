/** What came most: sources, techniques, credentials, images. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { HoneypotOverview } from '../../../../src/api/events.ts';
import { Section } from '../../parts/page-head.tsx';
import { Mono } from '../../parts/quoted.tsx';
import { useMay } from '../../queries.ts';
import { Technique } from './columns.tsx';

/** Of each kind. */
const most = 6;

export function Tops({ overview }: { readonly overview: HoneypotOverview }): ReactNode {
  const maySee = useMay('triage');
  return (
    <div className="min-w-0 space-y-5">
      <Top title="Sources" of="events">
        {overview.topSources.slice(0, most).map(({ src, country, events }) => (
          <Row key={src} count={events}>
            <Link to="/honeypots" search={{ source: src }} className="link tabular-nums">
              {src}
            </Link>{' '}
            {country !== undefined && <span className="text-soft">{country}</span>}
          </Row>
        ))}
      </Top>
      <Top title="Techniques" of="events">
        {overview.topTechniques.slice(0, most).map(({ technique, events }) => (
          <Row key={technique} count={events}>
            <Technique id={technique} />
          </Row>
        ))}
      </Top>
      <Top title="Images asked for" of="sessions">
        {overview.topImages.slice(0, most).map(({ image, sessions }) => (
          <Row key={image} count={sessions}>
            <Link to="/honeypots" search={{ q: image }} className="link">
              <Mono text={image} />
            </Link>
          </Row>
        ))}
      </Top>
      <Top title={maySee ? 'Credentials' : 'Credentials (for analysts)'} of="sessions">
        {overview.topCredentials.slice(0, most).map(({ user, secret, sessions }) => (
          <Row key={`${user} ${secret}`} count={sessions}>
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
  if (children.length === 0) return null;
  return (
    <Section title={title} actions={<span className="text-soft">{of}</span>}>
      <ul>{children}</ul>
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
