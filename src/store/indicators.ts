/** Indicators: what is known from attacks, where it was seen before, and the scans that follow. */
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { IndicatorRow } from '../api/intel.ts';
import type { Page } from '../api/page.ts';
import type { KnownIndicator, KnownIndicators } from '../model/known-indicator.ts';
import { type Category, type IndicatorType, indicatorTypes } from '../model/terms.ts';
import { addActivity } from './activity.ts';
import { type Order, pageFrom, readCursor } from './page.ts';
import type { Queue } from './queue.ts';
import { queueRescans } from './rescans.ts';
import type { Tables } from './tables.ts';

export interface NewIndicator {
  readonly type: IndicatorType;
  /** In its normal form. */
  readonly value: string;
  readonly category: Category;
  readonly source: string;
  readonly note: string;
  readonly by: string;
}

/** @returns undefined where it is known already */
export async function addIndicator(
  tx: Transaction<Tables>,
  { by, ...indicator }: NewIndicator,
): Promise<number | undefined> {
  const { rows } = await sql<{ id: number }>`
    insert into indicators (type, value, category, source, note, added_by)
    values (${indicator.type}, ${indicator.value}, ${indicator.category}, ${indicator.source}, ${indicator.note}, ${by})
    on conflict (type, md5(value)) where withdrawn_at is null do nothing
    returning id`.execute(tx);
  return rows[0]?.id;
}

/** Images that hold a value, in a layer or in themselves. */
export async function imagesWith(
  db: Kysely<Tables>,
  type: IndicatorType,
  value: string,
): Promise<readonly number[]> {
  const hash = type === 'sha256' ? String(Buffer.from(value, 'hex').readBigInt64BE(0)) : null;
  const { rows } = await sql<{ id: number }>`
    with held as (
      select layer_id, image_id from observables
      where hashtextextended(value, 0) = hashtextextended(${value}, 0) and value = ${value}
        and type = ${indicatorTypes.indexOf(type)}
      union all
      select layer_id, null from file_hashes where hash = ${hash}::bigint
    )
    select image_layers.image_id as id from held join layers on layers.id = held.layer_id
      join image_layers on image_layers.diff_id = layers.diff_id
    union
    select image_id from held where image_id is not null`.execute(db);
  return rows.map((one) => one.id);
}

export interface Retro {
  readonly id: number;
  readonly images: readonly number[];
}

/**
 * Finds an indicator's past by looking it up, and has the images judged again that hold it: what a scan read of their
 * layers is kept, so that costs no more than their configuration.
 */
export async function retroHuntIndicator(
  tx: Transaction<Tables>,
  queue: Queue,
  indicator: number,
  ruleset: string,
): Promise<Retro | undefined> {
  const row = await tx
    .selectFrom('indicators')
    .selectAll()
    .where('id', '=', indicator)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const images = await imagesWith(tx, row.type as IndicatorType, row.value);
  const { id } = await tx
    .insertInto('retro_hunts')
    .values({
      kind: 'indicator',
      subject: `${row.type} ${row.value}`.slice(0, 500),
      indicator_id: indicator,
      state: 'done',
      started_at: sql<Date>`now()`,
      ended_at: sql<Date>`clock_timestamp()`,
      hits: images.length,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await tx.updateTable('indicators').set({ images: images.length }).where('id', '=', indicator).execute();
  await queueRescans(tx, queue, images, ruleset);
  if (images.length > 0) {
    await addActivity(tx, {
      type: 'indicator.found',
      severity: 'high',
      text: `${row.type} ${row.value.slice(0, 100)} was seen before, in ${images.length} image${images.length === 1 ? '' : 's'}`,
      link: `/images?q=${encodeURIComponent(row.value)}`,
      key: `indicator.found/${id}`,
    });
  }
  return { id, images };
}

/** It counts no more; images that hold it are judged again. @returns undefined where there is none */
export async function withdrawIndicator(
  tx: Transaction<Tables>,
  queue: Queue,
  id: number,
  ruleset: string,
): Promise<IndicatorRow | undefined> {
  const row = await tx
    .updateTable('indicators')
    .set({ withdrawn_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where('withdrawn_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  await queueRescans(tx, queue, await imagesWith(tx, row.type as IndicatorType, row.value), ruleset);
  return indicatorRow(row);
}

const newestFirst: Order = { list: 'indicators', by: ['int'] };

/** The newest first. */
export async function listIndicators(
  db: Kysely<Tables>,
  query: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Page<IndicatorRow>> {
  const after = readCursor(query.cursor, newestFirst);
  const rows = await db
    .selectFrom('indicators')
    .selectAll()
    .$if(after !== undefined, (one) => one.where('id', '<', Number(after![0])))
    .orderBy('id', 'desc')
    .limit(query.limit + 1)
    .execute();
  return pageFrom(rows, query.limit, newestFirst, indicatorRow, (row) => [row.id]);
}

export async function indicatorById(db: Kysely<Tables>, id: number): Promise<IndicatorRow | undefined> {
  const row = await db.selectFrom('indicators').selectAll().where('id', '=', id).executeTakeFirst();
  return row && indicatorRow(row);
}

export function indicatorRow(row: Selectable<Tables['indicators']>): IndicatorRow {
  return {
    id: row.id,
    type: row.type as IndicatorType,
    value: row.value,
    category: row.category as Category,
    source: row.source,
    note: row.note,
    addedAt: row.added_at.toISOString(),
    addedBy: row.added_by,
    ...(row.withdrawn_at !== null && { withdrawnAt: row.withdrawn_at.toISOString() }),
    images: row.images,
  };
}

export interface IndicatorSource {
  /** As of the last refresh. */
  known(): KnownIndicators;
  /** Reads them again where any came or went. */
  refresh(): Promise<void>;
}

/** What is known, in memory: a scan asks for thousands of values. */
export function indicatorSource(db: Kysely<Tables>): IndicatorSource {
  let state = '';
  let byValue = new Map<string, KnownIndicator>();
  let hashes = new Map<string, KnownIndicator>();
  const known: KnownIndicators = {
    match: (type, value) => byValue.get(`${type} ${value}`),
    get hashes() {
      return hashes;
    },
  };
  return {
    known: () => known,
    async refresh() {
      const { rows } = await sql<{ state: string }>`
        select concat(max(id), ' ', count(withdrawn_at)) as state from indicators`.execute(db);
      const now = rows[0]?.state ?? '';
      if (now === state) return;
      const all = await db
        .selectFrom('indicators')
        .select(['type', 'value', 'category', 'source'])
        .where('withdrawn_at', 'is', null)
        .execute();
      const indicators = all as KnownIndicator[];
      byValue = new Map(indicators.map((one) => [`${one.type} ${one.value}`, one]));
      hashes = new Map(indicators.filter((one) => one.type === 'sha256').map((one) => [one.value, one]));
      state = now;
    },
  };
}
