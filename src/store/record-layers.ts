/** The record of layers: the values in them and the hashes of their files, by which later knowledge finds them. */
import { sql, type Transaction } from 'kysely';
import type { LayerFacts } from '../model/layer-facts.ts';
import { indicatorTypes } from '../model/terms.ts';
import { storableJson } from './storable.ts';
import type { Tables } from './tables.ts';

/** Each once, whichever image brings it, and again where it was read in another way. */
export async function writeLayers(tx: Transaction<Tables>, layers: readonly LayerFacts[]): Promise<void> {
  const unknown = await withoutKnown(tx, layers);
  if (unknown.length === 0) return;
  const rows = unknown.map(({ diffId, context, files, bytes, forms }) => ({
    diffId,
    context,
    files,
    bytes,
    forms,
  }));
  const { rows: fresh } = await sql<{ id: number; diff_id: string; is_new: boolean }>`
    insert into layers as known (diff_id, context, files, bytes, forms)
    select "diffId", context, files, bytes, forms from jsonb_to_recordset(${storableJson(rows)}::jsonb)
      as one("diffId" text, context text, files int, bytes bigint, forms smallint)
    order by "diffId"
    on conflict (diff_id) do update set context = excluded.context, files = excluded.files, bytes = excluded.bytes,
      forms = excluded.forms
      where known.context <> excluded.context
    returning id, diff_id, (xmax = 0) as is_new`.execute(tx);
  const again = fresh.filter((one) => !one.is_new).map((one) => one.id);
  if (again.length > 0) {
    await tx.deleteFrom('observables').where('layer_id', 'in', again).execute();
    await tx.deleteFrom('file_hashes').where('layer_id', 'in', again).execute();
    await tx.deleteFrom('layer_reports').where('layer_id', 'in', again).execute();
  }
  const ids = new Map(fresh.map((one) => [one.diff_id, one.id]));
  const wanted = unknown.flatMap((layer) => {
    const id = ids.get(layer.diffId);
    return id === undefined ? [] : [{ id, layer }];
  });
  await writeObservables(tx, wanted);
  await writeHashes(tx, wanted);
  await writeReports(tx, wanted);
}

/** What a layer of many thousand files tells is not put together for nothing. */
async function withoutKnown(
  tx: Transaction<Tables>,
  layers: readonly LayerFacts[],
): Promise<readonly LayerFacts[]> {
  if (layers.length === 0) return [];
  const known = await tx
    .selectFrom('layers')
    .select(['diff_id', 'context'])
    .where(
      'diff_id',
      'in',
      layers.map((one) => one.diffId),
    )
    .execute();
  const contexts = new Map(known.map((one) => [one.diff_id, one.context]));
  return layers.filter((one) => contexts.get(one.diffId) !== one.context);
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

/** Bytes; of a layer with a hundred thousand files. A larger one is read again where it is needed. */
const largestReport = 8 * 1024 * 1024;

/** Bytes of one statement, but for the last report in it. */
const reportBatch = 4 * 1024 * 1024;

async function writeReports(tx: Transaction<Tables>, wanted: Wanted): Promise<void> {
  let rows: { layer_id: number; body: Buffer }[] = [];
  let bytes = 0;
  const write = async (): Promise<void> => {
    if (rows.length > 0) await tx.insertInto('layer_reports').values(rows).execute();
    rows = [];
    bytes = 0;
  };
  for (const { id, layer } of wanted) {
    const body = layer.report?.();
    if (body === undefined || body.length > largestReport) continue;
    rows.push({ layer_id: id, body });
    bytes += body.length;
    if (bytes >= reportBatch) await write();
  }
  await write();
}
