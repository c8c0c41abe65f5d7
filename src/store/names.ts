/**
 * Names of images. A name means one image of a platform at a time; an image that no name leads to any more is gone: it
 * stays, with its verdict, but nothing of it is open. When a name leads to it again, so are its findings.
 */
import { sql, type Transaction } from 'kysely';
import { storableJson } from './storable.ts';
import type { Tables } from './tables.ts';
import { decideImages } from './verdicts.ts';

/** The images have these names now, and others had them before. */
export async function nameImages(
  tx: Transaction<Tables>,
  names: readonly { readonly image: number; readonly name: string }[],
): Promise<void> {
  if (names.length === 0) return;
  const { rows } = await sql<{ readonly back: number[]; readonly lost: number[] }>`
    with one as (
      select name, images.id, platform, gone_at
      from jsonb_to_recordset(${storableJson(names)}::jsonb) as told(image int, name text)
        join images on images.id = told.image
    ), named as (
      insert into image_names (reference, image_id, seen_at, current) select name, id, now(), true from one
      on conflict (reference, image_id) do update set seen_at = now(), current = true
    ), lost as (
      update image_names as old set current = false
      from one, image_names as known, images as before
      where known.reference = one.name and known.current and known.image_id <> one.id
        and before.id = known.image_id and before.platform = one.platform
        and old.reference = known.reference and old.image_id = known.image_id
      returning old.image_id as id
    )
    select coalesce((select array_agg(distinct id) from one where gone_at is not null), '{}') as back,
      coalesce((select array_agg(distinct id) from lost), '{}') as lost`.execute(tx);
  const { back = [], lost = [] } = rows[0] ?? {};
  await settleBack(tx, back);
  await settleGone(tx, lost);
}

/** After a hunt that told of all names below a repository: those that it did not see are gone. */
export async function forgetNames(
  tx: Transaction<Tables>,
  hunt: number,
  below: string,
  platform: string,
): Promise<void> {
  // Of an image that could not be scanned the name is there all the same.
  await sql`
    update image_names set seen_at = now() from hunt_images
    where hunt_id = ${hunt} and state = 'failed' and image_names.reference = any(names) and current`.execute(
    tx,
  );
  const { rows: lost } = await sql<{ image: number }>`
    update image_names set current = false
    from images, hunts
    where hunts.id = ${hunt} and images.id = image_id and current and seen_at < hunts.started_at
      and images.platform = ${platform}
      and (images.repository = ${below} or starts_with(images.repository, ${`${below}/`}))
    returning image_id as image`.execute(tx);
  await settleGone(
    tx,
    lost.map((one) => one.image),
  );
}

/** @param images that have lost a name */
async function settleGone(tx: Transaction<Tables>, images: readonly number[]): Promise<void> {
  if (images.length === 0) return;
  const gone = await tx
    .updateTable('images')
    .set({ gone_at: sql<Date>`now()`, open_findings: 0 })
    .where('id', '=', sql<number>`any(${images})`)
    .where('gone_at', 'is', null)
    .where((of) =>
      of.not(
        of.exists(
          of
            .selectFrom('image_names')
            .select('image_id')
            .whereRef('image_id', '=', 'images.id')
            .where('current', '=', true),
        ),
      ),
    )
    .returning('id')
    .execute();
  await closeFindings(
    tx,
    gone.map((one) => one.id),
  );
}

/** What is open in images that are gone is resolved; what is found in them later as well. */
export async function closeFindings(tx: Transaction<Tables>, images: readonly number[]): Promise<void> {
  if (images.length === 0) return;
  await sql`
    update findings set status = 'resolved', resolved_at = gone_at
    from images where images.id = any(${images}) and image_id = images.id and gone_at is not null
      and status in ('open', 'reopened')`.execute(tx);
}

/** @param images that are gone and have a name now */
async function settleBack(tx: Transaction<Tables>, images: readonly number[]): Promise<void> {
  if (images.length === 0) return;
  const { rows: back } = await sql<{ id: number }>`
    with back as (
      select id, gone_at from images where id = any(${images}) and gone_at is not null for update
    ), reopened as (
      update findings set status = 'reopened', resolved_at = null, last_seen_at = now()
      from back where image_id = back.id and status = 'resolved' and resolved_at = back.gone_at
    )
    update images set gone_at = null from back where images.id = back.id returning images.id`.execute(tx);
  await decideImages(
    tx,
    back.map((one) => one.id),
  );
}
