/** Sessions of visitors, by what is asked for. */
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { SessionRow } from '../../../../src/api/events.ts';
import { severities } from '../../../../src/model/terms.ts';
import { Button } from '../../parts/button.tsx';
import { Choice } from '../../parts/choice.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { controlClass, textOf } from '../../parts/field.tsx';
import { Listed } from '../../parts/listed.tsx';
import { Empty } from '../../parts/notice.tsx';
import { Section } from '../../parts/page-head.tsx';
import { services } from '../../words.ts';
import { sessionColumns } from './columns.tsx';

const route = getRouteApi('/shell/honeypots');
const worstFirst = severities.toReversed();

export function Sessions(): ReactNode {
  const { period: _, ...filters } = route.useSearch();
  const navigate = route.useNavigate();
  const change = (part: Partial<typeof filters>) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true });
  const isFiltered = Object.values(filters).some((one) => one !== undefined);
  return (
    <Section title="Sessions" className="mt-6">
      <search>
        <form
          key={`${filters.q} ${filters.source}`}
          className="no-print mb-2 flex flex-wrap items-center gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            const form = new FormData(event.currentTarget);
            change({ q: textOf(form, 'q'), source: textOf(form, 'source') });
          }}
        >
          <input
            type="search"
            name="q"
            data-search=""
            defaultValue={filters.q}
            maxLength={500}
            spellCheck={false}
            aria-label="Part of a command, URL, host, image or wallet"
            placeholder="Part of a command, URL, host, image or wallet"
            className={`${controlClass} w-[22rem]! max-w-full`}
          />
          <input
            type="search"
            name="source"
            defaultValue={filters.source}
            maxLength={50}
            spellCheck={false}
            aria-label="Source"
            placeholder="Address or network"
            className={`${controlClass} w-[12rem]!`}
          />
          <Button type="submit">Search</Button>
          <Choice
            label="Severity"
            any="Any severity"
            value={filters.severity}
            options={worstFirst}
            onChange={(severity) => change({ severity })}
          />
          <Choice
            label="Service"
            any="Any service"
            value={filters.service}
            options={services}
            onChange={(service) => change({ service })}
          />
          {filters.technique !== undefined && (
            <Button onClick={() => change({ technique: undefined })}>
              {filters.technique} <span aria-hidden="true">✕</span>
              <span className="sr-only">, take this filter off</span>
            </Button>
          )}
        </form>
      </search>
      <Listed<SessionRow> name="sessions" path="/sessions" parameters={filters} what="the sessions">
        {(rows, more) => (
          <DataTable
            name="sessions"
            caption="sessions of visitors"
            noun="session"
            columns={sessionColumns}
            rows={rows}
            keyOf={(row) => row.id}
            more={more}
            empty={
              <Empty title={isFiltered ? 'No session matches' : 'Nobody came yet'}>
                {isFiltered
                  ? 'Take filters off, or search for less.'
                  : 'A decoy on a public address is found within hours. On loopback, try it with a client of your own.'}
              </Empty>
            }
          />
        )}
      </Listed>
    </Section>
  );
}
