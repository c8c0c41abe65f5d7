/** Images: what is hiding in our registries? Hunts and the category table first, then every image. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Overview } from '../../../../src/api/overview.ts';
import { CategoryTable } from '../../parts/category-table.tsx';
import { Empty, Loaded, Skeleton } from '../../parts/notice.tsx';
import { PageHead, Section } from '../../parts/page-head.tsx';
import { overviewQuery } from '../../queries.ts';
import { NewHunt } from '../hunts/new-hunt.tsx';
import { RunningHunts } from '../overview/running-hunts.tsx';
import { ImageList } from './image-list.tsx';

const route = getRouteApi('/shell/images');

export function ImagesPage(): ReactNode {
  const query = useQuery(overviewQuery);
  const { q, verdict, category, hunt } = route.useSearch();
  // Who comes for some images is shown these at once. Later filters leave the page as it stands.
  const [open] = useState((q ?? verdict ?? category ?? hunt) === undefined);
  return (
    <>
      <PageHead title="Images" about="What is hiding in our registries?" actions={<NewHunt />} />
      <details open={open} className="mb-4">
        <summary className="mb-2 text-soft">Categories and hunts</summary>
        <Loaded
          query={query}
          what="hunts and categories"
          skeleton={<Skeleton what="hunts and categories" lines={8} />}
        >
          {(overview) => <Summary overview={overview} />}
        </Loaded>
      </details>
      <ImageList />
    </>
  );
}

function Summary({ overview }: { readonly overview: Overview }): ReactNode {
  return (
    <div className="grid gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1.5fr)_minmax(0,1fr)]">
      <Section title="Categories">
        {overview.categoryTotal === 0 ? (
          <Empty title="No category yet">
            The table counts images by what was found in them, as soon as there is something.
          </Empty>
        ) : (
          <CategoryTable
            rows={overview.categories}
            images={overview.images.total}
            categoryTotal={overview.categoryTotal}
          />
        )}
      </Section>
      <RunningHunts hunts={overview.hunts} />
    </div>
  );
}
