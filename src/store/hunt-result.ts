/** The category table of a hunt. */
import { type Kysely, sql } from 'kysely';
import type { HuntResult } from '../api/hunts.ts';
import { categories } from '../model/terms.ts';
import type { Tables } from './tables.ts';

/** The table as of now: unchanged images have the verdict that they have now, failed ones count as incomplete. */
export async function resultOf(db: Kysely<Tables>, hunt: number): Promise<HuntResult> {
  const { rows } = await sql<{ result: HuntResult }>`
    with seen as (
      select hunt_images.state, images.id, images.verdict, images.categories
      from hunt_images left join images on images.id = hunt_images.image_id
      where hunt_images.hunt_id = ${hunt}
    ), counted as (
      select category, count(*) as images from seen, unnest(categories) as category group by category
    ), stored as (
      select digest, size from image_layers where image_id in (select id from seen)
    )
    select jsonb_build_object(
      'schemaVersion', 1,
      'hunt', hunts.id::text,
      'source', hunts.source,
      'images', (select jsonb_build_object(
        'total', count(*),
        'malicious', count(*) filter (where verdict = 'malicious'),
        'suspicious', count(*) filter (where verdict = 'suspicious'),
        'risky', count(*) filter (where verdict = 'risky'),
        'clean', count(*) filter (where verdict = 'clean'),
        'incomplete', count(*) filter (where verdict = 'incomplete' or (id is null and state <> 'waiting')),
        'unchanged', count(*) filter (where state = 'unchanged')) from seen where id is not null or state <> 'waiting'),
      'categories', (select coalesce(jsonb_object_agg(category, images), '{}') from counted),
      'categoryTotal', (select coalesce(sum(images), 0) from counted),
      'bytes', jsonb_build_object(
        'unique', (select coalesce(sum(size), 0) from (select digest, max(size) as size from stored group by digest) as one),
        'referenced', (select coalesce(sum(size), 0) from stored)),
      'durationMs', round(extract(epoch from (coalesce(ended_at, now()) - started_at)) * 1000)
    ) as result
    from hunts where id = ${hunt}`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error(`there is no hunt ${hunt}`);
  return arranged(row.result);
}

/** JSON in the database has its keys in an order of its own. */
export function arranged(result: HuntResult): HuntResult {
  const { schemaVersion, hunt, source, images, categoryTotal, bytes, durationMs } = result;
  const { total, malicious, suspicious, risky, clean, incomplete, unchanged } = images;
  const known = categories.filter((one) => result.categories[one] !== undefined);
  return {
    schemaVersion,
    hunt,
    source,
    images: { total, malicious, suspicious, risky, clean, incomplete, unchanged },
    categories: Object.fromEntries(known.map((one) => [one, result.categories[one]])),
    categoryTotal,
    bytes: { unique: bytes.unique, referenced: bytes.referenced },
    durationMs,
  };
}

/** The result of the last hunt over the same source that ended before. */
export async function resultBefore(db: Kysely<Tables>, hunt: number): Promise<HuntResult | undefined> {
  const row = await db
    .selectFrom('hunts')
    .select('result')
    .where('source', '=', (of) => of.selectFrom('hunts').select('source').where('id', '=', hunt))
    .where('id', '<', hunt)
    .where('state', '=', 'done')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.result == null ? undefined : arranged(row.result as HuntResult);
}
