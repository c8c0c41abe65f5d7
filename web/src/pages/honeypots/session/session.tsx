/** One session: what a visitor did, from the first packet to the last, as a transcript that can be read. */
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import type { SessionDetail } from '../../../../../src/api/events.ts';
import { get } from '../../../api.ts';
import { countryName } from '../../../parts/country.ts';
import { DataTable } from '../../../parts/data-table.tsx';
import { LocationCredit } from '../../../parts/location-credit.tsx';
import { SeverityMark } from '../../../parts/marks.tsx';
import { Empty, Loaded, Skeleton } from '../../../parts/notice.tsx';
import { PageHead, Section } from '../../../parts/page-head.tsx';
import { Mono, Quoted } from '../../../parts/quoted.tsx';
import { durationWords, Exact } from '../../../parts/time.tsx';
import { refresh } from '../../../queries.ts';
import { SensorName, Services, sessionColumns, Technique } from '../columns.tsx';
import { FileLink } from '../files.tsx';
import { pace } from '../queries.ts';
import { isSample, SampleNote } from '../sample-note.tsx';
import { Transcript } from './transcript.tsx';

const route = getRouteApi('/shell/honeypots/sessions/$id');

function sessionQuery(id: number) {
  return queryOptions({
    queryKey: ['session-detail', id],
    queryFn: ({ signal }) => get<SessionDetail>(`/sessions/${id}`, {}, signal),
    refetchInterval: ({ state }) => (state.data !== undefined && mayGoOn(state.data) ? pace : false),
  });
}

/** Minutes of silence after which a session is over. */
const pause = 30;

function mayGoOn({ lastAt }: SessionDetail): boolean {
  return Date.now() - Date.parse(lastAt) < pause * 60_000;
}

export function SessionPage(): ReactNode {
  const { id } = route.useParams();
  const query = useQuery(sessionQuery(Number(id)));
  return (
    <Loaded
      query={query}
      what="the session"
      title="Session"
      skeleton={<Skeleton what="the session" lines={14} />}
    >
      {(session) => <Content session={session} />}
    </Loaded>
  );
}

function Content({ session }: { readonly session: SessionDetail }): ReactNode {
  useTranscriptAgain(session);
  return (
    <>
      <SampleNote sensors={[{ name: session.sensor }]} />
      <PageHead
        title={`Session of ${session.src}`}
        about={
          <p>
            <Exact time={session.firstAt} />,{' '}
            {durationWords((Date.parse(session.lastAt) - Date.parse(session.firstAt)) / 1000)}, at the sensor{' '}
            <SensorName name={session.sensor} />
          </p>
        }
      />
      <Facts session={session} />
      <div className="mt-6 grid gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1.85fr)_minmax(0,1fr)]">
        <Transcript session={session.id} />
        <div className="min-w-0 space-y-6">
          <Values title="Hosts" values={session.hosts} />
          <Values title="URLs" values={session.urls} />
          <Values title="Images" values={session.images} />
          <Values title="Wallets" values={session.wallets} />
          <Credentials credentials={session.credentials} />
          <Artefacts digests={session.artefacts} />
          <Clients clients={session.clients} />
        </div>
      </div>
      <Related session={session} />
      {!isSample(session.sensor) && <LocationCredit rows={[session, ...session.related]} />}
    </>
  );
}

/** What a session that goes on has more of. */
function useTranscriptAgain({ events }: SessionDetail): void {
  const client = useQueryClient();
  const before = useRef(events);
  useEffect(() => {
    if (before.current !== events) void refresh(client, 'session-events');
    before.current = events;
  }, [client, events]);
}

function Facts({ session }: { readonly session: SessionDetail }): ReactNode {
  return (
    <dl className="grid gap-x-8 gap-y-2 sm:grid-cols-[auto_1fr]">
      <dt className="text-soft">Severity</dt>
      <dd>
        <SeverityMark severity={session.severity} />
      </dd>
      <dt className="text-soft">Source</dt>
      <dd>
        <Link to="/honeypots/sessions" search={{ source: session.src }} className="link tabular-nums">
          {session.src}
        </Link>
        {` · ${session.country === undefined ? 'country unknown' : countryName(session.country)}`}
        {session.asName !== undefined && (
          <>
            {' · '}
            <Quoted text={session.asName} />
          </>
        )}
      </dd>
      <dt className="text-soft">Services</dt>
      <dd>
        <Services names={session.services} />
      </dd>
      <dt className="text-soft">Techniques</dt>
      <dd className="flex flex-wrap gap-1">
        {session.techniques.length === 0
          ? 'none known'
          : session.techniques.map((one) => <Technique key={one} id={one} />)}
      </dd>
    </dl>
  );
}

function Values({
  title,
  values,
}: {
  readonly title: string;
  readonly values: readonly string[];
}): ReactNode {
  if (values.length === 0) return null;
  return (
    <Section title={title}>
      <ul>
        {values.map((value) => (
          <li key={value} className="border-b border-line py-0.5 last:border-0">
            <Link
              to="/sightings"
              search={{ value }}
              className="link"
              title="Where else it was seen, in images"
            >
              <Mono text={value} />
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Credentials({ credentials }: { readonly credentials: SessionDetail['credentials'] }): ReactNode {
  if (credentials.length === 0) return null;
  return (
    <Section title="Credentials tried">
      <ul>
        {credentials.map(({ user, secret }) => (
          <li key={`${user} ${secret}`} className="border-b border-line py-0.5 last:border-0">
            <Mono text={user} /> <span className="text-soft">:</span> <Mono text={secret} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Artefacts({ digests }: { readonly digests: readonly string[] }): ReactNode {
  if (digests.length === 0) return null;
  return (
    <Section title="Files left">
      <ul>
        {digests.map((digest) => (
          <li key={digest} className="border-b border-line py-0.5 last:border-0">
            <FileLink sha256={digest} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Clients({ clients: all }: { readonly clients: SessionDetail['clients'] }): ReactNode {
  // The order of headers joins sessions; to read, it is too long.
  const clients = all.filter(({ kind }) => kind !== 'headers');
  if (clients.length === 0) return null;
  return (
    <Section title="Programs used">
      <dl className="grid grid-cols-[auto_1fr] gap-x-4">
        {clients.map(({ kind, value }) => (
          <div
            key={`${kind} ${value}`}
            className="col-span-2 grid grid-cols-subgrid border-b border-line py-0.5 last:border-0"
          >
            <dt className="text-soft">{kind}</dt>
            <dd className="min-w-0">
              <Mono text={value} />
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

function Related({ session }: { readonly session: SessionDetail }): ReactNode {
  const reasons = {
    id: 'reasons',
    header: 'Related by',
    value: (row: SessionDetail['related'][number]) => row.reasons.join('; '),
  };
  return (
    <Section title="Related sessions" className="mt-6">
      <DataTable
        name="related-sessions"
        caption="related sessions"
        noun="session"
        columns={[reasons, ...sessionColumns]}
        rows={session.related}
        keyOf={(row) => row.id}
        plain={session.related.length < 12}
        empty={
          <Empty title="No related sessions">
            Sessions of the same source, and of others that did the same with the same program, are listed
            here.
          </Empty>
        }
      />
    </Section>
  );
}
