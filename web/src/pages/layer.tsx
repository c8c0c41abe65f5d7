/** A layer and who has it. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import type { layerDetail } from '../../../src/api/images.ts';
import { byteWords, countWords, shortDigest } from '../../../src/report/wording.ts';
import { get } from '../api.ts';
import { DataTable } from '../parts/data-table.tsx';
import { Empty, Loaded } from '../parts/notice.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Mono } from '../parts/quoted.tsx';
import { Ago } from '../parts/time.tsx';
import { imageColumns } from './images/columns.tsx';

type LayerDetail = z.infer<typeof layerDetail>;

const route = getRouteApi('/shell/layers/$diffId');

function layerQuery(diffId: string) {
  return queryOptions({
    queryKey: ['layer', diffId],
    queryFn: ({ signal }) => get<LayerDetail>(`/layers/${encodeURIComponent(diffId)}`, {}, signal),
  });
}

export function LayerPage(): ReactNode {
  const { diffId } = route.useParams();
  const query = useQuery(layerQuery(diffId));
  return (
    <Loaded query={query} what="the layer" title="Layer">
      {(layer) => (
        <>
          <PageHead
            title={`Layer ${shortDigest(layer.diffId)}`}
            heading={
              <>
                Layer <Mono text={layer.diffId} className="font-normal" />
              </>
            }
            about={
              <p>
                {countWords(layer.files, 'file')}, {byteWords(layer.bytes)} unpacked; first seen{' '}
                <Ago time={layer.firstSeenAt} />
              </p>
            }
          />
          <DataTable
            name="layer-images"
            caption="images that have this layer"
            noun="image"
            columns={imageColumns}
            rows={layer.images}
            keyOf={(image) => image.id}
            empty={<Empty title="No image has this layer">Images that had it have been removed.</Empty>}
          />
        </>
      )}
    </Loaded>
  );
}
