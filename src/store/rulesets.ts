/**
 * Sets of rules in the order in which they came, and what a set has to see again: the images whose last scan had an
 * older one, if what the two differ in could match there.
 */
import { type Kysely, sql, type Transaction } from 'kysely';
import { differenceOf, everything, type Reach, type RulePart } from '../detect/rules/part.ts';
import { storableJson } from './storable.ts';
import type { Tables } from './tables.ts';

/** @returns false where the set was known */
export async function addRuleset(
  db: Kysely<Tables>,
  digest: string,
  parts: readonly RulePart[],
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('rulesets')
    .values({ digest, parts: storableJson(parts) })
    .onConflict((of) => of.column('digest').doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** @returns true once for each set: to whoever has to search with it what was seen before */
export async function claimRuleHunt(tx: Transaction<Tables>, digest: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('rulesets')
    .set({ hunted: true })
    .where('digest', '=', digest)
    .where('hunted', '=', false)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Images whose last scan had other rules, the worst first, with what these rules leave to be seen in them. */
export interface Outdated {
  /** To be scanned again. */
  readonly images: readonly number[];
  /** In which nothing can be found that was not found, and nothing is lost. */
  readonly current: number;
}

/** Those that are not to be scanned again count as scanned with these rules from now on. */
export async function outdatedBy(tx: Transaction<Tables>, ruleset: string): Promise<Outdated> {
  const others = await tx
    .selectFrom('images')
    .select('ruleset')
    .distinct()
    .where('ruleset', '<>', ruleset)
    .execute();
  const images: { readonly id: number; readonly score: number }[] = [];
  let current = 0;
  const parts = await partsOf(tx, [ruleset, ...others.map((one) => one.ruleset)]);
  const own = parts.get(ruleset);
  for (const { ruleset: before } of others) {
    const known = parts.get(before);
    const reach = own === undefined || known === undefined ? everything : differenceOf(known, own);
    images.push(...(await reached(tx, before, reach)));
    if (reach.wide) continue;
    const { numUpdatedRows } = await tx
      .updateTable('images')
      .set({ ruleset })
      .where('ruleset', '=', before)
      .where((of) => of.not(couldMatch(reach)))
      .executeTakeFirst();
    current += Number(numUpdatedRows);
  }
  images.sort((one, other) => other.score - one.score);
  return { images: images.map((one) => one.id), current };
}

/** Of those sets that are known. */
async function partsOf(
  db: Kysely<Tables>,
  digests: readonly string[],
): Promise<ReadonlyMap<string, readonly RulePart[]>> {
  const rows = await db
    .selectFrom('rulesets')
    .select(['digest', 'parts'])
    .where('digest', 'in', digests)
    .execute();
  return new Map(rows.map(({ digest, parts }) => [digest, parts as RulePart[]]));
}

function reached(tx: Transaction<Tables>, ruleset: string, reach: Reach) {
  return tx
    .selectFrom('images')
    .select(['id', 'score'])
    .where('ruleset', '=', ruleset)
    .$if(!reach.wide, (one) => one.where(couldMatch(reach)))
    .execute();
}

/** A layer of which nothing is recorded may hold anything. */
function couldMatch({ forms }: Reach) {
  return sql<boolean>`exists (
    select from image_layers left join layers on layers.diff_id = image_layers.diff_id
    where image_layers.image_id = images.id and (layers.id is null or layers.forms & ${forms}::smallint <> 0))`;
}
