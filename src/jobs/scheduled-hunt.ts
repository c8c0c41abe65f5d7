/** A hunt whose time has come. */
import type { Kysely } from 'kysely';
import type { HuntStore } from '../hunt/port.ts';
import type { StoredOptions } from '../store/hunt-options.ts';
import { queueListing } from '../store/hunts.ts';
import type { Queue } from '../store/queue.ts';
import type { Tables } from '../store/tables.ts';

/** One that still runs since the last time goes on; there is no second one beside it. */
export async function startScheduledHunt(
  db: Kysely<Tables>,
  queue: Queue,
  hunts: HuntStore,
  ruleset: string,
  schedule: number,
): Promise<void> {
  const row = await db.selectFrom('schedules').selectAll().where('id', '=', schedule).executeTakeFirst();
  if (row === undefined) return;
  const options = row.options as StoredOptions;
  const { id } = await hunts.begin({
    ...options,
    source: row.source,
    ruleset,
    isLocal: false,
    startedBy: `schedule ${schedule}`,
    restart: false,
  });
  await queueListing(queue, id, ruleset);
}
