/** Findings of all images: what is open, what came back, what was ignored and until when. */
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { FindingRow } from '../../../src/api/images.ts';
import { categories, severities, severityRank } from '../../../src/model/terms.ts';
import { percent, placeOf } from '../../../src/report/wording.ts';
import { Button } from '../parts/button.tsx';
import { Choice } from '../parts/choice.tsx';
import type { Column } from '../parts/columns.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { Listed } from '../parts/listed.tsx';
import { SeverityMark, Tag } from '../parts/marks.tsx';
import { Empty } from '../parts/notice.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Mono, Quoted } from '../parts/quoted.tsx';
import { Ago } from '../parts/time.tsx';
import { findingStatuses } from '../words.ts';

const route = getRouteApi('/shell/findings');
const worstFirst = severities.toReversed();

export function FindingsPage(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (part: Partial<typeof search>) =>
    void navigate({ search: { ...search, ...part }, replace: true });
  return (
    <>
      <PageHead title="Findings" about="What was found, in which image, and what people decided about it." />
      <Listed<FindingRow> name="findings" path="/findings" parameters={search} what="the findings">
        {(rows, more) => (
          <DataTable
            name="findings"
            caption="findings"
            noun="finding"
            columns={columns}
            rows={rows}
            keyOf={(row) => row.id}
            more={more}
            filters={
              <>
                <Choice
                  label="Status"
                  any="Any status"
                  value={search.status}
                  options={findingStatuses}
                  onChange={(status) => change({ status })}
                />
                <Choice
                  label="Severity"
                  any="Any severity"
                  value={search.severity}
                  options={worstFirst}
                  onChange={(severity) => change({ severity })}
                />
                <Choice
                  label="Category"
                  any="Any category"
                  value={search.category}
                  options={categories}
                  onChange={(category) => change({ category })}
                />
                {search.rule !== undefined && (
                  <Button onClick={() => change({ rule: undefined })}>
                    {search.rule} <span aria-hidden="true">✕</span>
                    <span className="sr-only">, take this filter off</span>
                  </Button>
                )}
              </>
            }
            empty={
              <Empty
                title={
                  Object.values(search).some((one) => one !== undefined)
                    ? 'No finding matches'
                    : 'No findings'
                }
              >
                Findings come with scans: start a hunt, or take filters off.
              </Empty>
            }
          />
        )}
      </Listed>
    </>
  );
}

const columns: readonly Column<FindingRow>[] = [
  {
    id: 'severity',
    header: 'Severity',
    value: (row) => row.finding.severity,
    rank: (row) => severityRank(row.finding.severity),
    cell: (row) => <SeverityMark severity={row.finding.severity} />,
  },
  {
    id: 'finding',
    header: 'Finding',
    value: (row) => row.finding.title,
    cell: title,
    className: 'min-w-[16rem] [overflow-wrap:anywhere]',
  },
  {
    id: 'image',
    header: 'Image',
    value: (row) => row.reference,
    cell: (row) => <Mono text={row.reference} />,
    className: 'min-w-[14rem]',
  },
  {
    id: 'place',
    header: 'Place',
    value: (row) => (row.finding.evidence[0] === undefined ? '' : placeOf(row.finding.evidence[0])),
    cell: place,
    className: 'min-w-[12rem]',
  },
  {
    id: 'category',
    header: 'Category',
    value: (row) => row.finding.category,
    className: 'whitespace-nowrap',
  },
  { id: 'rule', header: 'Rule', value: (row) => row.finding.rule, cell: rule, hidden: true },
  {
    id: 'confidence',
    header: 'Confidence',
    number: true,
    value: (row) => row.finding.confidence,
    cell: (row) => percent(row.finding.confidence),
    hidden: true,
  },
  { id: 'status', header: 'Status', value: (row) => row.status, cell: status },
  {
    id: 'first',
    header: 'First seen',
    value: (row) => row.firstSeenAt,
    cell: (row) => <Ago time={row.firstSeenAt} />,
    hidden: true,
  },
  {
    id: 'last',
    header: 'Last seen',
    value: (row) => row.lastSeenAt,
    cell: (row) => <Ago time={row.lastSeenAt} />,
  },
];

function title(row: FindingRow): ReactNode {
  return (
    <Link to="/images/$id" params={{ id: String(row.image) }} search={{ finding: row.id }} className="link">
      <Quoted text={row.finding.title} />
    </Link>
  );
}

function place(row: FindingRow): ReactNode {
  const [evidence] = row.finding.evidence;
  return evidence !== undefined && <Mono text={placeOf(evidence)} />;
}

function rule(row: FindingRow): ReactNode {
  return (
    <Link to="/findings" search={{ rule: row.finding.rule }} className="link">
      <code>{row.finding.rule}</code>
    </Link>
  );
}

function status(row: FindingRow): ReactNode {
  if (row.ignore === undefined)
    return <Tag tone={row.status === 'reopened' ? 'text-high' : 'text-soft'}>{row.status}</Tag>;
  return (
    <span title={`${row.ignore.by}: ${row.ignore.reason}`}>
      <Tag>ignored</Tag>{' '}
      <span className="text-[0.92rem] text-soft">
        ends <Ago time={row.ignore.expiresAt} />
      </span>
    </span>
  );
}
