/** The queue that hands out images, and the record of what came of each. */
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Claim, ImageQueue, Outcome } from '../hunt/port.ts';
import { addActivity } from './activity.ts';
import { type ImageJob, nameImages } from './hunts.ts';
import { mostTries, type Queue } from './queue.ts';
import { recordImage } from './record-image.ts';
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
        for (const { id, retryCount, data } of jobs) {
          claims.push({
            ...data,
            job: { queue: name, id, retryCount },
            isLastTry: retryCount + 1 >= mostTries,
          });
        }
      }
      return claims;
    },
    async keep(claims) {
      for (const [name, some] of byQueue(claims)) await queue.boss.touch(name, some.map(attemptOf));
    },
    async release(claims) {
      for (const [name, some] of byQueue(claims)) await handBack(db, queue, name, some);
    },
    hasLayer: (diffId) => recorded.has(diffId),
    async record(claim, outcome) {
      const again = outcome.kind === 'failed' && outcome.again && !claim.isLastTry;
      if (again) {
        await queue.boss.fail(claim.job.queue, attemptOf(claim), { message: outcome.message });
        return;
      }
      await db.transaction().execute((tx) => record(tx, queue, claim, outcome));
      if (outcome.kind === 'scanned') for (const one of outcome.layers) recorded.add(one.diffId);
    },
  };
}

function attemptOf({ job }: Claim): { readonly id: string; readonly retryCount: number } {
  return { id: job.id, retryCount: job.retryCount };
}

/** Everything or nothing. An image that somebody else has finished meanwhile keeps that result. */
async function record(tx: Transaction<Tables>, queue: Queue, claim: Claim, outcome: Outcome): Promise<void> {
  const { hunt, ordinal } = claim;
  const row = await tx
    .selectFrom('hunt_images')
    .select(['state', 'names'])
    .where('hunt_id', '=', hunt)
    .where('ordinal', '=', ordinal)
    .forUpdate()
    .executeTakeFirst();
  await queue.boss.complete(claim.job.queue, claim.job.id, null, queue.within(tx));
  if (row?.state !== 'waiting') return;
  const ended = { ended_at: sql<Date>`now()` };
  const place = tx.updateTable('hunt_images').where('hunt_id', '=', hunt).where('ordinal', '=', ordinal);
  if (outcome.kind === 'failed') {
    await place.set({ ...ended, state: 'failed', problem: outcome.message }).execute();
    return;
  }
  const { report, layers } = outcome;
  const { repository, reference } = claim;
  const { image, told } = await recordImage(tx, { report, layers, repository, reference });
  await nameImages(
    tx,
    row.names.map((name) => ({ image, name })),
  );
  await place.set({ ...ended, state: 'done', image_id: image }).execute();
  for (const one of told) await addActivity(tx, one);
}

/** As if they had never been taken: no try is lost. */
async function handBack(
  db: Kysely<Tables>,
  queue: Queue,
  name: string,
  claims: readonly Claim[],
): Promise<void> {
  const ids = claims.map((one) => one.job.id);
  await db.transaction().execute(async (tx) => {
    await queue.boss.cancel(name, ids, queue.within(tx));
    await queue.boss.resume(name, ids, queue.within(tx));
  });
}
