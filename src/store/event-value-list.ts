/** Credentials that were tried and files that were left, by how far they are spread. */
import { type Kysely, sql } from 'kysely';
import type { z } from 'zod';
import type { ArtefactRow, CredentialRow, valuesQuery } from '../api/events.ts';
import type { Page } from '../api/page.ts';
import { valueNumber } from './event-values.ts';
import { type Order, pageFrom, readCursor } from './page.ts';
import { credentialOf } from './sessions.ts';
import { beginOf } from './sources.ts';
import type { Tables } from './tables.ts';

interface Row {
  readonly id: number;
  readonly value: string;
  readonly size: number | null;
  readonly first_at: Date;
  readonly last_at: Date;
  readonly sessions: number;
  readonly sources: number;
}

type Query = z.output<typeof valuesQuery>;

/** @param open secrets are shown as they are */
export function listCredentials(
  db: Kysely<Tables>,
  query: Query,
  open: boolean,
): Promise<Page<CredentialRow>> {
  return listValues(db, 'credential', query, (row) => ({
    ...credentialOf(row.value, open),
    ...spreadIn(row),
  }));
}

export function listArtefacts(db: Kysely<Tables>, query: Query): Promise<Page<ArtefactRow>> {
  return listValues(db, 'artefact', query, (row) => ({
    sha256: row.value,
    ...(row.size !== null && { size: row.size }),
    ...spreadIn(row),
  }));
}

async function listValues<Item>(
  db: Kysely<Tables>,
  type: 'credential' | 'artefact',
  query: Query,
  item: (row: Row) => Item,
): Promise<Page<Item>> {
  const order: Order = { list: type, by: ['bigint', 'bigint'] };
  const after = readCursor(query.cursor, order);
  const { rows } = await sql<Row>`
    select spread.*, v.value, artefacts.size
    from (
      select one.id, min(s.first_at) as first_at, max(s.last_at) as last_at, count(*) as sessions,
        count(distinct s.src) as sources
      from honeypot_sessions as s join session_seen on session_id = s.id
        cross join lateral unnest(value_ids) as one(id) join event_values on event_values.id = one.id
      where s.first_at >= ${beginOf(query)} and type = ${valueNumber(type)}
      group by one.id
      having ${after === undefined} or (count(*), one.id) < (${after?.[0] ?? null}::bigint, ${after?.[1] ?? null}::bigint)
      order by count(*) desc, one.id desc limit ${query.limit + 1}
    ) as spread join event_values as v on v.id = spread.id
      left join artefacts
        on artefacts.sha256 = case when v.type = ${valueNumber('artefact')} then decode(v.value, 'hex') end
    order by spread.sessions desc, spread.id desc`.execute(db);
  return pageFrom(rows, query.limit, order, item, (row) => [row.sessions, row.id]);
}

function spreadIn({ first_at, last_at, sessions, sources }: Row): Omit<ArtefactRow, 'sha256' | 'size'> {
  return { firstAt: first_at.toISOString(), lastAt: last_at.toISOString(), sessions, sources };
}
