/**
 * Events, and the batches in which they came, lie in a table for each month, so that old ones go at once and for
 * nothing. Tables are made ahead by upkeep, and by whoever delivers events of a month that has none yet.
 */
import { type Kysely, sql } from 'kysely';
import type { Tables } from './tables.ts';

/** Months that events are kept beside the one under way: a year to compare with, and one more. */
export const monthsKept = 13;

const day = 86_400_000;

/** Milliseconds by which the clock of a sensor, or its delivery, may be off: a spool of a quarter, a wrong time zone. */
const bounds = { late: 90 * day, early: day } as const;

/** Where an event is put by time: where its sensor says, unless that is out of all bounds. */
export function placeInTime(told: number, receivedAt: number): number {
  return told < receivedAt - bounds.late || told > receivedAt + bounds.early ? receivedAt : told;
}

/** `2026-11`, in UTC. */
export function monthOf(at: number): string {
  return new Date(at).toISOString().slice(0, 7);
}

function next(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return monthOf(Date.UTC(year, number));
}

const made = new WeakMap<Kysely<Tables>, Set<string>>();

/** Makes sure that there is a table for each of these months. */
export async function readyPartitions(db: Kysely<Tables>, months: ReadonlySet<string>): Promise<void> {
  const known = made.get(db) ?? new Set<string>();
  made.set(db, known);
  for (const month of months) {
    if (known.has(month)) continue;
    await makePartition(db, month);
    known.add(month);
  }
}

const partitioned = ['event_spans', 'event_batches'] as const;

async function makePartition(db: Kysely<Tables>, month: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    // `if not exists` does not save two that do it at once from each other.
    await sql`select pg_advisory_xact_lock(7283, 4)`.execute(tx);
    for (const table of partitioned) {
      await sql`
        create table if not exists ${sql.id(partitionOf(table, month))} partition of ${sql.id(table)}
        for values from (${sql.lit(`${month}-01T00:00:00Z`)}) to (${sql.lit(`${next(month)}-01T00:00:00Z`)})`.execute(
        tx,
      );
    }
  });
}

function partitionOf(table: (typeof partitioned)[number], month: string): string {
  return `${table}_${month.replace('-', '_')}`;
}

/** This month's table and the next one's. */
export function readyAhead(db: Kysely<Tables>, now: number): Promise<void> {
  const month = monthOf(now);
  return readyPartitions(db, new Set([month, next(month)]));
}

/**
 * Removes the tables of months that are kept no longer. A batch may have events of the month after it came, by clocks
 * that are ahead, so its table goes a month later.
 * @returns the end of the last month that went, undefined where none was left to go
 */
export async function dropOldPartitions(db: Kysely<Tables>, now: number): Promise<Date | undefined> {
  const at = new Date(now);
  const ago = (months: number): string => monthOf(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - months));
  const gone = await dropBefore(db, 'event_spans', ago(monthsKept));
  await dropBefore(db, 'event_batches', ago(monthsKept + 1));
  const last = gone.at(-1);
  return last === undefined ? undefined : new Date(`${next(last)}-01T00:00:00Z`);
}

async function dropBefore(
  db: Kysely<Tables>,
  table: (typeof partitioned)[number],
  oldest: string,
): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_inherits join pg_class on pg_class.oid = inhrelid
    where inhparent = ${table}::regclass order by relname`.execute(db);
  const months = rows.map((one) => one.name.slice(-7).replace('_', '-')).filter((one) => one < oldest);
  for (const month of months) await sql`drop table ${sql.id(partitionOf(table, month))}`.execute(db);
  return months;
}
