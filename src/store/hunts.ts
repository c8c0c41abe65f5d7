/** Hunts: what is listed, what is unchanged, what is still to be done, and the table at the end. */
import { type Kysely, sql, type Transaction } from 'kysely';
import type { HuntResult, HuntState } from '../api/hunts.ts';
import type { BegunHunt, HuntRequest, HuntStore, Standing } from '../hunt/port.ts';
import type { ListedImage } from '../hunt/source/source.ts';
import { addActivity } from './activity.ts';
import { imageQueueName } from './image-queue.ts';
import { knownManifests } from './known-manifests.ts';
import { deadQueue, type Queue } from './queue.ts';
import { storableJson, storableName } from './storable.ts';
import type { Tables } from './tables.ts';

/** Of the options that a hunt is stored with; what decides about resuming is in columns. */
export interface StoredOptions {
  readonly platform: string;
  readonly insecure: boolean;
  readonly since?: string | undefined;
  readonly limit?: number | undefined;
  readonly isLocal: boolean;
}

/** @param host of this machine: images that lie on it are queued for it alone */
export function huntStore(db: Kysely<Tables>, queue: Queue, host: string): HuntStore {
  return {
    known: knownManifests(db),
    begin: (request) => db.transaction().execute((tx) => begin(tx, request)),
    add: async (hunt, images) => {
      if (images.length > 0) await add(db, queue, host, hunt, images);
    },
    async listed(hunt, problems) {
      await db
        .updateTable('hunts')
        .set({
          listed_at: sql<Date>`now()`,
          problems: problems.map((one) => `${one.where}: ${one.message}`),
        })
        .where('id', '=', hunt)
        .execute();
    },
    standing: (hunt) => standing(db, hunt),
    finish: (hunt) => finish(db, queue, hunt),
    before: (hunt) => before(db, hunt),
  };
}

/** Two that begin the same hunt at the same time share it. */
async function begin(tx: Transaction<Tables>, request: HuntRequest): Promise<BegunHunt> {
  const { source, ruleset, restart, startedBy } = request;
  await sql`select pg_advisory_xact_lock(hashtextextended(${`hunt ${source}`}, 0))`.execute(tx);
  const options: StoredOptions = {
    platform: request.platform,
    insecure: request.insecure,
    since: request.since,
    limit: request.limit,
    isLocal: request.isLocal,
  };
  const running = await tx
    .selectFrom('hunts')
    .select(['id', 'ruleset', 'options', 'listed_at'])
    .where('source', '=', source)
    .where('state', '=', 'running')
    .orderBy('id', 'desc')
    .executeTakeFirst();
  const isSame =
    running !== undefined &&
    running.ruleset === ruleset &&
    JSON.stringify(optionsOf(running.options)) === JSON.stringify(options);
  if (isSame && !restart) return { id: running.id, resumed: true, listed: running.listed_at !== null };
  if (running !== undefined) await cancelHunt(tx, running.id, startedBy);
  const { id } = await tx
    .insertInto('hunts')
    .values({ source, ruleset, options: storableJson(options), state: 'running', started_by: startedBy })
    .returning('id')
    .executeTakeFirstOrThrow();
  await addActivity(tx, {
    type: 'hunt.started',
    severity: 'info',
    text: `Hunt over ${source} started by ${startedBy}`,
    link: `/hunts/${id}`,
    key: `hunt.started/${id}`,
  });
  return { id, resumed: false, listed: false };
}

/** In one order of keys, so that options can be compared. */
export function optionsOf(stored: object): StoredOptions {
  const { platform, insecure, since, limit, isLocal } = stored as StoredOptions;
  return { platform, insecure, since, limit, isLocal };
}

/** The images in hand are finished, the others are not begun. @returns false where it has ended already */
export async function cancelHunt(tx: Transaction<Tables>, hunt: number, by: string): Promise<boolean> {
  const row = await tx
    .updateTable('hunts')
    .set({ state: 'cancelled', ended_at: sql<Date>`now()` })
    .where('id', '=', hunt)
    .where('state', '=', 'running')
    .returning('source')
    .executeTakeFirst();
  if (row === undefined) return false;
  await tx
    .updateTable('hunts')
    .set({ result: storableJson(await resultOf(tx, hunt)) })
    .where('id', '=', hunt)
    .execute();
  await addActivity(tx, {
    type: 'hunt.cancelled',
    severity: 'info',
    text: `Hunt over ${row.source} cancelled by ${by}`,
    link: `/hunts/${hunt}`,
    key: `hunt.cancelled/${hunt}`,
  });
  return true;
}

/** A source that cannot be listed at all. */
export async function failHunt(db: Kysely<Tables>, hunt: number, problem: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const row = await tx
      .updateTable('hunts')
      .set({ state: 'failed', ended_at: sql<Date>`now()`, problems: [problem] })
      .where('id', '=', hunt)
      .where('state', '=', 'running')
      .returning('source')
      .executeTakeFirst();
    if (row === undefined) return;
    await addActivity(tx, {
      type: 'hunt.failed',
      severity: 'medium',
      text: `Hunt over ${row.source} failed: ${problem}`,
      link: `/hunts/${hunt}`,
      key: `hunt.failed/${hunt}`,
    });
  });
}

/** Workers with the same rules list the source. */
export function listingQueueName(ruleset: string): string {
  return `listings.${ruleset.replace(/^sha256:/, '').slice(0, 16)}`;
}

/** The listing of a hunt, as a job; asked for twice, it is done once. */
export async function queueListing(queue: Queue, hunt: number, ruleset: string): Promise<void> {
  const name = await queue.ready(listingQueueName(ruleset));
  await queue.boss.send(name, { hunt }, { singletonKey: `hunt ${hunt}` });
}

/**
 * Adds a batch of names in one transaction with the jobs of its new images. An image whose digest was scanned with
 * the same rules is unchanged: it gets its names, and no job.
 */
async function add(
  db: Kysely<Tables>,
  queue: Queue,
  host: string,
  hunt: number,
  images: readonly ListedImage[],
): Promise<void> {
  const rows = byImage(images);
  await db.transaction().execute(async (tx) => {
    // One batch of a hunt after the other: ordinals have no gaps, and a hunt that was cancelled takes no more.
    const found = await tx
      .selectFrom('hunts')
      .select(['ruleset', 'options', 'state'])
      .where('id', '=', hunt)
      .forUpdate()
      .executeTakeFirst();
    if (found?.state !== 'running') return;
    const options = optionsOf(found.options);
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
          and images.ruleset = ${found.ruleset}
      on conflict (hunt_id, repository, digest) do update
        set names = (select array_agg(distinct name) from unnest(known.names || excluded.names) as name)
      returning ordinal, repository, digest, reference, target, state, image_id, names, (xmax = 0) as is_new`.execute(
      tx,
    );
    const waiting = added.filter((one) => one.is_new && one.state === 'waiting');
    if (waiting.length > 0) {
      const name = imageQueueName(found.ruleset, options.isLocal ? host : undefined);
      await queue.ready(name);
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

/** A name means one image at a time: the one that has it now. */
export async function nameImages(
  tx: Transaction<Tables>,
  names: readonly { readonly image: number; readonly name: string }[],
): Promise<void> {
  if (names.length === 0) return;
  const json = storableJson(names);
  await sql`
    insert into image_names (reference, image_id, seen_at, current)
    select name, image, now(), true from jsonb_to_recordset(${json}::jsonb) as one(image int, name text)
    on conflict (reference, image_id) do update set seen_at = now(), current = true`.execute(tx);
  await sql`
    update image_names as old set current = false
    from jsonb_to_recordset(${json}::jsonb) as one(image int, name text)
    where old.reference = one.name and old.image_id <> one.image and old.current`.execute(tx);
}

export async function standing(db: Kysely<Tables>, hunt: number): Promise<Standing> {
  const { rows } = await sql<{
    state: HuntState;
    listed: boolean;
    total: number;
    done: number;
    unchanged: number;
    failed: number;
  }>`
    select state, listed_at is not null as listed, total, done, unchanged, failed
    from hunts, lateral (
      select count(*) as total,
        count(*) filter (where state = 'done') as done,
        count(*) filter (where state = 'unchanged') as unchanged,
        count(*) filter (where state = 'failed') as failed
      from hunt_images where hunt_id = hunts.id
    ) as counted
    where id = ${hunt}`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error(`there is no hunt ${hunt}`);
  return row;
}

/** Whoever sees the last image done ends the hunt; a second one finds it ended. */
async function finish(db: Kysely<Tables>, queue: Queue, hunt: number): Promise<HuntResult | undefined> {
  return db.transaction().execute(async (tx) => {
    const found = await tx
      .selectFrom('hunts')
      .select(['state', 'result', 'listed_at', 'source'])
      .where('id', '=', hunt)
      .forUpdate()
      .executeTakeFirst();
    if (found === undefined || (found.state === 'running' && found.listed_at === null)) return undefined;
    if (found.result !== null) return found.result as HuntResult;
    await giveUpDead(tx, queue, hunt);
    const left = await tx
      .selectFrom('hunt_images')
      .select('ordinal')
      .where('hunt_id', '=', hunt)
      .where('state', '=', 'waiting')
      .limit(1)
      .executeTakeFirst();
    if (found.state === 'running' && left !== undefined) return undefined;
    const result = await resultOf(tx, hunt);
    if (found.state !== 'running') return result;
    await tx
      .updateTable('hunts')
      .set({ state: 'done', ended_at: sql<Date>`now()`, result: storableJson(result) })
      .where('id', '=', hunt)
      .execute();
    const { total, malicious, unchanged } = result.images;
    await addActivity(tx, {
      type: 'hunt.done',
      severity: 'info',
      text: `Hunt over ${found.source} done: ${total} images, ${malicious} malicious, ${unchanged} unchanged`,
      link: `/hunts/${hunt}`,
      key: `hunt.done/${hunt}`,
    });
    return result;
  });
}

async function before(db: Kysely<Tables>, hunt: number): Promise<HuntResult | undefined> {
  const row = await db
    .selectFrom('hunts')
    .select('result')
    .where('source', '=', (of) => of.selectFrom('hunts').select('source').where('id', '=', hunt))
    .where('id', '<', hunt)
    .where('state', '=', 'done')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return (row?.result ?? undefined) as HuntResult | undefined;
}

/** Images whose workers died on them again and again: their jobs lie among the dead, and nobody else tells it. */
async function giveUpDead(tx: Transaction<Tables>, queue: Queue, hunt: number): Promise<void> {
  const jobs = await queue.boss.findJobs<ImageJob>(deadQueue, { data: { hunt }, ...queue.within(tx) });
  const dead = jobs.flatMap((one) => one.data.ordinal ?? []);
  if (dead.length === 0) return;
  await tx
    .updateTable('hunt_images')
    .set({
      state: 'failed',
      ended_at: sql<Date>`now()`,
      problem: 'Whoever scanned it ended before it was done, again and again.',
    })
    .where('hunt_id', '=', hunt)
    .where('state', '=', 'waiting')
    .where('ordinal', 'in', dead)
    .execute();
}

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
  return row.result;
}
