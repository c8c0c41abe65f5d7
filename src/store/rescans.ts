/** Scans of single images, asked for by people and by what is learned. */
import { hostname } from 'node:os';
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { ImageJob } from './hunt-images.ts';
import { imageQueueName } from './image-queue.ts';
import type { Queue } from './queue.ts';
import type { Tables } from './tables.ts';

/** Before those of hunts: somebody waits for it. New rules ask for many at once, which come after them. */
const priorities = { urgent: 10, behind: -1 } as const;

/** @returns the job's id; undefined where there is no such image, or only another machine can read it */
export async function queueRescan(
  db: Kysely<Tables>,
  queue: Queue,
  id: number,
  ruleset: string,
): Promise<string | undefined> {
  const image = await readable(db).where('id', '=', id).executeTakeFirst();
  if (image === undefined) return undefined;
  const name = await queue.ready(queueOf(image, ruleset));
  // Asked for twice, it is done once; `send` would take the key for a remark.
  const { jobs } = await queue.boss.upsert(name, jobOf(image), {
    priority: priorities.urgent,
    singletonKey: `image ${id}`,
  });
  return jobs[0];
}

/** Images of one statement: a value that everybody uses is in all of them. */
const batch = 1000;

/**
 * The queues of these rules have to be there: in a transaction none can be made on the embedded store.
 * @param retro the hunt for new rules that asks for them
 * @returns how many can be scanned again from here
 */
export async function queueRescans(
  tx: Transaction<Tables>,
  queue: Queue,
  ids: readonly number[],
  ruleset: string,
  retro?: number,
): Promise<number> {
  const priority = retro === undefined ? priorities.urgent : priorities.behind;
  let queued = 0;
  for (let from = 0; from < ids.length; from += batch) {
    const images = await readable(tx)
      .where('id', 'in', ids.slice(from, from + batch))
      .execute();
    for (const [name, some] of Map.groupBy(images, (one) => queueOf(one, ruleset))) {
      const jobs = some.map((one) => ({
        data: { ...jobOf(one), ...(retro !== undefined && { retro }) },
        priority,
      }));
      await queue.boss.insert(name, jobs, queue.within(tx));
    }
    queued += images.length;
  }
  return queued;
}

/** By any machine, or by this one. */
function readable(db: Kysely<Tables>) {
  return db
    .selectFrom('images')
    .selectAll()
    .where((of) => of.or([of('host', 'is', null), of('host', '=', hostname())]));
}

function queueOf({ host }: Selectable<Tables['images']>, ruleset: string): string {
  return imageQueueName(ruleset, host ?? undefined);
}

function jobOf(image: Selectable<Tables['images']>): ImageJob {
  const { reference, repository, target, platform, insecure } = image;
  return { reference, repository, target, platform, insecure };
}
