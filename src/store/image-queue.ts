/** The queue that hands out images, and the record of what came of each. */
import { type Kysely, sql, type Transaction } from 'kysely';
import type { JobWithMetadata } from 'pg-boss';
import type { Claim, ImageQueue, Outcome } from '../hunt/port.ts';
import { addActivity } from './activity.ts';
import { type ImageJob, nameImages } from './hunt-images.ts';
import { mostTries, type Queue } from './queue.ts';
import { recordImage } from './record-image.ts';
import { storableJson, storableName } from './storable.ts';
import type { Tables } from './tables.ts';

/** Workers with other rules leave these images alone; images on one machine's disk are queued for that machine. */
export function imageQueueName(ruleset: string, host: string | undefined): string {
  const rules = ruleset.replace(/^sha256:/, '').slice(0, 16);
  return host === undefined ? `images.${rules}` : `images.${rules}.${host.replace(/[^\w.-]/g, '-')}`;
}

/** @param ruleset of the worker */
export async function imageQueue(
  db: Kysely<Tables>,
  queue: Queue,
  ruleset: string,
  host: string,
): Promise<ImageQueue> {
  const names = [imageQueueName(ruleset, undefined), imageQueueName(ruleset, host)];
  for (const name of names) await queue.ready(name);
  const recorded = new Set<string>();
  const byQueue = (claims: readonly Claim[]) => Map.groupBy(claims, (one) => one.job.queue);

  return {
    async claim(count) {
      const claims: Claim[] = [];
      for (const name of names) {
        const left = count - claims.length;
        if (left <= 0) break;
        const jobs = await queue.boss.fetch<ImageJob>(name, { batchSize: left, includeMetadata: true });
        claims.push(...jobs.map((job) => claimOf(name, job)));
      }
      return withoutEnded(db, queue, claims);
    },
    async keep(claims) {
      for (const [name, some] of byQueue(claims)) await queue.boss.touch(name, some.map(attemptOf));
    },
    async release(claims) {
      for (const [name, some] of byQueue(claims)) await handBack(db, name, some);
    },
    hasLayer: (diffId) => recorded.has(diffId),
    async record(claim, outcome) {
      const again = outcome.kind === 'failed' && outcome.again && !claim.isLastTry;
      if (again) {
        await queue.boss.fail(claim.job.queue, attemptOf(claim), { message: outcome.message });
        return;
      }
      const place = claim.job.queue === names[0] ? null : host;
      await db.transaction().execute((tx) => record(tx, queue, claim, outcome, place));
      if (outcome.kind === 'scanned') for (const one of outcome.layers) recorded.add(one.diffId);
    },
  };
}

function attemptOf({ job }: Claim): { readonly id: string; readonly retryCount: number } {
  return { id: job.id, retryCount: job.retryCount };
}

function claimOf(queue: string, { id, retryCount, data }: JobWithMetadata<ImageJob>): Claim {
  const { hunt, ordinal, ...image } = data;
  return {
    ...image,
    ...(hunt !== undefined && ordinal !== undefined && { place: { hunt, ordinal } }),
    job: { queue, id, retryCount },
    isLastTry: retryCount + 1 >= mostTries,
  };
}

/** Images of hunts that were cancelled meanwhile are not scanned. */
async function withoutEnded(
  db: Kysely<Tables>,
  queue: Queue,
  claims: readonly Claim[],
): Promise<readonly Claim[]> {
  const hunts = [...new Set(claims.flatMap((one) => one.place?.hunt ?? []))];
  if (hunts.length === 0) return claims;
  const rows = await db
    .selectFrom('hunts')
    .select('id')
    .where('id', 'in', hunts)
    .where('state', '=', 'running')
    .execute();
  const running = new Set(rows.map((one) => one.id));
  const { live = [], ended = [] } = Object.groupBy(claims, (one) =>
    one.place === undefined || running.has(one.place.hunt) ? 'live' : 'ended',
  );
  for (const { job } of ended) await queue.boss.complete(job.queue, job.id);
  return live;
}

/** Everything or nothing. An image that somebody else has finished meanwhile keeps that result. */
async function record(
  tx: Transaction<Tables>,
  queue: Queue,
  claim: Claim,
  outcome: Outcome,
  host: string | null,
): Promise<void> {
  const { place, job, repository, reference, target, insecure } = claim;
  const waiting = place === undefined ? [storableName(reference)] : await waitingNames(tx, place);
  await queue.boss.complete(job.queue, job.id, null, queue.within(tx));
  if (waiting === undefined) return;
  if (outcome.kind === 'failed') {
    if (place !== undefined) await end(tx, place, { state: 'failed', problem: outcome.message });
    return;
  }
  const { report, layers } = outcome;
  const { image, told } = await recordImage(tx, {
    report,
    layers,
    repository,
    reference,
    target,
    insecure,
    host,
  });
  await nameImages(
    tx,
    waiting.map((name) => ({ image, name })),
  );
  if (place !== undefined) await end(tx, place, { state: 'done', image_id: image });
  for (const one of told) await addActivity(tx, one);
}

type Place = NonNullable<Claim['place']>;

/** The names of an image that is still to be done; undefined for one that is not. */
async function waitingNames(
  tx: Transaction<Tables>,
  { hunt, ordinal }: Place,
): Promise<string[] | undefined> {
  const row = await tx
    .selectFrom('hunt_images')
    .select(['state', 'names'])
    .where('hunt_id', '=', hunt)
    .where('ordinal', '=', ordinal)
    .forUpdate()
    .executeTakeFirst();
  return row?.state === 'waiting' ? row.names : undefined;
}

async function end(
  tx: Transaction<Tables>,
  { hunt, ordinal }: Place,
  how: { readonly state: string; readonly image_id?: number; readonly problem?: string },
): Promise<void> {
  await tx
    .updateTable('hunt_images')
    .set({ ...how, ended_at: sql<Date>`now()` })
    .where('hunt_id', '=', hunt)
    .where('ordinal', '=', ordinal)
    .execute();
}

/**
 * As if they had never been taken: no try is lost. pg-boss hands back whatever an id names, also what somebody else
 * has taken meanwhile; so this is its `restore` for those that are still held as they were claimed.
 */
async function handBack(db: Kysely<Tables>, name: string, claims: readonly Claim[]): Promise<void> {
  const attempts = claims.map(({ job }) => ({ id: job.id, tried: job.retryCount }));
  await sql`
    update pgboss.job set state = 'created', started_on = null, heartbeat_on = null
    from jsonb_to_recordset(${storableJson(attempts)}::jsonb) as held(id uuid, tried int)
    where job.name = ${name} and job.id = held.id and job.retry_count = held.tried and job.state = 'active'`.execute(
    db,
  );
}
