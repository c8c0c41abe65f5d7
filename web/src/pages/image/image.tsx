/** Image: why is this image bad? Verdict and reasons, then findings beside the layers that brought them. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ImageDetail } from '../../../../src/api/images.ts';
import { Loaded, Skeleton } from '../../parts/notice.tsx';
import { PageHead, Section } from '../../parts/page-head.tsx';
import { Mono } from '../../parts/quoted.tsx';
import { Ago } from '../../parts/time.tsx';
import { imageQuery } from '../../queries.ts';
import { Findings } from './findings.tsx';
import { Indicators } from './indicators.tsx';
import { Layers } from './layers.tsx';
import { NotSeen } from './not-seen.tsx';
import { Rescan } from './rescan.tsx';
import { VerdictPanel } from './verdict-panel.tsx';

const route = getRouteApi('/shell/images/$id');

export function ImagePage(): ReactNode {
  const { id } = route.useParams();
  const query = useQuery(imageQuery(Number(id)));
  return (
    <Loaded query={query} what="the image" title="Image" skeleton={<Skeleton what="the image" lines={14} />}>
      {(detail) => <Content detail={detail} />}
    </Loaded>
  );
}

function Content({ detail }: { readonly detail: ImageDetail }): ReactNode {
  const { finding } = route.useSearch();
  const { image, report, findings } = detail;
  return (
    <>
      <PageHead
        title={image.reference}
        heading={<Mono text={image.reference} />}
        actions={<Rescan image={image.id} />}
      />
      <VerdictPanel detail={detail} />
      <div className="mt-6 grid gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1.45fr)_minmax(0,1fr)]">
        <Findings rows={findings} selected={finding} />
        <div className="min-w-0 space-y-6">
          <Layers detail={detail} />
          <References detail={detail} />
        </div>
      </div>
      <div className="mt-6 grid gap-x-8 gap-y-6 lg:grid-cols-2">
        <Indicators indicators={report.indicators} />
        <NotSeen report={report} />
      </div>
    </>
  );
}

function References({ detail }: { readonly detail: ImageDetail }): ReactNode {
  if (detail.references.length === 0) return null;
  return (
    <Section title="Names of this image">
      <ul>
        {detail.references.map((one) => (
          <li
            key={one.reference}
            className="flex flex-wrap justify-between gap-x-4 border-b border-line py-1 last:border-0"
          >
            <Mono text={one.reference} />
            <span className="text-soft">
              {one.current ? 'current' : 'no longer'}, seen <Ago time={one.seenAt} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
