/**
 * The record of a scanned image: all that the store keeps of it, written in one transaction. Written twice it is the
 * same; scanned again, findings that are gone are resolved and those that come back are reopened, under the identity
 * that they had.
 */
import { sql, type Transaction } from 'kysely';
import type { LayerFacts } from '../model/layer-facts.ts';
import type { ImageReport } from '../model/report.ts';
import { indicatorTypes, severityRank, type Verdict } from '../model/terms.ts';
import { isOpen } from '../verdict/decide.ts';
import type { NewActivity } from './activity.ts';
import { storableJson, storableName } from './storable.ts';
import type { Tables } from './tables.ts';
import { decideImages } from './verdicts.ts';

export interface ScannedImage {
  readonly repository: string;
  readonly reference: string;
  /** By which it is opened again. */
  readonly target: string;
  readonly insecure: boolean;
  /** The machine on whose disk it lies; null for what any machine can read. */
  readonly host: string | null;
  readonly report: ImageReport;
  /** Of layers that are not known to be recorded. */
  readonly layers: readonly LayerFacts[];
}

export interface RecordedImage {
  readonly image: number;
  /** For the live feed; the caller adds it last. */
  readonly told: readonly NewActivity[];
}

export async function recordImage(tx: Transaction<Tables>, given: ScannedImage): Promise<RecordedImage> {
  const scanned = {
    ...given,
    repository: storableName(given.repository),
    reference: storableName(given.reference),
  };
  const { report, layers } = scanned;
  const before = await tx
    .selectFrom('images')
    .select(['id', 'verdict'])
    .where('repository', '=', scanned.repository)
    .where('digest', '=', report.artifact.digest)
    .executeTakeFirst();
  const image = await writeImage(tx, scanned);
  await writeReport(tx, image, report);
  if (before === undefined) await writeLayerList(tx, image, report);
  await writeFindings(tx, image, report);
  const verdict = await decideIgnoring(tx, image, report);
  await writeIndicators(tx, image, report);
  // In one order, so that two transactions do not wait for each other.
  const sorted = [...layers].sort((a, b) => (a.diffId < b.diffId ? -1 : 1));
  for (const one of sorted) await writeLayer(tx, one, report.tool.ruleset);
  return { image, told: news(image, scanned, verdict, before?.verdict) };
}

async function writeImage(tx: Transaction<Tables>, scanned: ScannedImage): Promise<number> {
  const { report, repository, reference, target, insecure, host } = scanned;
  const { artifact } = report;
  const state = {
    reference,
    target,
    insecure,
    host,
    // To the millisecond, as pages of images are told apart.
    scanned_at: new Date(report.startedAt).toISOString(),
    duration_ms: Math.round(report.durationMs),
    ruleset: report.tool.ruleset,
    verdict: report.verdict,
    score: report.score,
    categories: report.categories,
    open_findings: report.findings.filter(isOpen).length,
    layer_count: artifact.layers.length,
    size: artifact.layers.reduce((sum, one) => sum + one.size, 0),
  };
  const { id } = await tx
    .insertInto('images')
    .values({ ...state, repository, digest: artifact.digest, platform: artifact.platform })
    .onConflict((on) =>
      on.columns(['repository', 'digest']).doUpdateSet({ ...state, scans: sql<number>`images.scans + 1` }),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Findings are rows of their own. */
async function writeReport(tx: Transaction<Tables>, image: number, report: ImageReport): Promise<void> {
  const body = storableJson({ ...report, findings: [] });
  await tx
    .insertInto('reports')
    .values({ image_id: image, body })
    .onConflict((on) => on.column('image_id').doUpdateSet({ body }))
    .execute();
}

/** A digest names its layers, so they are written once. */
async function writeLayerList(
  tx: Transaction<Tables>,
  image: number,
  { artifact }: ImageReport,
): Promise<void> {
  if (artifact.layers.length === 0) return;
  await sql`
    insert into image_layers (image_id, index, diff_id, digest, size, created_by)
    select ${image}, index, "diffId", digest, size, "createdBy"
    from jsonb_to_recordset(${storableJson(artifact.layers)}::jsonb)
      as one(index smallint, "diffId" text, digest text, size bigint, "createdBy" text)
    on conflict do nothing`.execute(tx);
}

async function writeFindings(tx: Transaction<Tables>, image: number, report: ImageReport): Promise<void> {
  // A statement takes a row once, and a report that names a finding twice means one.
  const byId = new Map(report.findings.map((one) => [one.id, one]));
  const rows = [...byId.values()].map((one) => ({
    finding: one.id,
    rule: one.rule,
    category: one.category,
    severity: severityRank(one.severity),
    body: one,
  }));
  await sql`
    with found as (
      select * from jsonb_to_recordset(${storableJson(rows)}::jsonb)
        as one(finding text, rule text, category text, severity smallint, body jsonb)
    ), applied as (
      -- Of several that cover a finding the one that holds longest.
      select distinct on (found.finding) found.finding, ignores.id
      from found join ignores on ignores.finding = found.finding
      where withdrawn_at is null and expires_at > now()
        and (scope = 'everywhere' or (scope = 'image' and image_id = ${image})
          or (scope = 'repository' and repository = (select repository from images where id = ${image})))
      order by found.finding, expires_at desc
    ), gone as (
      update findings set status = 'resolved', resolved_at = now()
      where image_id = ${image} and status <> 'resolved' and finding not in (select finding from found)
    )
    insert into findings as known (image_id, finding, rule, category, severity, status, body, ignore_id)
    select ${image}, found.finding, rule, category, severity,
      -- An ignore file's word at the scan counts as well.
      case when applied.id is null and not body ? 'ignored' then 'open' else 'ignored' end, body, applied.id
    from found left join applied on applied.finding = found.finding
    on conflict (image_id, finding) do update set
      rule = excluded.rule, category = excluded.category, severity = excluded.severity, body = excluded.body,
      ignore_id = excluded.ignore_id, last_seen_at = now(), resolved_at = null,
      status = case
        when excluded.status = 'ignored' then 'ignored'
        when known.status = 'resolved' then 'reopened'
        when known.status = 'ignored' then 'open'
        else known.status end`.execute(tx);
}

/** The verdict that is left where people ignore some of the findings. */
async function decideIgnoring(tx: Transaction<Tables>, image: number, report: ImageReport): Promise<Verdict> {
  const ignored = await tx
    .selectFrom('findings')
    .select('id')
    .where('image_id', '=', image)
    .where('ignore_id', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  if (ignored === undefined) return report.verdict;
  return (await decideImages(tx, [image])).get(image) ?? report.verdict;
}

/** What the judge took for indicators, also those of configuration and history. */
async function writeIndicators(tx: Transaction<Tables>, image: number, report: ImageReport): Promise<void> {
  await tx.deleteFrom('observables').where('image_id', '=', image).execute();
  if (report.indicators.length === 0) return;
  const rows = report.indicators.map(({ type, value, context }) => ({
    type: indicatorTypes.indexOf(type),
    value,
    context,
  }));
  await sql`
    insert into observables (image_id, type, value, note, path, files)
    select ${image}, type, value, context, '', 1
    from jsonb_to_recordset(${storableJson(rows)}::jsonb) as one(type smallint, value text, context text)`.execute(
    tx,
  );
}

/** Once for each layer and set of rules, whichever image brings it. */
async function writeLayer(tx: Transaction<Tables>, layer: LayerFacts, ruleset: string): Promise<void> {
  const { diffId, files, bytes, observables, hashes } = layer;
  const { rows } = await sql<{ id: number }>`
    insert into layers as known (diff_id, context, files, bytes)
    values (${diffId}, ${ruleset}, ${files}, ${bytes})
    on conflict (diff_id) do update set context = excluded.context, files = excluded.files, bytes = excluded.bytes
      where known.context <> excluded.context
    returning id`.execute(tx);
  const id = rows[0]?.id;
  if (id === undefined) return;
  await tx.deleteFrom('observables').where('layer_id', '=', id).execute();
  await tx.deleteFrom('file_hashes').where('layer_id', '=', id).execute();
  const values = observables.map((one) => ({ ...one, type: indicatorTypes.indexOf(one.type) }));
  await sql`
    insert into observables (layer_id, type, value, note, path, files)
    select ${id}, type, value, note, path, files from jsonb_to_recordset(${storableJson(values)}::jsonb)
      as one(type smallint, value text, note text, path text, files int)`.execute(tx);
  await sql`
    insert into file_hashes (hash, layer_id)
    select one::bigint, ${id} from jsonb_array_elements_text(${storableJson(numbersOf(hashes))}::jsonb) as one`.execute(
    tx,
  );
}

/** As texts: they are longer than a number of JSON can be. */
function numbersOf(hashes: Buffer): string[] {
  const numbers = new Set<string>();
  for (let at = 0; at + 8 <= hashes.length; at += 8) numbers.add(String(hashes.readBigInt64BE(at)));
  return [...numbers];
}

/** Bad images are told when they are first seen, and when their verdict changes to it. */
function news(
  image: number,
  { report, reference, repository }: ScannedImage,
  verdict: string,
  before: string | undefined,
): NewActivity[] {
  const { categories, artifact, tool } = report;
  if ((verdict !== 'malicious' && verdict !== 'suspicious') || verdict === before) return [];
  return [
    {
      type: `image.${verdict}`,
      severity: verdict === 'malicious' ? 'critical' : 'high',
      text: `${reference} is ${verdict}: ${report.reasons[0] ?? categories.join(', ')}`,
      link: `/images/${image}`,
      key: `image.${verdict}/${repository}@${artifact.digest}/${tool.ruleset}`,
      facts: { reference, categories, score: report.score },
    },
  ];
}
