/** The queues in numbers; each number leads to its jobs. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { QueueCounts } from '../../../../src/api/upkeep.ts';
import { Empty } from '../../parts/notice.tsx';

const counts = ['waiting', 'active', 'failed'] as const;

export function Queues({ queues }: { readonly queues: readonly QueueCounts[] }): ReactNode {
  if (queues.length === 0) return <Empty title="No queues">They are made with the first job.</Empty>;
  return (
    <table className="grid-table max-w-[40rem]">
      <thead>
        <tr>
          <th scope="col">Queue</th>
          {counts.map((count) => (
            <th key={count} scope="col" className="number">
              {count}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {queues.map((row) => (
          <tr key={row.queue}>
            <th scope="row" className="[overflow-wrap:anywhere]">
              {row.queue}
            </th>
            {counts.map((count) => (
              <td key={count} className="number">
                <Link
                  to="."
                  search={{ queue: row.queue, state: count }}
                  className={`link ${count === 'failed' && row.failed > 0 ? 'font-semibold' : ''}`}
                  aria-label={`${row[count]} ${count} in ${row.queue}`}
                >
                  {row[count].toLocaleString('en-US')}
                </Link>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
