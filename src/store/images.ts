/** Images as they are listed, searched and shown. */
import { type Kysely, type Selectable, type SqlBool, sql } from 'kysely';
import type { z } from 'zod';
import type { ImageDetail, ImageRow, imageSorts, imagesQuery } from '../api/images.ts';
import type { Page } from '../api/page.ts';
import type { ImageReport } from '../model/report.ts';
import type { Category, Verdict } from '../model/terms.ts';
import { decideAgain } from '../verdict/decide.ts';
import { findingsOf } from './findings.ts';
import { type Order, pageFrom, readCursor } from './page.ts';
import { storable } from './storable.ts';
import type { Tables } from './tables.ts';

type ImagesQuery = z.output<typeof imagesQuery>;
type Image = Selectable<Tables['images']>;

/** What each order sorts by; ties are broken by the id. Descending but for names. */
const orders = {
  score: { column: 'score', kind: 'smallint', ascending: false },
  scanned: { column: 'scanned_at', kind: 'time', ascending: false },
  reference: { column: 'reference', kind: 'text', ascending: true },
  size: { column: 'size', kind: 'bigint', ascending: false },
} as const satisfies Record<(typeof imageSorts)[number], object>;

/** Counting further would take longer than the page is worth. */
const mostCounted = 1_000_000;

export async function listImages(
  db: Kysely<Tables>,
  query: ImagesQuery,
): Promise<Page<ImageRow> & { readonly total?: number }> {
  const { column, kind, ascending } = orders[query.sort];
  const order: Order = { list: `images by ${query.sort}`, by: [kind, 'int'] };
  const after = readCursor(query.cursor, order);
  const matching = db
    .selectFrom('images')
    .$if(query.verdict !== undefined, (one) => one.where('verdict', '=', query.verdict!))
    .$if(query.category !== undefined, (one) =>
      one.where(sql<SqlBool>`categories @> array[${query.category}]::text[]`),
    )
    .$if(query.hunt !== undefined, (one) =>
      one.where('id', 'in', (of) =>
        of.selectFrom('hunt_images').select('image_id').where('hunt_id', '=', query.hunt!),
      ),
    )
    .$if(query.q !== undefined && query.q !== '', (one) => one.where(matches(query.q!)));
  const rows = await matching
    .selectAll()
    .$if(after !== undefined, (one) => {
      const [value, id] = after!;
      const before = sql.ref(column);
      return one.where(
        ascending
          ? sql<SqlBool>`(${before}, id) > (${value}, ${id})`
          : sql<SqlBool>`(${before}, id) < (${value}, ${id})`,
      );
    })
    .orderBy(column, ascending ? 'asc' : 'desc')
    .orderBy('id', ascending ? 'asc' : 'desc')
    .limit(query.limit + 1)
    .execute();
  const page = pageFrom(rows, query.limit, order, imageRow, (row) => [keyOf(row[column]), row.id]);
  if (after !== undefined) return page;
  const { total } = await db
    .selectFrom(matching.select('id').limit(mostCounted).as('some'))
    .select((of) => of.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return { ...page, total };
}

/** Times with all their digits: a Date has milliseconds only, and a page would begin twice. */
function keyOf(value: string | number | Date): string | number {
  return value instanceof Date ? value.toISOString() : value;
}

/** A part of the name, the beginning of a digest, a layer, or the whole value of an indicator. */
function matches(asked: string) {
  // Before it becomes a pattern, where a backslash means something.
  const text = storable(asked);
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  const hex = /^(?:sha256:)?([0-9a-f]{6,64})$/.exec(text)?.[1];
  const digest = `sha256:${hex}`;
  const hash = hex?.length === 64 ? String(Buffer.from(hex, 'hex').readBigInt64BE(0)) : null;
  const key = sql`hashtextextended(value, 0) = hashtextextended(${text}, 0) and value = ${text}`;
  // Each way has an index of its own; together in one condition none would be used.
  return sql<SqlBool>`images.id in (
    select id from images where reference ilike ${pattern}
    union all
    select id from images where ${hex === undefined ? sql`false` : sql`digest like ${`${digest}%`}`}
    union all
    select image_id from image_layers where diff_id = ${digest}
    union all
    select image_id from image_layers where digest = ${digest}
    union all
    select image_id from observables where ${key} and image_id is not null
    union all
    select image_layers.image_id from image_layers
      join layers on layers.diff_id = image_layers.diff_id
    where layers.id in (
      select layer_id from observables where ${key}
      union all
      select layer_id from file_hashes where hash = ${hash}::bigint))`;
}

export function imageRow(row: Image): ImageRow {
  return {
    id: row.id,
    reference: row.reference,
    repository: row.repository,
    digest: row.digest,
    platform: row.platform,
    verdict: row.verdict as Verdict,
    score: row.score,
    categories: row.categories as Category[],
    findings: row.open_findings,
    layers: row.layer_count,
    size: row.size,
    firstSeenAt: row.first_seen_at.toISOString(),
    scannedAt: row.scanned_at.toISOString(),
    ...(row.gone_at !== null && { goneAt: row.gone_at.toISOString() }),
  };
}

/** @returns undefined where there is no such image */
export async function imageDetail(db: Kysely<Tables>, id: number): Promise<ImageDetail | undefined> {
  const row = await db.selectFrom('images').selectAll().where('id', '=', id).executeTakeFirst();
  const stored = await db.selectFrom('reports').select('body').where('image_id', '=', id).executeTakeFirst();
  if (row === undefined || stored === undefined) return undefined;
  const findings = await findingsOf(db, id);
  const names = await db
    .selectFrom('image_names')
    .select(['reference', 'seen_at', 'current'])
    .where('image_id', '=', id)
    .orderBy('seen_at', 'desc')
    .limit(100)
    .execute();
  const shared = await sql<{ index: number; diffId: string; images: number }>`
    select index, diff_id as "diffId",
      (select count(*) from (select 1 from image_layers as other
        where other.diff_id = own.diff_id and other.image_id <> ${id} limit 10000) as few)::int as images
    from image_layers as own where image_id = ${id} order by index`.execute(db);
  const report = decideAgain(
    stored.body as ImageReport,
    findings.filter((one) => one.status !== 'resolved').map((one) => one.finding),
  );
  return {
    image: imageRow(row),
    report,
    references: names.map((one) => ({
      reference: one.reference,
      seenAt: one.seen_at.toISOString(),
      current: one.current,
    })),
    findings: [...findings],
    sharedBy: shared.rows,
  };
}
