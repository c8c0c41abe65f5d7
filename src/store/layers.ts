/** A layer and the images that have it. */
import { type Kysely, sql } from 'kysely';
import type { z } from 'zod';
import type { layerDetail } from '../api/images.ts';
import { imageRow } from './images.ts';
import type { Tables } from './tables.ts';

/** More would not be read. */
const mostImages = 100;

export async function readLayer(
  db: Kysely<Tables>,
  diffId: string,
): Promise<z.output<typeof layerDetail> | undefined> {
  const layer = await db.selectFrom('layers').selectAll().where('diff_id', '=', diffId).executeTakeFirst();
  if (layer === undefined) return undefined;
  const images = await db
    .selectFrom('images')
    .selectAll()
    .where('id', 'in', (of) => of.selectFrom('image_layers').select('image_id').where('diff_id', '=', diffId))
    .orderBy(sql`score`, 'desc')
    .limit(mostImages)
    .execute();
  return {
    diffId,
    files: layer.files,
    bytes: layer.bytes,
    firstSeenAt: layer.first_seen_at.toISOString(),
    images: images.map(imageRow),
  };
}
