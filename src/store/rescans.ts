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
  // Asked for twice, it is done once.
  const options = { priority, singletonKey: `image ${id}`, ...(db.isTransaction && { db: fromKysely(db) }) };
  return (await queue.boss.send(name, job, options)) ?? 'queued already';
}
