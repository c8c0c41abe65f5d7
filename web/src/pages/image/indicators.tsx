/** Values of the image by which its maker is recognised elsewhere; each leads to where else it was seen. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Indicator } from '../../../../src/model/indicator.ts';
import type { Column } from '../../parts/columns.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/notice.tsx';
import { Section } from '../../parts/page-head.tsx';
import { Mono, Quoted } from '../../parts/quoted.tsx';

export function Indicators({ indicators }: { readonly indicators: readonly Indicator[] }): ReactNode {
  return (
    <Section title="Indicators">
      <DataTable
        name="image-indicators"
        caption="indicators of this image"
        noun="indicator"
        columns={columns}
        rows={indicators}
        keyOf={(one) => `${one.type} ${one.value}`}
        plain={indicators.length < 12}
        empty={
          <Empty title="No indicators">Wallets, pools, hosts and keys of a bad image are listed here.</Empty>
        }
      />
    </Section>
  );
}

const columns: readonly Column<Indicator>[] = [
  { id: 'type', header: 'Type', value: (one) => one.type },
  {
    id: 'value',
    header: 'Value',
    value: (one) => one.value,
    cell: (one) => (
      <Link to="/sightings" search={{ value: one.value }} className="link" title="Where else it was seen">
        <Mono text={one.value} />
      </Link>
    ),
  },
  {
    id: 'context',
    header: 'Seen as',
    value: (one) => one.context,
    cell: (one) => <Quoted text={one.context} />,
  },
];
