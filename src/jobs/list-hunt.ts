/** The listing of a hunt that was started by the API or by the clock. */
import type { Kysely } from 'kysely';
import { listInto } from '../hunt/list.ts';
import type { HuntStore } from '../hunt/port.ts';
import { parseSource } from '../hunt/source/source.ts';
import { WaterguardError } from '../model/error.ts';
import { failHunt } from '../store/hunt-end.ts';
import { optionsOf } from '../store/hunt-options.ts';
import type { Tables } from '../store/tables.ts';

/** @throws WaterguardError for what may pass: the job is tried again; the rest ends the hunt with its reason */
export async function listHunt(
  db: Kysely<Tables>,
  hunts: HuntStore,
  id: number,
  signal: AbortSignal,
): Promise<void> {
  const row = await db.selectFrom('hunts').selectAll().where('id', '=', id).executeTakeFirst();
  if (row?.state !== 'running' || row.listed_at !== null) return;
  const { platform, insecure, since, limit } = optionsOf(row.options);
  try {
    await listInto(hunts, id, parseSource(row.source), {
      platform,
      insecure,
      env: process.env,
      signal,
      ...(since !== undefined && { since: new Date(since) }),
      ...(limit !== undefined && { limit }),
    });
  } catch (error) {
    const isOurs = signal.aborted || !(error instanceof WaterguardError);
    if (isOurs || error.code === 'unavailable' || error.code === 'rate-limited') throw error;
    await failHunt(db, id, error.message);
  }
}
