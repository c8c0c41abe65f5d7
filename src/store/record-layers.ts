/** The record of layers: the values in them and the hashes of their files, by which later knowledge finds them. */
import { sql, type Transaction } from 'kysely';
import type { LayerFacts } from '../model/layer-facts.ts';
import { indicatorTypes } from '../model/terms.ts';
import { storableJson } from './storable.ts';
import type { Tables } from './tables.ts';

/** Each once for a set of rules, whichever image brings it. */
export async function writeLayers(
  tx: Transaction<Tables>,
  layers: readonly { readonly layer: LayerFacts; readonly ruleset: string }[],
): Promise<void> {
  if (layers.length === 0) return;
  const rows = layers.map(({ layer: { diffId, files, bytes, forms }, ruleset }) => ({
    diffId,
    files,
    bytes,
    forms,
    ruleset,
  }));
  const { rows: fresh } = await sql<{ id: number; diff_id: string; is_new: boolean }>`
    insert into layers as known (diff_id, context, files, bytes, forms)
    select "diffId", ruleset, files, bytes, forms from jsonb_to_recordset(${storableJson(rows)}::jsonb)
      as one("diffId" text, ruleset text, files int, bytes bigint, forms smallint)
    order by "diffId"
    on conflict (diff_id) do update set context = excluded.context, files = excluded.files, bytes = excluded.bytes,
      forms = excluded.forms
      where known.context <> excluded.context
    returning id, diff_id, (xmax = 0) as is_new`.execute(tx);
  const again = fresh.filter((one) => !one.is_new).map((one) => one.id);
  if (again.length > 0) {
    await tx.deleteFrom('observables').where('layer_id', 'in', again).execute();
    await tx.deleteFrom('file_hashes').where('layer_id', 'in', again).execute();
  }
  const ids = new Map(fresh.map((one) => [one.diff_id, one.id]));
  const wanted = layers.flatMap(({ layer }) => {
    const id = ids.get(layer.diffId);
    return id === undefined ? [] : [{ id, layer }];
  });
  await writeObservables(tx, wanted);
  await writeHashes(tx, wanted);
}

type Wanted = readonly { readonly id: number; readonly layer: LayerFacts }[];

async function writeObservables(tx: Transaction<Tables>, wanted: Wanted): Promise<void> {
  const rows = wanted.flatMap(({ id, layer }) =>
    layer.observables.map((one) => ({ ...one, layer: id, type: indicatorTypes.indexOf(one.type) })),
  );
  if (rows.length === 0) return;
  await sql`
    insert into observables (layer_id, type, value, note, path, files)
    select layer, type, value, note, path, files from jsonb_to_recordset(${storableJson(rows)}::jsonb)
      as one(layer int, type smallint, value text, note text, path text, files int)`.execute(tx);
}

async function writeHashes(tx: Transaction<Tables>, wanted: Wanted): Promise<void> {
  const rows = wanted.map(({ id, layer }) => ({ id, hashes: numbersOf(layer.hashes) }));
  if (rows.length === 0) return;
  await sql`
    insert into file_hashes (hash, layer_id)
    select unnest(hashes), id from jsonb_to_recordset(${storableJson(rows)}::jsonb)
      as one(id int, hashes bigint[])`.execute(tx);
}

/** As texts: they are longer than a number of JSON can be. */
function numbersOf(hashes: Buffer): string[] {
  const numbers = new Set<string>();
  for (let at = 0; at + 8 <= hashes.length; at += 8) numbers.add(String(hashes.readBigInt64BE(at)));
  return [...numbers];
}
