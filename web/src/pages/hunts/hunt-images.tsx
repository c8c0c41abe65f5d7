/** The images of a hunt, by what has become of them. */
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Hunt, HuntImage } from '../../../../src/api/hunts.ts';
import { Choice } from '../../parts/choice.tsx';
import type { Column } from '../../parts/columns.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Listed } from '../../parts/listed.tsx';
import { VerdictMark } from '../../parts/marks.tsx';
import { Empty } from '../../parts/notice.tsx';
import { Section } from '../../parts/page-head.tsx';
import { Mono, Quoted } from '../../parts/quoted.tsx';
import { huntImageStates } from '../../words.ts';

const route = getRouteApi('/shell/hunts/$id');

export function HuntImages({ hunt }: { readonly hunt: Hunt }): ReactNode {
  const { state } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Section title="Images of this hunt" className="mt-6">
      <Listed<HuntImage>
        name="hunt-images"
        path={`/hunts/${hunt.id}/images`}
        parameters={{ state }}
        what="the images"
      >
        {(rows, more) => (
          <DataTable
            name="hunt-images"
            caption="images of this hunt"
            noun="image"
            columns={columns}
            rows={rows}
            keyOf={(image) => `${image.reference}@${image.digest}`}
            more={more}
            filters={
              <Choice
                label="State"
                any="Any state"
                value={state}
                options={huntImageStates}
                onChange={(next) => void navigate({ search: { state: next }, replace: true })}
              />
            }
            empty={
              <Empty title={state === undefined ? 'No image yet' : `No image is ${state}`}>
                {state === undefined
                  ? 'Images appear as soon as the source is listed. If the hunt failed, its problems say why.'
                  : 'Choose another state.'}
              </Empty>
            }
          />
        )}
      </Listed>
    </Section>
  );
}

const columns: readonly Column<HuntImage>[] = [
  { id: 'verdict', header: 'Verdict', value: (one) => one.verdict, cell: verdict },
  {
    id: 'reference',
    header: 'Reference',
    value: (one) => one.reference,
    cell: reference,
    className: 'min-w-[18rem]',
  },
  { id: 'state', header: 'State', value: (one) => one.state },
  { id: 'score', header: 'Score', number: true, value: (one) => one.score },
  { id: 'categories', header: 'Categories', value: (one) => one.categories.join(', ') },
  {
    id: 'digest',
    header: 'Digest',
    value: (one) => one.digest,
    cell: (one) => <Mono text={one.digest} />,
    hidden: true,
  },
  {
    id: 'problem',
    header: 'Problem',
    value: (one) => one.problem,
    cell: (one) => one.problem !== undefined && <Quoted text={one.problem} />,
  },
];

function verdict(one: HuntImage): ReactNode {
  return one.verdict === undefined ? (
    <span className="text-soft">–</span>
  ) : (
    <VerdictMark verdict={one.verdict} />
  );
}

function reference(one: HuntImage): ReactNode {
  if (one.image === undefined) return <Mono text={one.reference} />;
  return (
    <Link to="/images/$id" params={{ id: String(one.image) }} className="link">
      <Mono text={one.reference} />
    </Link>
  );
}
