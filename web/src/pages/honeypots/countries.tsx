/** Where visitors come from: a map, and beside it a table with the same numbers. */
import { Link } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { HoneypotOverview } from '../../../../src/api/events.ts';
import { Button } from '../../parts/button.tsx';
import { countryName } from '../../parts/country.ts';
import { LocationCredit } from '../../parts/location-credit.tsx';
import { Section } from '../../parts/page-head.tsx';
import { Scroll } from '../../parts/scroll.tsx';

const WorldMap = lazy(() => import('../../charts/world-map.tsx'));

type CountryRows = HoneypotOverview['countries'];

interface CountriesProps {
  readonly countries: CountryRows;
  /** All of it is the sample's, of which no data knows. */
  readonly isMadeUp: boolean;
}

export function Countries({ countries, isMadeUp }: CountriesProps): ReactNode {
  if (countries.length === 0) return null;
  const unknown = countries.find(({ country }) => country === undefined)?.sources ?? 0;
  return (
    <Section title="Sources by country">
      <div className="grid gap-x-8 gap-y-4 lg:grid-cols-[minmax(0,1.85fr)_minmax(0,1fr)]">
        <div className="min-w-0">
          <Suspense fallback={<div className="ghost aspect-[15/8]" />}>
            <WorldMap countries={countries} />
          </Suspense>
          <p className="mt-1 text-[0.92rem] text-soft">
            Unit: sources, by the area of a circle
            {unknown > 0 && `; ${unknown.toLocaleString('en-US')} unknown are not on the map`}. An address
            says where its network is registered, not where an attacker sits. Borders: Natural Earth.
          </p>
          {!isMadeUp && <LocationCredit rows={countries} />}
        </div>
        <CountryTable countries={countries} />
      </div>
    </Section>
  );
}

/** Rows that fit beside the map. */
const shortest = 12;

function CountryTable({ countries }: { readonly countries: CountryRows }): ReactNode {
  const [isWhole, setIsWhole] = useState(false);
  const shown = isWhole ? countries : countries.slice(0, shortest);
  return (
    <div className="min-w-0">
      <Scroll label="Sources by country">
        <table className="grid-table tight">
          <caption className="sr-only">Sources by country</caption>
          <thead>
            <tr>
              <th scope="col">Country</th>
              <th scope="col" className="number">
                Sources
              </th>
              <th scope="col" className="number">
                Sessions
              </th>
              <th scope="col" className="number">
                Events
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ country, sources, sessions, events }) => (
              <tr key={country ?? ''}>
                <th scope="row">
                  {country === undefined ? (
                    <span className="text-soft">unknown</span>
                  ) : (
                    <Link to="/honeypots/sessions" search={{ country }} className="link">
                      {countryName(country)}
                    </Link>
                  )}
                </th>
                <td className="number">{sources.toLocaleString('en-US')}</td>
                <td className="number">{sessions.toLocaleString('en-US')}</td>
                <td className="number">{events.toLocaleString('en-US')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {countries.length > shortest && (
        <Button kind="quiet" className="mt-1" aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)}>
          {isWhole ? 'Show fewer' : `Show all ${countries.length}`}
        </Button>
      )}
    </div>
  );
}
