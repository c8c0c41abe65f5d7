/** Where a value was seen, over all images ever: a look-up in an index, whatever the number of images. */
import { type Kysely, sql } from 'kysely';
import type { z } from 'zod';
import type { observableQuery, Sighting } from '../api/images.ts';
import type { Page } from '../api/page.ts';
import { indicatorTypes, type Verdict } from '../model/terms.ts';
import { type Order, pageFrom, readCursor } from './page.ts';
import type { Tables } from './tables.ts';

interface Row {
  readonly image: number;
  readonly layer: number;
  readonly type: number;
  readonly path: string;
  readonly reference: string;
  readonly verdict: string;
}

const byImage: Order = { list: 'sightings', by: ['int', 'smallint'] };

/** Each image once for each of its layers that holds the value. */
export async function findSightings(
  db: Kysely<Tables>,
  query: z.output<typeof observableQuery>,
): Promise<Page<Sighting>> {
  const after = readCursor(query.cursor, byImage) ?? [0, -2];
  const type = query.type === undefined ? null : indicatorTypes.indexOf(query.type);
  const { value } = query;
  const hash = /^[0-9a-f]{64}$/.test(value) ? String(Buffer.from(value, 'hex').readBigInt64BE(0)) : null;
  const { rows } = await sql<Row>`
    with held as (
      select layer_id, image_id, type, path from observables
      where hashtextextended(value, 0) = hashtextextended(${value}, 0) and value = ${value}
        and (${type}::int is null or type = ${type})
      union all
      select layer_id, null, ${indicatorTypes.indexOf('sha256')}::smallint, '' from file_hashes
      where hash = ${hash}::bigint and (${type}::int is null or ${type} = ${indicatorTypes.indexOf('sha256')})
    ), seen as (
      select image_layers.image_id, image_layers.index::int as layer, held.type, held.path
      from held join layers on layers.id = held.layer_id join image_layers on image_layers.diff_id = layers.diff_id
      union all
      select image_id, -1, type, path from held where image_id is not null
    )
    select distinct on (images.id, seen.layer) images.id as image, seen.layer, seen.type, seen.path,
      images.reference, images.verdict
    from seen join images on images.id = seen.image_id
    where (images.id, seen.layer) > (${after[0]}, ${after[1]})
    order by images.id, seen.layer
    limit ${query.limit + 1}`.execute(db);
  return pageFrom(
    rows,
    query.limit,
    byImage,
    (row) => ({
      type: indicatorTypes[row.type] ?? 'domain',
      value,
      image: row.image,
      reference: row.reference,
      verdict: row.verdict as Verdict,
      ...(row.layer >= 0 && { layer: row.layer }),
      ...(row.path !== '' && { path: row.path }),
    }),
    (row) => [row.image, row.layer],
  );
}
