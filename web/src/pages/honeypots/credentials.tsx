/** Credentials that visitors tried. */
import type { ReactNode } from 'react';
import type { CredentialRow } from '../../../../src/api/events.ts';
import type { Column } from '../../parts/columns.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Listed } from '../../parts/listed.tsx';
import { Empty } from '../../parts/notice.tsx';
import { Mono } from '../../parts/quoted.tsx';
import { useMay } from '../../queries.ts';
import { beginOf, Periods, usePeriod } from './period.tsx';
import { useHoneypots } from './queries.ts';
import { spreadColumns } from './spread.tsx';

export function CredentialsPage(): ReactNode {
  const period = usePeriod();
  const maySee = useMay('triage');
  useHoneypots(period);
  return (
    <Listed<CredentialRow>
      name="credentials"
      path="/credentials"
      parameters={{ from: beginOf(period) }}
      what="the credentials"
    >
      {(rows, more) => (
        <>
          {!maySee && (
            <p className="mb-3 text-soft">
              Passwords are masked: people use theirs twice, so analysts alone see them.
            </p>
          )}
          <DataTable
            name="credentials"
            caption="credentials"
            noun="credential"
            columns={columns}
            rows={rows.map((row, rank) => ({ ...row, rank }))}
            keyOf={(row) => row.rank}
            more={more}
            filters={<Periods />}
            empty={<Empty title="No credentials in this time">Choose a longer period.</Empty>}
          />
        </>
      )}
    </Listed>
  );
}

/** Masked ones are alike, and are told apart by their place. */
type Row = CredentialRow & { readonly rank: number };

const columns: readonly Column<Row>[] = [
  {
    id: 'user',
    header: 'User',
    value: (row) => row.user,
    cell: ({ user }) => (user === '' ? <span className="text-soft">none</span> : <Mono text={user} />),
  },
  {
    id: 'secret',
    header: 'Secret',
    value: (row) => row.secret,
    cell: ({ secret }) => (secret === '' ? <span className="text-soft">empty</span> : <Mono text={secret} />),
    className: 'min-w-[12rem]',
  },
  ...spreadColumns,
];
