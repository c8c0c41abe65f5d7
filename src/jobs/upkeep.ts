/** What time changes by itself: hunts whose last image is done, also those for new rules; ignores whose date has come. */
import type { Kysely } from 'kysely';
import type { HuntStore } from '../hunt/port.ts';
import { expireIgnores } from '../store/findings.ts';
import { endRuleHunts } from '../store/retro-hunts.ts';
import type { Tables } from '../store/tables.ts';
import { decideImages } from '../store/verdicts.ts';

export async function upkeep(db: Kysely<Tables>, hunts: HuntStore): Promise<void> {
  const running = await db
    .selectFrom('hunts')
    .select('id')
    .where('state', '=', 'running')
    .where('listed_at', 'is not', null)
    .execute();
  for (const { id } of running) await hunts.finish(id);
  await endRuleHunts(db);
  await db.transaction().execute(async (tx) => {
    const images = await expireIgnores(tx);
    await decideImages(tx, images);
  });
}
