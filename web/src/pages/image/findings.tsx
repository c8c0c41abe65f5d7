/** Findings of an image: a section for each rule as in the HTML report, light ones folded, ignored ones apart. */
import type { ReactNode } from 'react';
import type { FindingRow } from '../../../../src/api/images.ts';
import { groupFindings, orderFindings, worstSeverities } from '../../../../src/report/order.ts';
import { countWords } from '../../../../src/report/wording.ts';
import { SeverityMark } from '../../parts/marks.tsx';
import { Empty } from '../../parts/notice.tsx';
import { Section } from '../../parts/page-head.tsx';
import { FindingGroup } from './finding-group.tsx';
import { IgnoredFinding } from './ignored-finding.tsx';

interface FindingsProps {
  readonly rows: readonly FindingRow[];
  /** The finding that the address names. */
  readonly selected: number | undefined;
}

export function Findings({ rows, selected }: FindingsProps): ReactNode {
  const open = rows.filter((row) => row.status === 'open' || row.status === 'reopened');
  const ignored = rows.filter((row) => row.status === 'ignored');
  const resolved = rows.filter((row) => row.status === 'resolved');
  const groups = grouped(open);
  const weighty = groups.filter(([first]) => !isLight(first));
  const light = groups.filter(([first]) => isLight(first));
  return (
    <Section title="Findings" id="findings">
      {rows.length === 0 && (
        <Empty title="Nothing was found">The verdict says how much of the image was seen.</Empty>
      )}
      {open.length > 0 && <Counts rows={open} />}
      {weighty.map((group) => (
        <FindingGroup key={group[0].id} rows={group} selected={selected} />
      ))}
      <Folded
        title={`${countWords(light.flat().length, 'finding')} of low weight`}
        rows={light.flat()}
        selected={selected}
      >
        {light.map((group) => (
          <FindingGroup key={group[0].id} rows={group} selected={selected} />
        ))}
      </Folded>
      <Folded title={countWords(ignored.length, 'ignored finding')} rows={ignored} selected={selected}>
        {ignored.map((row) => (
          <IgnoredFinding key={row.id} row={row} />
        ))}
      </Folded>
      <Folded
        title={`${countWords(resolved.length, 'finding')} resolved, no longer in the image`}
        rows={resolved}
        selected={selected}
      >
        {grouped(resolved).map((group) => (
          <FindingGroup key={group[0].id} rows={group} selected={selected} />
        ))}
      </Folded>
    </Section>
  );
}

type Group = readonly [FindingRow, ...FindingRow[]];

/** In the order of the report, worst first. */
function grouped(rows: readonly FindingRow[]): readonly Group[] {
  const byFinding = new Map(rows.map((row) => [row.finding, row]));
  const groups = groupFindings(orderFindings(rows.map((row) => row.finding)));
  return groups.map(({ findings }) => findings.map((finding) => byFinding.get(finding)!) as unknown as Group);
}

function isLight({ finding }: FindingRow): boolean {
  return finding.severity === 'low' || finding.severity === 'info';
}

function Counts({ rows }: { readonly rows: readonly FindingRow[] }): ReactNode {
  return (
    <ul className="mb-1 flex flex-wrap gap-x-4">
      {worstSeverities.map((severity) => {
        const count = rows.filter((row) => row.finding.severity === severity).length;
        return (
          count > 0 && (
            <li key={severity} className="tabular-nums">
              {count} <SeverityMark severity={severity} />
            </li>
          )
        );
      })}
    </ul>
  );
}

interface FoldedProps extends FindingsProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** Open when the finding that the address names is inside. */
function Folded({ title, rows, selected, children }: FoldedProps): ReactNode {
  if (rows.length === 0) return null;
  return (
    <details open={rows.some((row) => row.id === selected)} className="border-b border-line">
      <summary className="py-2 text-soft">{title}</summary>
      {children}
    </details>
  );
}
