/** Sources: addresses by what their sessions come to. */
import { type Kysely, sql } from 'kysely';
import type { z } from 'zod';
import type { SourceRow, sourcesQuery } from '../api/events.ts';
import type { Page } from '../api/page.ts';
import { severities } from '../model/terms.ts';
import { type Order, pageFrom, readCursor } from './page.ts';
import { locationOf } from './sessions.ts';
import type { Tables } from './tables.ts';

interface Row {
  readonly src: string;
  readonly src_country: string | null;
  readonly src_asn: number | null;
  readonly src_as_name: string | null;
  readonly first_at: Date;
  readonly last_at: Date;
  readonly events: number;
  readonly sessions: number;
  readonly severity: number;
  readonly services: string[];
}

const busiestFirst: Order = { list: 'sources', by: ['bigint', 'text'] };

/** The one with the most events first. */
export async function listSources(
  db: Kysely<Tables>,
  query: z.output<typeof sourcesQuery>,
): Promise<Page<SourceRow>> {
  const after = readCursor(query.cursor, busiestFirst);
  const from = beginOf(query);
  const { rows } = await sql<Row>`
    select busiest.*, last.src_country, last.src_asn, last.src_as_name,
      array(select distinct unnest(services) from honeypot_sessions as s
        where s.src = busiest.src and s.first_at >= ${from} order by 1) as services
    from (
      select src, min(first_at) as first_at, max(last_at) as last_at, sum(events)::bigint as events,
        count(*) as sessions, max(severity) as severity, max(id) as last_id
      from honeypot_sessions
      where first_at >= ${from}
        and (${query.source ?? null}::inet is null or src <<= ${query.source ?? null}::inet)
      group by src
      having ${after === undefined} or (sum(events), host(src)) < (${after?.[0] ?? null}::bigint, ${after?.[1] ?? null}::text)
      order by sum(events) desc, host(src) desc limit ${query.limit + 1}
    ) as busiest join honeypot_sessions as last on last.id = last_id
    order by busiest.events desc, host(busiest.src) desc`.execute(db);
  return pageFrom(rows, query.limit, busiestFirst, sourceRow, (row) => [row.events, row.src]);
}

/** Of the time that a list is about. */
export function beginOf({ days, from }: { readonly days: number; readonly from?: string | undefined }): Date {
  return from === undefined ? new Date(Date.now() - days * 86_400_000) : new Date(from);
}

export function sourceRow({ services, ...row }: Row): SourceRow {
  return {
    src: row.src,
    ...locationOf(row),
    firstAt: row.first_at.toISOString(),
    lastAt: row.last_at.toISOString(),
    events: row.events,
    sessions: row.sessions,
    severity: severities[row.severity] ?? 'info',
    services,
  };
}
