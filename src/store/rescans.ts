/** Scans of single images, asked for by people. */
import type { Kysely } from 'kysely';
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
  const name = await queue.ready(imageQueueName(ruleset, undefined));
  const job = {
    reference: image.reference,
    repository: image.repository,
    target: `${image.reference.replace(/@.*$/, '')}@${image.digest}`,
    platform: image.platform,
    insecure: /^(?:localhost|127\.|\[::1\])/.test(image.repository),
  };
  // Asked for twice, it is done once.
  return (await queue.boss.send(name, job, { priority, singletonKey: `image ${id}` })) ?? 'queued already';
}
