/** Where a value was seen: a domain, address, URL, wallet, key, hash or image name. */
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Sighting } from '../../../src/api/images.ts';
import { Button } from '../parts/button.tsx';
import type { Column } from '../parts/columns.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { controlClass, textOf } from '../parts/field.tsx';
import { Listed } from '../parts/listed.tsx';
import { VerdictMark } from '../parts/marks.tsx';
import { Empty } from '../parts/notice.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Mono } from '../parts/quoted.tsx';

const route = getRouteApi('/shell/sightings');

export function SightingsPage(): ReactNode {
  const { value } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <PageHead title="Sightings" about="Where a value was seen, in every image that was ever looked at." />
      <search>
        <form
          className="mb-4 flex max-w-[46rem] gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            void navigate({ search: { value: textOf(new FormData(event.currentTarget), 'value') } });
          }}
        >
          <input
            // Another value is another field.
            key={value}
            type="search"
            name="value"
            data-search=""
            defaultValue={value}
            maxLength={4096}
            spellCheck={false}
            aria-label="Value"
            placeholder="Domain, address, URL, wallet, pool, key or hash"
            className={controlClass}
          />
          <Button type="submit">Look up</Button>
        </form>
      </search>
      {value === undefined ? (
        <Empty title="No value yet">
          Enter the whole value: <code>pool.example.org:3333</code>, a wallet, an address, a SHA-256 of a
          file.
        </Empty>
      ) : (
        <Listed<Sighting> name="sightings" path="/observables" parameters={{ value }} what="the sightings">
          {(rows, more) => (
            <DataTable
              name="sightings"
              caption="sightings"
              noun="sighting"
              columns={columns}
              rows={rows}
              keyOf={(one) => `${one.image} ${one.layer} ${one.path} ${one.type} ${one.value}`}
              more={more}
              empty={
                <Empty title="This value was not seen">
                  <p>
                    Values are compared whole, in their normal form. To be told when it is seen, add it under
                    Settings, Indicators. To look for part of a name, search the{' '}
                    <Link to="/images" search={{ q: value }} className="link">
                      images
                    </Link>
                    .
                  </p>
                </Empty>
              }
            />
          )}
        </Listed>
      )}
    </>
  );
}

const columns: readonly Column<Sighting>[] = [
  {
    id: 'verdict',
    header: 'Verdict',
    value: (one) => one.verdict,
    cell: (one) => <VerdictMark verdict={one.verdict} />,
  },
  {
    id: 'reference',
    header: 'Image',
    value: (one) => one.reference,
    cell: (one) => (
      <Link to="/images/$id" params={{ id: String(one.image) }} className="link">
        <Mono text={one.reference} />
      </Link>
    ),
    className: 'min-w-[16rem]',
  },
  { id: 'layer', header: 'Layer', number: true, value: (one) => one.layer },
  {
    id: 'path',
    header: 'Path',
    value: (one) => one.path,
    cell: (one) => one.path !== undefined && <Mono text={one.path} />,
    className: 'min-w-[12rem]',
  },
  { id: 'type', header: 'Type', value: (one) => one.type },
  {
    id: 'value',
    header: 'Value',
    value: (one) => one.value,
    cell: (one) => <Mono text={one.value} />,
    hidden: true,
  },
];
