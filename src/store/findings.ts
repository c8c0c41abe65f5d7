/** Findings with a life of their own: open, ignored until a date, resolved, reopened. */
import { type Kysely, type SqlBool, sql, type Transaction } from 'kysely';
import type { z } from 'zod';
import type { FindingRow, FindingStatus, findingsQuery, ignoreScopes } from '../api/images.ts';
import type { Page } from '../api/page.ts';
import type { Finding } from '../model/finding.ts';
import { severityRank } from '../model/terms.ts';
import { type Order, pageFrom, readCursor } from './page.ts';
import type { Tables } from './tables.ts';

type FindingsQuery = z.output<typeof findingsQuery>;

interface Row {
  readonly id: number;
  readonly image_id: number;
  readonly reference: string;
  readonly status: string;
  readonly severity: number;
  readonly body: object;
  readonly first_seen_at: Date;
  readonly last_seen_at: Date;
  readonly resolved_at: Date | null;
  readonly ignore_id: number | null;
  readonly reason: string | null;
  readonly expires_at: Date | null;
  readonly scope: string | null;
  readonly ignored_by: string | null;
  readonly ignored_at: Date | null;
}

function select(db: Kysely<Tables>) {
  return db
    .selectFrom('findings')
    .innerJoin('images', 'images.id', 'findings.image_id')
    .leftJoin('ignores', 'ignores.id', 'findings.ignore_id')
    .select([
      'findings.id',
      'findings.image_id',
      'images.reference',
      'findings.status',
      'findings.severity',
      'findings.body',
      'findings.first_seen_at',
      'findings.last_seen_at',
      'findings.resolved_at',
      'findings.ignore_id',
      'ignores.reason',
      'ignores.expires_at',
      'ignores.scope',
      'ignores.ignored_by',
      'ignores.ignored_at',
    ]);
}

const worstFirst: Order = { list: 'findings', by: ['smallint', 'bigint'] };

/** The worst first, then the newest. */
export async function listFindings(db: Kysely<Tables>, query: FindingsQuery): Promise<Page<FindingRow>> {
  const after = readCursor(query.cursor, worstFirst);
  const rows = await select(db)
    .$if(query.status !== undefined, (one) => one.where('findings.status', '=', query.status!))
    .$if(query.severity !== undefined, (one) =>
      one.where('findings.severity', '=', severityRank(query.severity!)),
    )
    .$if(query.category !== undefined, (one) => one.where('findings.category', '=', query.category!))
    .$if(query.rule !== undefined, (one) => one.where('findings.rule', '=', query.rule!))
    .$if(query.image !== undefined, (one) => one.where('findings.image_id', '=', query.image!))
    .$if(after !== undefined, (one) =>
      one.where(sql<SqlBool>`(findings.severity, findings.id) < (${after![0]}, ${after![1]})`),
    )
    .orderBy('findings.severity', 'desc')
    .orderBy('findings.id', 'desc')
    .limit(query.limit + 1)
    .execute();
  return pageFrom(rows, query.limit, worstFirst, findingRow, (row) => [row.severity, row.id]);
}

/** All of an image, the worst first; also those that are resolved. */
export async function findingsOf(db: Kysely<Tables>, image: number): Promise<readonly FindingRow[]> {
  const rows = await select(db)
    .where('findings.image_id', '=', image)
    .orderBy('findings.severity', 'desc')
    .orderBy('findings.id', 'desc')
    .execute();
  return rows.map(findingRow);
}

export async function findingById(db: Kysely<Tables>, id: number): Promise<FindingRow | undefined> {
  const row = await select(db).where('findings.id', '=', id).executeTakeFirst();
  return row && findingRow(row);
}

function findingRow(row: Row): FindingRow {
  const finding = row.body as Finding;
  const ignore =
    row.ignore_id === null || row.expires_at === null || row.ignored_at === null
      ? undefined
      : {
          id: row.ignore_id,
          reason: row.reason ?? '',
          expiresAt: row.expires_at.toISOString(),
          scope: row.scope as (typeof ignoreScopes)[number],
          by: row.ignored_by ?? '',
          at: row.ignored_at.toISOString(),
        };
  return {
    id: row.id,
    image: row.image_id,
    reference: row.reference,
    status: row.status as FindingStatus,
    finding: withIgnore(finding, ignore),
    firstSeenAt: row.first_seen_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
    ...(row.resolved_at !== null && { resolvedAt: row.resolved_at.toISOString() }),
    ...(ignore !== undefined && { ignore }),
  };
}

/** What an ignore file said at the scan stays; what people say here comes and goes. */
function withIgnore(finding: Finding, ignore: { reason: string; expiresAt: string } | undefined): Finding {
  if (ignore === undefined) return finding;
  return { ...finding, ignored: { reason: ignore.reason, expires: ignore.expiresAt.slice(0, 10) } };
}

/** Gives back the ids of the images that are touched. */
export type Touched = readonly number[];

export interface IgnoreRequest {
  readonly reason: string;
  readonly expiresAt: string;
  readonly scope: (typeof ignoreScopes)[number];
  readonly by: string;
}

/** Covers the finding wherever the scope reaches; those that are resolved stay so. */
export async function addIgnore(
  tx: Transaction<Tables>,
  finding: FindingRow,
  { reason, expiresAt, scope, by }: IgnoreRequest,
): Promise<Touched> {
  const { repository } = await tx
    .selectFrom('images')
    .select('repository')
    .where('id', '=', finding.image)
    .executeTakeFirstOrThrow();
  const { id } = await tx
    .insertInto('ignores')
    .values({
      finding: finding.finding.id,
      scope,
      repository: scope === 'repository' ? repository : null,
      image_id: scope === 'image' ? finding.image : null,
      reason,
      expires_at: expiresAt,
      ignored_by: by,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const rows = await tx
    .updateTable('findings')
    .set({ status: 'ignored', ignore_id: id })
    .where('finding', '=', finding.finding.id)
    .where('status', '<>', 'resolved')
    .$if(scope === 'image', (one) => one.where('image_id', '=', finding.image))
    .$if(scope === 'repository', (one) =>
      one.where('image_id', 'in', (of) =>
        of.selectFrom('images').select('id').where('repository', '=', repository),
      ),
    )
    .returning('image_id')
    .execute();
  return rows.map((one) => one.image_id);
}

/** @returns undefined where there is no such ignore, or it is withdrawn already */
export async function withdrawIgnore(tx: Transaction<Tables>, id: number): Promise<Touched | undefined> {
  const row = await tx
    .updateTable('ignores')
    .set({ withdrawn_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where('withdrawn_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return uncover(tx, [id]);
}

/** Ignores whose time is over: their findings are open again. */
export async function expireIgnores(tx: Transaction<Tables>): Promise<Touched> {
  const rows = await tx
    .updateTable('ignores')
    .set({ withdrawn_at: sql<Date>`now()` })
    .where('withdrawn_at', 'is', null)
    .where('expires_at', '<=', sql<Date>`now()`)
    .returning('id')
    .execute();
  return rows.length === 0
    ? []
    : uncover(
        tx,
        rows.map((one) => one.id),
      );
}

/** Another ignore that covers the same finding takes over. */
async function uncover(tx: Transaction<Tables>, ignores: readonly number[]): Promise<Touched> {
  const { rows } = await sql<{ image_id: number }>`
    with freed as (
      select findings.id, (
        select ignores.id from ignores join images on images.id = findings.image_id
        where ignores.finding = findings.finding and withdrawn_at is null and expires_at > now()
          and (scope = 'everywhere' or ignores.image_id = findings.image_id
            or (scope = 'repository' and ignores.repository = images.repository))
        order by expires_at desc limit 1) as other
      from findings where ignore_id = any(${ignores}::int[])
    )
    update findings set ignore_id = freed.other,
      status = case when status = 'ignored' and freed.other is null and not body ? 'ignored' then 'reopened'
        else status end
    from freed where findings.id = freed.id
    returning findings.image_id`.execute(tx);
  return rows.map((one) => one.image_id);
}
