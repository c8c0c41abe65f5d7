/** The server: its version, its store and how much is in it. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { SystemStatus } from '../../../../src/api/upkeep.ts';
import { byteWords, countWords } from '../../../../src/report/wording.ts';
import { get } from '../../api.ts';
import { Loaded } from '../../parts/notice.tsx';
import { Section, useTitle } from '../../parts/page-head.tsx';
import { Digest, Mono } from '../../parts/quoted.tsx';

const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => get<SystemStatus>('/status', {}, signal),
});

export default function System(): ReactNode {
  useTitle('System');
  const query = useQuery(statusQuery);
  return (
    <Loaded query={query} what="the state of the system">
      {(status) => (
        <div className="grid gap-x-10 gap-y-6 md:grid-cols-2">
          <Section title="Server">
            <dl>
              <Line name="Version">{status.version}</Line>
              <Line name="Rules">
                {countWords(status.rules, 'rule')}, <Digest digest={status.ruleset} />
              </Line>
            </dl>
          </Section>
          <Section title="Store">
            <dl>
              <Line name="Kind">
                {status.store.kind === 'embedded' ? 'embedded PostgreSQL' : 'PostgreSQL'}
              </Line>
              <Line name="Place">
                <Mono text={status.store.place} />
              </Line>
              <Line name="Schema">{status.store.schema}</Line>
              <Line name="Size">{byteWords(status.store.size)}</Line>
              {Object.entries(status.store.counts).map(([name, count]) => (
                <Line key={name} name={name}>
                  {count.toLocaleString('en-US')}
                </Line>
              ))}
            </dl>
          </Section>
        </div>
      )}
    </Loaded>
  );
}

function Line({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-4 border-b border-line py-1 last:border-0">
      <dt className="text-soft first-letter:uppercase">{name}</dt>
      <dd className="tabular-nums">{children}</dd>
    </div>
  );
}
