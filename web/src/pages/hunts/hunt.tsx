/** One hunt: how far it is, what it found, what it could not look at. */
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Hunt } from '../../../../src/api/hunts.ts';
import { categories, verdicts } from '../../../../src/model/terms.ts';
import { byteWords } from '../../../../src/report/wording.ts';
import { CategoryTable } from '../../parts/category-table.tsx';
import { VerdictMark } from '../../parts/marks.tsx';
import { Empty, Loaded } from '../../parts/notice.tsx';
import { PageHead, Section } from '../../parts/page-head.tsx';
import { Digest, Quoted } from '../../parts/quoted.tsx';
import { shareWords } from '../../parts/share.ts';
import { Ago } from '../../parts/time.tsx';
import { useHunt } from '../../queries.ts';
import { CancelHunt } from './cancel-hunt.tsx';
import { HuntImages } from './hunt-images.tsx';
import { HuntState } from './hunt-state.tsx';
import { HuntProgress } from './progress.tsx';

const route = getRouteApi('/shell/hunts/$id');

export function HuntPage(): ReactNode {
  const { id } = route.useParams();
  const query = useHunt(Number(id));
  return (
    <Loaded query={query} what={`hunt ${id}`} title={`Hunt ${id}`}>
      {(hunt) => <Content hunt={hunt} />}
    </Loaded>
  );
}

function Content({ hunt }: { readonly hunt: Hunt }): ReactNode {
  const { images, categoryTotal, bytes } = hunt.result;
  const rows = categories.map((category) => ({ category, images: hunt.result.categories[category] ?? 0 }));
  return (
    <>
      <PageHead
        title={`Hunt ${hunt.id}`}
        heading={
          <>
            Hunt {hunt.id} of <Quoted text={hunt.source} />
          </>
        }
        about={
          <p className="flex flex-wrap gap-x-4">
            <HuntState state={hunt.state} />
            <span>
              started <Ago time={hunt.startedAt} /> by {hunt.startedBy}
            </span>
            {hunt.endedAt !== undefined && (
              <span>
                ended <Ago time={hunt.endedAt} />
              </span>
            )}
            <span>
              rules <Digest digest={hunt.ruleset} />
            </span>
          </p>
        }
        actions={<CancelHunt hunt={hunt} />}
      />
      <div className="grid gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.2fr)]">
        <div className="min-w-0 space-y-6">
          <Section title="Progress">
            <HuntProgress hunt={hunt} />
          </Section>
          <Section title="Verdicts">
            <table className="grid-table">
              <tbody>
                {verdicts.map((verdict) => (
                  <tr key={verdict}>
                    <th scope="row">
                      <VerdictMark verdict={verdict} />
                    </th>
                    <td className="number font-semibold">{images[verdict].toLocaleString('en-US')}</td>
                    <td className="number w-24 text-soft">{shareWords(images[verdict], images.total)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            <p className="mt-1.5 text-soft">
              {images.total.toLocaleString('en-US')} images; {images.unchanged.toLocaleString('en-US')} of
              them unchanged since they were scanned before. Layers: {byteWords(bytes.unique)} unique of{' '}
              {byteWords(bytes.referenced)} referenced.
            </p>
          </Section>
        </div>
        <Section title="Categories">
          {categoryTotal === 0 ? (
            <Empty title="No category yet">Categories appear as soon as an image has a finding.</Empty>
          ) : (
            <CategoryTable rows={rows} images={images.total} categoryTotal={categoryTotal} hunt={hunt.id} />
          )}
        </Section>
      </div>
      {hunt.problems.length > 0 && <Problems problems={hunt.problems} />}
      <HuntImages hunt={hunt} />
    </>
  );
}

function Problems({ problems }: { readonly problems: readonly string[] }): ReactNode {
  return (
    <Section title={`Problems (${problems.length})`} className="mt-6">
      <ul className="list-disc space-y-1 pl-5">
        {problems.map((problem) => (
          <li key={problem}>
            <Quoted text={problem} className="[overflow-wrap:anywhere]" />
          </li>
        ))}
      </ul>
    </Section>
  );
}
