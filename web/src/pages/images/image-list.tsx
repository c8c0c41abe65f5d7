/** The list of images with its filters, all of them in the address; what the server sends is drawn by `image-rows`. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import type { ImageRow } from '../../../../src/api/images.ts';
import { countWords } from '../../../../src/report/wording.ts';
import { Button } from '../../parts/button.tsx';
import { ColumnMenu, useVisibility } from '../../parts/columns.tsx';
import { Empty, Failure, Skeleton } from '../../parts/notice.tsx';
import { Section } from '../../parts/page-head.tsx';
import { listQuery } from '../../queries.ts';
import { imageColumns } from './columns.tsx';
import { Download } from './download.tsx';
import { Filters } from './filters.tsx';
import { ImageRows } from './image-rows.tsx';

const route = getRouteApi('/shell/images');

export function ImageList(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [visibility, choose] = useVisibility('images', imageColumns);
  const parameters = { ...search, limit: 200 };
  const query = useInfiniteQuery({
    ...listQuery<ImageRow>('images', '/images', parameters),
    // Up to hundreds of pages: asked for again on request or by the live stream, not kept long for filters of the past.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    placeholderData: (previous) => previous,
  });
  const pages = query.data?.pages;
  const rows = useMemo(() => pages?.flatMap((page) => page.items), [pages]);
  const total = pages?.[0]?.total;
  const filtered = search.q ?? search.verdict ?? search.category ?? search.hunt;
  return (
    <Section
      title="All images"
      id="list"
      actions={
        <>
          <Button onClick={() => void query.refetch()} busy={query.isRefetching && !query.isFetchingNextPage}>
            Reload
          </Button>
          <ColumnMenu columns={imageColumns} visibility={visibility} onChoose={choose} />
          <Download
            parameters={parameters}
            total={total}
            disabled={rows === undefined || rows.length === 0}
          />
        </>
      }
    >
      <Filters
        search={search}
        onChange={(change) =>
          void navigate({ search: { ...search, ...change }, replace: true, resetScroll: false })
        }
      />
      <p className="mb-1 text-soft" aria-live="polite">
        {total !== undefined && `${countWords(total, 'image')}${filtered === undefined ? '' : ' match'}`}
        {search.q !== undefined && (
          <>
            {' · '}
            <Link to="/sightings" search={{ value: search.q }} className="link">
              where this value was seen
            </Link>
          </>
        )}
      </p>
      {query.isError && <Failure what="the images" error={query.error} again={() => void query.refetch()} />}
      {rows === undefined && query.isPending && <Skeleton what="the images" lines={10} />}
      {rows !== undefined && rows.length > 0 && (
        <ImageRows
          rows={rows}
          total={total ?? rows.length}
          visibility={visibility}
          sort={search.sort ?? 'score'}
          onSort={(sort) => void navigate({ search: { ...search, sort }, replace: true, resetScroll: false })}
          // A list that is about to be another one is not gone on with.
          hasMore={query.hasNextPage && !query.isPlaceholderData}
          loading={query.isFetching}
          onMore={() => void query.fetchNextPage({ cancelRefetch: false })}
        />
      )}
      {rows !== undefined && rows.length === 0 && <NoImages filtered={filtered !== undefined} />}
    </Section>
  );
}

function NoImages({ filtered }: { readonly filtered: boolean }): ReactNode {
  if (!filtered) {
    return (
      <Empty title="No image has been looked at yet">
        Start a hunt above, or let a pipeline deliver its reports with a token (Settings, Tokens).
      </Empty>
    );
  }
  return (
    <Empty title="No image matches">
      <p>
        A search takes part of a reference, the beginning of a digest, or the whole value of an indicator.{' '}
        <Link to="/images" search={{}} className="link">
          Take all filters off
        </Link>
        .
      </p>
    </Empty>
  );
}
