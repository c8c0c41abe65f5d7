/** A file that a visitor left: what it is, without being one. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ArtefactDetail } from '../../../../src/api/sensors.ts';
import { byteWords } from '../../../../src/report/wording.ts';
import { get } from '../../api.ts';
import type { Column } from '../../parts/columns.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Empty, Loaded } from '../../parts/notice.tsx';
import { PageHead, Section } from '../../parts/page-head.tsx';
import { Copyable, Lines } from '../../parts/quoted.tsx';
import { Scroll } from '../../parts/scroll.tsx';
import { Exact } from '../../parts/time.tsx';
import { SensorName } from './columns.tsx';

const route = getRouteApi('/shell/honeypots/files/$sha256');

function fileQuery(sha256: string) {
  return queryOptions({
    queryKey: ['artefact', sha256],
    queryFn: ({ signal }) => get<ArtefactDetail>(`/artefacts/${encodeURIComponent(sha256)}`, {}, signal),
  });
}

export function FilePage(): ReactNode {
  const { sha256 } = route.useParams();
  const query = useQuery(fileQuery(sha256));
  return (
    <Loaded query={query} what="the file" title="File">
      {(file) => <Content file={file} />}
    </Loaded>
  );
}

function Content({ file }: { readonly file: ArtefactDetail }): ReactNode {
  return (
    <>
      <PageHead
        title={`File ${file.sha256.slice(0, 12)}`}
        about={
          <p>
            {byteWords(file.size)}, here since <Exact time={file.addedAt} />
            {file.sensor !== undefined && (
              <>
                {' '}
                from the sensor <SensorName name={file.sensor} />
              </>
            )}
          </p>
        }
      />
      <p>
        <span className="text-soft">SHA-256</span> <Copyable text={file.sha256} />
      </p>
      <div className="mt-5 grid gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1.25fr)_minmax(0,1fr)]">
        <Section title="First bytes">
          <Scroll label="First bytes">
            <pre className="text-[0.86rem] leading-snug">{hexLines(file.head).join('\n')}</pre>
          </Scroll>
        </Section>
        <Section title="Texts in it">
          {file.strings.length === 0 ? (
            <p className="text-soft">None of six characters or more.</p>
          ) : (
            <Lines text={file.strings.join('\n')} />
          )}
        </Section>
      </div>
      <Section title="Left by" className="mt-6">
        <DataTable
          name="artefact-sessions"
          caption="sessions that left it"
          noun="session"
          columns={columns}
          rows={file.sessions}
          keyOf={(row) => row.id}
          plain={file.sessions.length < 12}
          empty={<Empty title="No session is known">Those that left it are over and were removed.</Empty>}
        />
      </Section>
    </>
  );
}

const columns: readonly Column<ArtefactDetail['sessions'][number]>[] = [
  {
    id: 'source',
    header: 'Source',
    value: (row) => row.src,
    cell: ({ id, src }) => (
      <Link to="/honeypots/sessions/$id" params={{ id: String(id) }} className="link tabular-nums">
        {src}
      </Link>
    ),
  },
  {
    id: 'sensor',
    header: 'Sensor',
    value: (row) => row.sensor,
    cell: (row) => <SensorName name={row.sensor} />,
  },
  {
    id: 'first',
    header: 'Session began',
    value: (row) => row.firstAt,
    cell: (row) => <Exact time={row.firstAt} />,
  },
];

const perLine = 16;

/** `00000010  23 21 2f …  |#!/bin/sh|`, as hexdump -C writes it. @param hex two digits for each byte */
function hexLines(hex: string): string[] {
  const bytes = (hex.match(/../g) ?? []).map((digits) => Number.parseInt(digits, 16));
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += perLine) {
    const some = bytes.slice(at, at + perLine);
    const digits = some.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = some.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${digits.padEnd(perLine * 3 - 1)}  |${text}|`);
  }
  return lines;
}
