/** Hunts as they are listed and followed. */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { z } from 'zod';
import type { Hunt, HuntImage, HuntResult, HuntState, huntImagesQuery } from '../api/hunts.ts';
import type { Page, pageQuery } from '../api/page.ts';
import type { Category, Verdict } from '../model/terms.ts';
import { standing } from './hunt-end.ts';
import { arranged, resultOf } from './hunt-result.ts';
import { type Order, pageFrom, readCursor } from './page.ts';
import type { Tables } from './tables.ts';

const newestFirst: Order = { list: 'hunts', by: ['int'] };
const inOrder: Order = { list: 'hunt images', by: ['int'] };

/** The newest first. */
export async function listHunts(db: Kysely<Tables>, query: z.output<typeof pageQuery>): Promise<Page<Hunt>> {
  const after = readCursor(query.cursor, newestFirst);
  const rows = await db
    .selectFrom('hunts')
    .selectAll()
    .$if(after !== undefined, (one) => one.where('id', '<', Number(after![0])))
    .orderBy('id', 'desc')
    .limit(query.limit + 1)
    .execute();
  const hunts = new Map<number, Hunt>();
  for (const row of rows.slice(0, query.limit)) hunts.set(row.id, await huntOf(db, row));
  return pageFrom(
    rows,
    query.limit,
    newestFirst,
    (row) => hunts.get(row.id)!,
    (row) => [row.id],
  );
}

export async function recentHunts(db: Kysely<Tables>, count: number): Promise<Hunt[]> {
  const { items } = await listHunts(db, { limit: count });
  return [...items];
}

export async function runningHunts(db: Kysely<Tables>): Promise<Hunt[]> {
  const rows = await db
    .selectFrom('hunts')
    .selectAll()
    .where('state', '=', 'running')
    .orderBy('id')
    .execute();
  const hunts: Hunt[] = [];
  for (const row of rows) hunts.push(await huntOf(db, row));
  return hunts;
}

export async function huntById(db: Kysely<Tables>, id: number): Promise<Hunt | undefined> {
  const row = await db.selectFrom('hunts').selectAll().where('id', '=', id).executeTakeFirst();
  return row && huntOf(db, row);
}

/** The rate is that of the last minute, by when images ended. */
async function huntOf(db: Kysely<Tables>, row: Selectable<Tables['hunts']>): Promise<Hunt> {
  const { total, done, unchanged, failed, listed } = await standing(db, row.id);
  const left = total - done - unchanged - failed;
  const rate = row.state === 'running' ? await rateOf(db, row.id) : undefined;
  return {
    id: row.id,
    source: row.source,
    state: row.state as HuntState,
    ruleset: row.ruleset,
    startedAt: row.started_at.toISOString(),
    ...(row.ended_at !== null && { endedAt: row.ended_at.toISOString() }),
    startedBy: row.started_by,
    progress: {
      total,
      done,
      unchanged,
      failed,
      listed,
      ...(rate !== undefined && { rate }),
      ...(rate !== undefined && listed && { remaining: left / rate }),
    },
    result: row.result === null ? await resultOf(db, row.id) : arranged(row.result as HuntResult),
    problems: row.problems,
  };
}

async function rateOf(db: Kysely<Tables>, hunt: number): Promise<number | undefined> {
  const { rows } = await sql<{ images: number; seconds: number }>`
    select count(*) as images, extract(epoch from now() - min(ended_at))::float as seconds
    from hunt_images where hunt_id = ${hunt} and state in ('done', 'failed')
      and ended_at > now() - interval '1 minute'`.execute(db);
  const { images = 0, seconds = 0 } = rows[0] ?? {};
  return images > 1 && seconds > 0 ? images / seconds : undefined;
}

export async function listHuntImages(
  db: Kysely<Tables>,
  hunt: number,
  query: z.output<typeof huntImagesQuery>,
): Promise<Page<HuntImage>> {
  const after = readCursor(query.cursor, inOrder);
  const rows = await db
    .selectFrom('hunt_images')
    .leftJoin('images', 'images.id', 'hunt_images.image_id')
    .select([
      'hunt_images.ordinal',
      'hunt_images.reference',
      'hunt_images.digest',
      'hunt_images.state',
      'hunt_images.problem',
      'hunt_images.image_id',
      'images.verdict',
      'images.score',
      'images.categories',
    ])
    .where('hunt_images.hunt_id', '=', hunt)
    .$if(query.state !== undefined, (one) => one.where('hunt_images.state', '=', query.state!))
    .$if(after !== undefined, (one) => one.where('hunt_images.ordinal', '>', Number(after![0])))
    .orderBy('hunt_images.ordinal')
    .limit(query.limit + 1)
    .execute();
  return pageFrom(
    rows,
    query.limit,
    inOrder,
    (row) => ({
      reference: row.reference,
      digest: row.digest,
      state: row.state as HuntImage['state'],
      ...(row.image_id !== null && { image: row.image_id }),
      ...(row.verdict !== null && { verdict: row.verdict as Verdict }),
      ...(row.score !== null && { score: row.score }),
      categories: (row.categories ?? []) as Category[],
      ...(row.problem !== null && { problem: row.problem }),
    }),
    (row) => [row.ordinal],
  );
}
