/** The images of a hunt as they are listed: each once, with all its names, queued where it has to be scanned. */
import { type Kysely, sql } from 'kysely';
import type { ListedImage } from '../hunt/source/source.ts';
import { optionsOf, type StoredOptions } from './hunt-options.ts';
import { imageQueueName } from './image-queue.ts';
import { nameImages } from './names.ts';
import type { Queue } from './queue.ts';
import { storableJson, storableName } from './storable.ts';
import type { Tables } from './tables.ts';

/** What of a hunt never changes. */
export interface OpenHunt {
  readonly hunt: number;
  readonly ruleset: string;
  readonly options: StoredOptions;
  /** Of the queue for its images, which is there. */
  readonly name: string;
}

/** @param host of this machine. @returns undefined where there is no such hunt */
export async function openHunt(
  db: Kysely<Tables>,
  queue: Queue,
  host: string,
  hunt: number,
): Promise<OpenHunt | undefined> {
  const found = await db
    .selectFrom('hunts')
    .select(['ruleset', 'options'])
    .where('id', '=', hunt)
    .executeTakeFirst();
  if (found === undefined) return undefined;
  const { ruleset } = found;
  const options = optionsOf(found.options);
  const name = imageQueueName(ruleset, options.isLocal ? host : undefined);
  await queue.ready(name);
  return { hunt, ruleset, options, name };
}

/**
 * Adds a batch of names in one transaction with the jobs of its new images. An image whose digest was scanned with
 * the same rules is unchanged: it gets its names, and no job.
 */
export async function addImages(
  db: Kysely<Tables>,
  queue: Queue,
  { hunt, ruleset, options, name }: OpenHunt,
  images: readonly ListedImage[],
): Promise<void> {
  const rows = byImage(images);
  // Few statements, as each holds the embedded store's session until this busy process has heard of it.
  await db.transaction().execute(async (tx) => {
    // One batch of a hunt after the other, and a hunt that was cancelled takes no more.
    const now = await tx
      .selectFrom('hunts')
      .select('state')
      .where('id', '=', hunt)
      .forUpdate()
      .executeTakeFirst();
    if (now?.state !== 'running') return;
    const { rows: added } = await sql<AddedImage>`
      with listed as (
        select * from jsonb_to_recordset(${storableJson(rows)}::jsonb)
          as one(position int, repository text, digest text, reference text, names text[], target text)
      ), first as (
        select coalesce(max(ordinal), 0) as ordinal from hunt_images where hunt_id = ${hunt}
      )
      insert into hunt_images as known
        (hunt_id, ordinal, repository, digest, reference, names, target, state, image_id, ended_at)
      select ${hunt}, first.ordinal + listed.position, listed.repository, listed.digest, listed.reference,
        listed.names, listed.target,
        case when images.id is null then 'waiting' else 'unchanged' end,
        images.id, case when images.id is null then null else now() end
      from listed cross join first
        left join images on images.repository = listed.repository and images.digest = listed.digest
          and images.ruleset = ${ruleset}
      on conflict (hunt_id, repository, digest) do update
        set names = (select array_agg(distinct name) from unnest(known.names || excluded.names) as name)
      returning ordinal, repository, digest, reference, target, state, image_id, names, (xmax = 0) as is_new`.execute(
      tx,
    );
    const waiting = added.filter((one) => one.is_new && one.state === 'waiting');
    if (waiting.length > 0) {
      const jobs = waiting.map((one) => ({ data: jobOf(hunt, one, options) }));
      await queue.boss.insert(name, jobs, queue.within(tx));
    }
    await nameImages(
      tx,
      added.flatMap((one) =>
        one.image_id === null ? [] : one.names.map((name) => ({ image: one.image_id!, name })),
      ),
    );
  });
}

interface AddedImage {
  readonly ordinal: number;
  readonly repository: string;
  readonly digest: string;
  readonly reference: string;
  readonly target: string;
  readonly state: string;
  readonly image_id: number | null;
  readonly names: readonly string[];
  readonly is_new: boolean;
}

/** What a job of the image queue carries: all that a worker needs. */
export interface ImageJob {
  /** Absent for an image that is asked for by itself. */
  readonly hunt?: number;
  readonly ordinal?: number;
  /** The retro-hunt that asked for it. */
  readonly retro?: number;
  readonly reference: string;
  readonly repository: string;
  readonly target: string;
  readonly platform: string;
  readonly insecure: boolean;
}

function jobOf(hunt: number, image: AddedImage, { platform, insecure }: StoredOptions): ImageJob {
  const { ordinal, reference, repository, target } = image;
  return { hunt, ordinal, reference, repository, target, platform, insecure };
}

/** A statement takes a row once, so names of one image are put together. */
function byImage(images: readonly ListedImage[]) {
  const rows = new Map<
    string,
    {
      position: number;
      repository: string;
      digest: string;
      reference: string;
      names: string[];
      target: string;
    }
  >();
  for (const { digest, target, ...named } of images) {
    const repository = storableName(named.repository);
    const reference = storableName(named.reference);
    const key = `${repository}@${digest}`;
    const row = rows.get(key);
    if (row === undefined)
      rows.set(key, { position: rows.size + 1, repository, digest, reference, names: [reference], target });
    else if (!row.names.includes(reference)) row.names.push(reference);
  }
  return [...rows.values()];
}
