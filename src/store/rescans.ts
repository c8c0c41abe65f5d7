/** Scans of single images, asked for by people. */

import type { Kysely } from 'kysely';
import { fromKysely } from 'pg-boss';
import type { ImageJob } from './hunt-images.ts';
import { imageQueueName } from './image-queue.ts';
import type { Queue } from './queue.ts';
import type { Tables } from './tables.ts';

/** Before those of hunts: somebody waits for it. */
const priority = 10;

/** @returns the job's id; undefined where there is no such image */
export async function queueRescan(
  db: Kysely<Tables>,
  queue: Queue,
  id: number,
  ruleset: string,
): Promise<string | undefined> {
  const image = await db.selectFrom('images').selectAll().where('id', '=', id).executeTakeFirst();
  if (image === undefined) return undefined;
  const { reference, repository, target, platform, insecure } = image;
  const name = await queue.ready(imageQueueName(ruleset, image.host ?? undefined));
  const job: ImageJob = { reference, repository, target, platform, insecure };
  const singletonKey = `image ${id}`;
  // One of the many of a retro-hunt: to look for each in the queue would take longer than to scan it twice.
  if (db.isTransaction) {
    return (await queue.boss.send(name, job, { priority, singletonKey, db: fromKysely(db) })) ?? undefined;
  }
  // Asked for twice, it is done once; `send` would take the key for a remark.
  const { jobs } = await queue.boss.upsert(name, job, { priority, singletonKey });
  return jobs[0];
}
