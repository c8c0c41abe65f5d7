/** Open findings by category and severity. Every number is a link to the findings behind it. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Overview } from '../../../../src/api/overview.ts';
import { severities, severityRank } from '../../../../src/model/terms.ts';
import { SeverityMark } from '../../parts/marks.tsx';
import { Empty } from '../../parts/notice.tsx';
import { Section } from '../../parts/page-head.tsx';
import { Scroll } from '../../parts/scroll.tsx';

type Row = Overview['openFindings'][number];

const worstFirst = severities.toReversed().filter((severity) => severity !== 'info');

export function OpenFindings({ rows }: { readonly rows: readonly Row[] }): ReactNode {
  return (
    <Section
      title="Open findings"
      actions={
        <Link to="/findings" search={{ status: 'open' }} className="link">
          all open
        </Link>
      }
    >
      {rows.length === 0 ? (
        <Empty title="No open findings">Findings appear here as soon as a scan has some.</Empty>
      ) : (
        <Scroll label="Open findings by category and severity">
          <table className="grid-table">
            <thead>
              <tr>
                <th scope="col">Category</th>
                {worstFirst.map((severity) => (
                  <th key={severity} scope="col" className="number">
                    <SeverityMark severity={severity} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.toSorted(byWeight).map((row) => (
                <tr key={row.category}>
                  <th scope="row">{row.category}</th>
                  {worstFirst.map((severity) => (
                    <td key={severity} className="number">
                      {(row.bySeverity[severity] ?? 0) === 0 ? (
                        <span className="text-soft">–</span>
                      ) : (
                        <Link
                          to="/findings"
                          search={{ status: 'open', category: row.category, severity }}
                          className="link"
                        >
                          {row.bySeverity[severity].toLocaleString('en-US')}
                        </Link>
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Section>
  );
}

/** The worst severity decides, then how many there are of it. */
function byWeight(a: Row, b: Row): number {
  for (const severity of severities.toSorted((one, other) => severityRank(other) - severityRank(one))) {
    const difference = (b.bySeverity[severity] ?? 0) - (a.bySeverity[severity] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
