/** The queue that hands out images, and the record of what came of each. */
import { type Kysely, sql, type Transaction } from 'kysely';
import type { JobWithMetadata } from 'pg-boss';
import type { Claim, ImageQueue, Result } from '../hunt/port.ts';
import { addActivities } from './activity.ts';
import type { ImageJob } from './hunt-images.ts';
import { nameImages } from './names.ts';
import { mostTries, type Queue } from './queue.ts';
import { recordImages, type ScannedImage } from './record-images.ts';
import { addHits } from './retro-hunts.ts';
import { storableJson } from './storable.ts';
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
        // The right ones, in whatever order the database has them at hand.
        jobs.sort((one, other) => other.priority - one.priority || +one.createdOn - +other.createdOn);
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
    async record(results) {
      const { again = [], final = [] } = Object.groupBy(results, ({ claim, outcome }) =>
        outcome.kind === 'failed' && outcome.again && !claim.isLastTry ? 'again' : 'final',
      );
      for (const { claim, outcome } of again) {
        const message = outcome.kind === 'failed' ? outcome.message : '';
        await queue.boss.fail(claim.job.queue, attemptOf(claim), { message });
      }
      if (final.length === 0) return;
      const hostOf = ({ job }: Claim): string | null => (job.queue === names[0] ? null : host);
      await db.transaction().execute((tx) => record(tx, queue, final, hostOf));
      for (const { outcome } of final) {
        if (outcome.kind === 'scanned') for (const one of outcome.layers) recorded.add(one.diffId);
      }
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

/**
 * Everything or nothing, in one transaction with the end of the jobs. An image that somebody else has finished meanwhile
 * keeps that result.
 * @param hostOf the machine on whose disk an image lies
 */
async function record(
  tx: Transaction<Tables>,
  queue: Queue,
  results: readonly Result[],
  hostOf: (claim: Claim) => string | null,
): Promise<void> {
  const waiting = await waitingNames(tx, results);
  for (const [name, some] of Map.groupBy(results, ({ claim }) => claim.job.queue)) {
    await queue.boss.complete(
      name,
      some.map(({ claim }) => claim.job.id),
      null,
      queue.within(tx),
    );
  }
  const ended: Ended[] = [];
  const scanned: {
    readonly claim: Claim;
    readonly names: readonly string[];
    readonly image: ScannedImage;
  }[] = [];
  for (const { claim, outcome } of results) {
    const { place, repository, reference, target, insecure } = claim;
    // Scanned again by its digest, it has whatever names it has: its tag may be another image's by now.
    const names = place === undefined ? [] : waiting.get(keyOf(place));
    if (names === undefined) continue;
    if (outcome.kind === 'scanned') {
      const { report, layers } = outcome;
      const image = { report, layers, repository, reference, target, insecure, host: hostOf(claim) };
      scanned.push({ claim, names, image });
    } else if (place !== undefined) ended.push({ ...place, state: 'failed', problem: outcome.message });
  }
  const { images, told } = await recordImages(
    tx,
    scanned.map((one) => one.image),
  );
  const named = scanned.flatMap(({ names }, at) => names.map((name) => ({ image: images[at]!, name })));
  await nameImages(tx, named);
  for (const [at, { claim }] of scanned.entries()) {
    if (claim.place !== undefined) ended.push({ ...claim.place, state: 'done', image: images[at]! });
  }
  await end(tx, ended);
  const retro = scanned.flatMap(({ claim }, at) =>
    claim.retro === undefined ? [] : { retro: claim.retro, image: images[at]! },
  );
  await addHits(tx, retro);
  await addActivities(tx, told);
}

type Place = NonNullable<Claim['place']>;

function keyOf({ hunt, ordinal }: Place): string {
  return `${hunt} ${ordinal}`;
}

/** The names of those images of hunts that are still to be done. */
async function waitingNames(
  tx: Transaction<Tables>,
  results: readonly Result[],
): Promise<ReadonlyMap<string, string[]>> {
  const places = results.flatMap(({ claim }) => claim.place ?? []);
  if (places.length === 0) return new Map();
  const { rows } = await sql<Place & { readonly names: string[] }>`
    select hunt_id as hunt, hunt_images.ordinal, names
    from hunt_images join jsonb_to_recordset(${storableJson(places)}::jsonb) as one(hunt int, ordinal int)
      on hunt_id = one.hunt and hunt_images.ordinal = one.ordinal
    where state = 'waiting' order by hunt_id, hunt_images.ordinal for update of hunt_images`.execute(tx);
  return new Map(rows.map((row) => [keyOf(row), row.names]));
}

interface Ended extends Place {
  readonly state: 'done' | 'failed';
  readonly image?: number;
  readonly problem?: string;
}

async function end(tx: Transaction<Tables>, ended: readonly Ended[]): Promise<void> {
  if (ended.length === 0) return;
  await sql`
    update hunt_images set state = one.state, image_id = one.image, problem = one.problem, ended_at = now()
    from jsonb_to_recordset(${storableJson(ended)}::jsonb)
      as one(hunt int, ordinal int, state text, image int, problem text)
    where hunt_id = one.hunt and hunt_images.ordinal = one.ordinal`.execute(tx);
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
