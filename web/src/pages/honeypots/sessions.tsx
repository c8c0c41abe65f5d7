/** Sessions of visitors, by what is asked for. */
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { SessionRow } from '../../../../src/api/events.ts';
import { severities } from '../../../../src/model/terms.ts';
import { Button } from '../../parts/button.tsx';
import { Choice } from '../../parts/choice.tsx';
import { countryName } from '../../parts/country.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { controlClass, textOf } from '../../parts/field.tsx';
import { Listed } from '../../parts/listed.tsx';
import { LocationCredit } from '../../parts/location-credit.tsx';
import { Empty } from '../../parts/notice.tsx';
import { TechniqueWords } from '../../parts/technique.tsx';
import { services } from '../../words.ts';
import { SensorName, sessionColumns } from './columns.tsx';
import { useHoneypots } from './queries.ts';
import { isSample } from './sample-note.tsx';

const route = getRouteApi('/shell/honeypots/sessions');
const worstFirst = severities.toReversed();

export function SessionsPage(): ReactNode {
  const { period, ...filters } = route.useSearch();
  useHoneypots(period ?? '24h');
  const navigate = route.useNavigate();
  const change = (part: Partial<typeof filters>) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true });
  const isFiltered = Object.values(filters).some((one) => one !== undefined);
  return (
    <>
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
            placeholder="Command, URL, host, image, wallet"
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
            <Taken off={() => change({ technique: undefined })}>
              <TechniqueWords id={filters.technique} />
            </Taken>
          )}
          {filters.country !== undefined && (
            <Taken off={() => change({ country: undefined })}>{countryName(filters.country)}</Taken>
          )}
          {filters.sensor !== undefined && (
            <Taken off={() => change({ sensor: undefined })}>
              sensor <SensorName name={filters.sensor} />
            </Taken>
          )}
        </form>
      </search>
      <Listed<SessionRow> name="sessions" path="/sessions" parameters={filters} what="the sessions">
        {(rows, more) => (
          <>
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
            <LocationCredit rows={rows.filter(({ sensor }) => !isSample(sensor))} />
          </>
        )}
      </Listed>
    </>
  );
}

/** A filter that came with a link: it can only be taken off. */
function Taken({ off, children }: { readonly off: () => void; readonly children: ReactNode }): ReactNode {
  return (
    <Button onClick={off} className="border-accent! whitespace-normal! text-left">
      <span>{children}</span> <span aria-hidden="true">✕</span>
      <span className="sr-only">, take this filter off</span>
    </Button>
  );
}
