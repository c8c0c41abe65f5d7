/** Hunts of now and lately, with progress. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Hunt } from '../../../../src/api/hunts.ts';
import { Empty } from '../../parts/notice.tsx';
import { Section } from '../../parts/page-head.tsx';
import { HuntLine } from '../hunts/hunt-line.tsx';

export function RunningHunts({ hunts }: { readonly hunts: readonly Hunt[] }): ReactNode {
  return (
    <Section
      title="Hunts"
      actions={
        <Link to="/hunts" className="link">
          all hunts
        </Link>
      }
    >
      {hunts.length === 0 ? (
        <Empty title="No hunt has run">
          A hunt looks at every image of a registry, an account or a list.
        </Empty>
      ) : (
        <ul>
          {hunts.map((hunt) => (
            <HuntLine key={hunt.id} hunt={hunt} />
          ))}
        </ul>
      )}
    </Section>
  );
}
