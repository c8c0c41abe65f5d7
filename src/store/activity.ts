/** What happened: a line of the live feed each, in an order that readers can follow by its numbers. */
import { sql, type Transaction } from 'kysely';
import { type Severity, severityRank } from '../model/terms.ts';
import { storableJson } from './storable.ts';
import type { Tables } from './tables.ts';

export interface NewActivity {
  readonly type: string;
  readonly severity: Severity;
  /** One printable sentence. */
  readonly text: string;
  /** Page of the console. */
  readonly link?: string;
  /** The same happening never has another key; told twice, it is there once. */
  readonly key: string;
  /** What a notification needs beside the text. */
  readonly facts?: object;
}

/**
 * Last in its transaction: from here to the commit nobody else adds any, so numbers become visible in their order and
 * a reader that goes on from the last one it saw misses nothing.
 */
export async function addActivities(tx: Transaction<Tables>, all: readonly NewActivity[]): Promise<void> {
  if (all.length === 0) return;
  await sql`select pg_advisory_xact_lock(7283, 1)`.execute(tx);
  await tx
    .insertInto('activity')
    .values(
      all.map((one) => ({
        type: one.type,
        severity: severityRank(one.severity),
        text: one.text,
        link: one.link ?? null,
        key: one.key,
        facts: one.facts === undefined ? null : storableJson(one.facts),
      })),
    )
    .onConflict((on) => on.column('key').doNothing())
    .execute();
}

export function addActivity(tx: Transaction<Tables>, one: NewActivity): Promise<void> {
  return addActivities(tx, [one]);
}
