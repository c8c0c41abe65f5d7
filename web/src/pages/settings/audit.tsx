/** The audit log: who did what to what. */
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { AuditEntry } from '../../../../src/api/access.ts';
import { Button } from '../../parts/button.tsx';
import type { Column } from '../../parts/columns.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { controlClass } from '../../parts/field.tsx';
import { Listed } from '../../parts/listed.tsx';
import { Empty } from '../../parts/notice.tsx';
import { Section, useTitle } from '../../parts/page-head.tsx';
import { Mono, Quoted } from '../../parts/quoted.tsx';
import { Exact } from '../../parts/time.tsx';

const route = getRouteApi('/shell/settings/$section');

export default function Audit(): ReactNode {
  useTitle('Audit log');
  const { action } = route.useSearch();
  return (
    <Section title="Audit log">
      <Listed<AuditEntry> name="audit" path="/audit" parameters={{ action }} what="the audit log">
        {(rows, more) => (
          <DataTable
            name="audit"
            caption="audit log"
            noun="entry"
            plural="entries"
            columns={columns}
            rows={rows}
            keyOf={(row) => row.id}
            more={more}
            filters={<ActionFilter key={action} action={action} />}
            empty={
              <Empty title={action === undefined ? 'Nothing has been done yet' : 'No such action'}>
                Sign-ins, hunts, ignores and changes of access are written down here.
              </Empty>
            }
          />
        )}
      </Listed>
    </Section>
  );
}

/** Among all entries, where the filter of the table looks at the loaded ones. */
function ActionFilter({ action }: { readonly action: string | undefined }): ReactNode {
  const navigate = route.useNavigate();
  const [typed, setTyped] = useState(action ?? '');
  return (
    <form
      className="flex gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        void navigate({ search: { action: typed.trim() }, replace: true });
      }}
    >
      <input
        type="search"
        value={typed}
        maxLength={100}
        spellCheck={false}
        aria-label="Action, on the server"
        placeholder="Action: finding.ignore"
        onChange={(event) => setTyped(event.target.value)}
        className={`${controlClass} max-w-[14rem]`}
      />
      <Button type="submit">Look up</Button>
    </form>
  );
}

const columns: readonly Column<AuditEntry>[] = [
  { id: 'at', header: 'Time', value: (row) => row.at, cell: (row) => <Exact time={row.at} /> },
  { id: 'actor', header: 'Who', value: (row) => row.actor, cell: (row) => <Quoted text={row.actor} /> },
  { id: 'action', header: 'Action', value: (row) => row.action, cell: (row) => <code>{row.action}</code> },
  { id: 'subject', header: 'To', value: (row) => row.subject, cell: (row) => <Mono text={row.subject} /> },
  {
    id: 'detail',
    header: 'Detail',
    value: detailWords,
    cell: (row) => <Quoted text={detailWords(row)} className="[overflow-wrap:anywhere]" />,
    className: 'min-w-[12rem]',
  },
  { id: 'address', header: 'Address', value: (row) => row.address },
];

/** `reason: …; scope: image`. */
function detailWords({ detail }: AuditEntry): string {
  return Object.entries(detail)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('; ');
}
