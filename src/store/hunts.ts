/** Hunts: begun, gone on with, listed. What comes of them is in `hunt-end.ts` and `hunt-result.ts`. */
import { type Kysely, sql, type Transaction } from 'kysely';
import type { BegunHunt, HuntRequest, HuntStore } from '../hunt/port.ts';
import { addActivity } from './activity.ts';
import { cancelHunt, finish, standing } from './hunt-end.ts';
import { addImages, type OpenHunt, openHunt } from './hunt-images.ts';
import { optionsOf, type StoredOptions } from './hunt-options.ts';
import { resultBefore } from './hunt-result.ts';
import { knownManifests } from './known-manifests.ts';
import type { Queue } from './queue.ts';
import { storableJson } from './storable.ts';
import type { Tables } from './tables.ts';

/** @param host of this machine: images that lie on it are queued for it alone */
export function huntStore(db: Kysely<Tables>, queue: Queue, host: string): HuntStore {
  /** The one whose images are being added. */
  let open: OpenHunt | undefined;
  return {
    known: knownManifests(db),
    begin: (request) => db.transaction().execute((tx) => begin(tx, request)),
    add: async (hunt, images) => {
      if (images.length === 0) return;
      if (open?.hunt !== hunt) open = await openHunt(db, queue, host, hunt);
      if (open !== undefined) await addImages(db, queue, open, images);
    },
    async listed(hunt, problems, whole) {
      await db
        .updateTable('hunts')
        .set({
          listed_at: sql<Date>`now()`,
          whole_below: whole ?? null,
          problems: problems.map((one) => `${one.where}: ${one.message}`),
        })
        .where('id', '=', hunt)
        .execute();
    },
    standing: (hunt) => standing(db, hunt),
    finish: (hunt) => finish(db, queue, hunt),
    before: (hunt) => resultBefore(db, hunt),
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

/** Workers with the same rules list the source. */
export function listingQueueName(ruleset: string): string {
  return `listings.${ruleset.replace(/^sha256:/, '').slice(0, 16)}`;
}

/** The listing of a hunt, as a job; asked for twice, it is done once. */
export async function queueListing(queue: Queue, hunt: number, ruleset: string): Promise<void> {
  const name = await queue.ready(listingQueueName(ruleset));
  await queue.boss.upsert(name, { hunt }, { singletonKey: `hunt ${hunt}` });
}
