/** Files that visitors left. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ArtefactRow } from '../../../../src/api/events.ts';
import { byteWords } from '../../../../src/report/wording.ts';
import type { Column } from '../../parts/columns.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Listed } from '../../parts/listed.tsx';
import { Empty } from '../../parts/notice.tsx';
import { Copyable, Mono } from '../../parts/quoted.tsx';
import { useMay } from '../../queries.ts';
import { beginOf, Periods, usePeriod } from './period.tsx';
import { useHoneypots } from './queries.ts';
import { spreadColumns } from './spread.tsx';

export function FilesPage(): ReactNode {
  const period = usePeriod();
  useHoneypots(period);
  return (
    <Listed<ArtefactRow>
      name="artefacts"
      path="/artefacts"
      parameters={{ from: beginOf(period) }}
      what="the files"
    >
      {(rows, more) => (
        <DataTable
          name="artefacts"
          caption="files"
          noun="file"
          columns={columns}
          rows={rows}
          keyOf={(row) => row.sha256}
          more={more}
          filters={<Periods />}
          empty={
            <Empty title="No file was left in this time">
              What visitors upload, write or plant is kept by its SHA-256, and never run.
            </Empty>
          }
        />
      )}
    </Listed>
  );
}

const columns: readonly Column<ArtefactRow>[] = [
  {
    id: 'sha256',
    header: 'SHA-256',
    value: (row) => row.sha256,
    cell: ({ sha256, size }) => <FileLink sha256={sha256} isKept={size !== undefined} />,
    className: 'min-w-[14rem]',
  },
  {
    id: 'size',
    header: 'Size',
    number: true,
    value: (row) => row.size,
    cell: ({ size }) => (size === undefined ? <span className="text-soft">not kept</span> : byteWords(size)),
  },
  ...spreadColumns,
];

interface FileLinkProps {
  readonly sha256: string;
  /** Whether the file itself may be here. */
  readonly isKept?: boolean;
}

/** To its page, for who may see it. */
export function FileLink({ sha256, isKept = true }: FileLinkProps): ReactNode {
  const maySee = useMay('triage');
  const shown = `${sha256.slice(0, 24)}…`;
  if (!maySee || !isKept) return <Copyable text={sha256} shown={shown} />;
  return (
    <Link to="/honeypots/files/$sha256" params={{ sha256 }} className="link" title={sha256}>
      <Mono text={shown} />
    </Link>
  );
}
