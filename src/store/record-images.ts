/**
 * The record of scanned images: all that the store keeps of them, written in one transaction. Written twice it is the
 * same; scanned again, findings that are gone are resolved and those that come back are reopened, under the identity
 * that they had.
 */
import { sql, type Transaction } from 'kysely';
import type { LayerFacts } from '../model/layer-facts.ts';
import type { ImageReport } from '../model/report.ts';
import { indicatorTypes, severityRank, type Verdict } from '../model/terms.ts';
import { isOpen } from '../verdict/decide.ts';
import type { NewActivity } from './activity.ts';
import { closeFindings } from './names.ts';
import { writeLayers } from './record-layers.ts';
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

export interface RecordedImages {
  /** Their ids, in the order in which they came. */
  readonly images: readonly number[];
  /** For the live feed; the caller adds it last. */
  readonly told: readonly NewActivity[];
}

/**
 * So many at once cost hardly more than one: each statement takes all of them. One that comes twice is taken once, as
 * it came last.
 */
export async function recordImages(
  tx: Transaction<Tables>,
  scanned: readonly ScannedImage[],
): Promise<RecordedImages> {
  if (scanned.length === 0) return { images: [], told: [] };
  const last = new Map(scanned.map((one) => [keyOf(one), one]));
  const ids = await writeImages(tx, [...last.values()]);
  const stored: Stored[] = [...last].map(([key, one]) => ({ ...one, ...ids.get(key)! }));
  await writeReports(tx, stored);
  await writeLayerLists(tx, stored);
  await writeFindings(tx, stored);
  const verdicts = await decideIgnoring(tx, stored);
  const gone = stored.filter((one) => one.gone).map((one) => one.id);
  await closeFindings(tx, gone);
  await writeIndicators(tx, stored);
  const layers = new Map(stored.flatMap((one) => one.layers.map((layer) => [layer.diffId, layer])));
  await writeLayers(tx, [...layers.values()]);
  return {
    images: scanned.map((one) => ids.get(keyOf(one))!.id),
    told: stored.flatMap((one) => news(one, verdicts.get(one.id) ?? one.report.verdict)),
  };
}

function keyOf({ repository, report }: ScannedImage): string {
  return `${storableName(repository)}@${report.artifact.digest}`;
}

/** With its row, and the verdict that it had; none where it is new. */
interface Stored extends ScannedImage {
  readonly id: number;
  readonly before: string | null;
  /** No name leads to it. */
  readonly gone: boolean;
}

type Row = Pick<Stored, 'id' | 'before' | 'gone'>;

async function writeImages(
  tx: Transaction<Tables>,
  scanned: readonly ScannedImage[],
): Promise<ReadonlyMap<string, Row>> {
  const rows = scanned.map(({ report, repository, reference, target, insecure, host }) => ({
    repository: storableName(repository),
    digest: report.artifact.digest,
    platform: report.artifact.platform,
    reference: storableName(reference),
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
    layer_count: report.artifact.layers.length,
    size: report.artifact.layers.reduce((sum, one) => sum + one.size, 0),
  }));
  // In one order, so that two transactions do not wait for each other.
  const { rows: written } = await sql<Row & { readonly repository: string; readonly digest: string }>`
    with scanned as (
      select * from jsonb_to_recordset(${storableJson(rows)}::jsonb) as one(repository text, digest text, platform text,
        reference text, target text, insecure boolean, host text, scanned_at timestamptz, duration_ms int, ruleset text,
        verdict text, score smallint, categories text[], open_findings int, layer_count int, size bigint)
    ), written as (
      insert into images as known (repository, digest, platform, reference, target, insecure, host, scanned_at,
        duration_ms, ruleset, verdict, score, categories, open_findings, layer_count, size)
      select repository, digest, platform, reference, target, insecure, host, scanned_at,
        duration_ms, ruleset, verdict, score, categories, open_findings, layer_count, size
      from scanned order by repository, digest
      on conflict (repository, digest) do update set
        platform = excluded.platform, reference = excluded.reference, target = excluded.target,
        insecure = excluded.insecure, host = excluded.host, scanned_at = excluded.scanned_at,
        duration_ms = excluded.duration_ms, ruleset = excluded.ruleset, verdict = excluded.verdict,
        score = excluded.score, categories = excluded.categories,
        open_findings = case when known.gone_at is null then excluded.open_findings else 0 end,
        layer_count = excluded.layer_count, size = excluded.size, scans = known.scans + 1
      returning id, repository, digest, gone_at
    )
    -- The statement sees the table as it was before it.
    select written.id, written.repository, written.digest, images.verdict as before, written.gone_at is not null as gone
    from written left join images using (repository, digest)`.execute(tx);
  return new Map(written.map(({ repository, digest, ...row }) => [`${repository}@${digest}`, row]));
}

/** Findings are rows of their own. */
async function writeReports(tx: Transaction<Tables>, stored: readonly Stored[]): Promise<void> {
  const rows = stored.map(({ id, report }) => ({ id, body: { ...report, findings: [] } }));
  await sql`
    insert into reports (image_id, body)
    select id, body from jsonb_to_recordset(${storableJson(rows)}::jsonb) as one(id int, body jsonb)
    on conflict (image_id) do update set body = excluded.body`.execute(tx);
}

/** A digest names its layers, so they are written once. */
async function writeLayerLists(tx: Transaction<Tables>, stored: readonly Stored[]): Promise<void> {
  const rows = stored
    .filter((one) => one.before === null)
    .flatMap(({ id, report }) => report.artifact.layers.map((layer) => ({ ...layer, id })));
  if (rows.length === 0) return;
  await sql`
    insert into image_layers (image_id, index, diff_id, digest, size, created_by)
    select id, index, "diffId", digest, size, "createdBy"
    from jsonb_to_recordset(${storableJson(rows)}::jsonb)
      as one(id int, index smallint, "diffId" text, digest text, size bigint, "createdBy" text)
    on conflict do nothing`.execute(tx);
}

async function writeFindings(tx: Transaction<Tables>, stored: readonly Stored[]): Promise<void> {
  const images = stored.map(({ id, repository }) => ({ id, repository: storableName(repository) }));
  // A statement takes a row once, and a report that names a finding twice means one.
  const rows = stored.flatMap(({ id, report }) =>
    [...new Map(report.findings.map((one) => [one.id, one])).values()].map((one) => ({
      image: id,
      finding: one.id,
      rule: one.rule,
      category: one.category,
      severity: severityRank(one.severity),
      body: one,
    })),
  );
  await sql`
    with scanned as (
      select * from jsonb_to_recordset(${storableJson(images)}::jsonb) as one(id int, repository text)
    ), found as (
      select * from jsonb_to_recordset(${storableJson(rows)}::jsonb)
        as one(image int, finding text, rule text, category text, severity smallint, body jsonb)
    ), applied as (
      -- Of several that cover a finding the one that holds longest.
      select distinct on (found.image, found.finding) found.image, found.finding, ignores.id
      from found join scanned on scanned.id = found.image join ignores on ignores.finding = found.finding
      where withdrawn_at is null and expires_at > now()
        and (scope = 'everywhere' or (scope = 'image' and ignores.image_id = found.image)
          or (scope = 'repository' and ignores.repository = scanned.repository))
      order by found.image, found.finding, expires_at desc
    ), missing as (
      -- Also of what was resolved when the image was gone, so that it is not reopened when the image is back.
      update findings set status = 'resolved', resolved_at = now()
      from scanned join images on images.id = scanned.id
      where image_id = scanned.id and (status <> 'resolved' or resolved_at = gone_at)
        and not exists (select 1 from found where found.image = image_id and found.finding = findings.finding)
    )
    insert into findings as known (image_id, finding, rule, category, severity, status, body, ignore_id)
    select found.image, found.finding, rule, category, severity,
      -- An ignore file's word at the scan counts as well.
      case when applied.id is null and not body ? 'ignored' then 'open' else 'ignored' end, body, applied.id
    from found left join applied on applied.image = found.image and applied.finding = found.finding
    on conflict (image_id, finding) do update set
      rule = excluded.rule, category = excluded.category, severity = excluded.severity, body = excluded.body,
      ignore_id = excluded.ignore_id, last_seen_at = now(), resolved_at = null,
      status = case
        when excluded.status = 'ignored' then 'ignored'
        when known.status = 'resolved' then 'reopened'
        when known.status = 'ignored' then 'open'
        else known.status end`.execute(tx);
}

/** The verdicts that are left where people ignore some of the findings. */
async function decideIgnoring(
  tx: Transaction<Tables>,
  stored: readonly Stored[],
): Promise<ReadonlyMap<number, Verdict>> {
  const rows = await tx
    .selectFrom('findings')
    .select('image_id')
    .distinct()
    .where(
      'image_id',
      'in',
      stored.map((one) => one.id),
    )
    .where('ignore_id', 'is not', null)
    .execute();
  return decideImages(
    tx,
    rows.map((one) => one.image_id),
  );
}

/** What the judge took for indicators, also those of configuration and history. */
async function writeIndicators(tx: Transaction<Tables>, stored: readonly Stored[]): Promise<void> {
  const known = stored.filter((one) => one.before !== null).map((one) => one.id);
  if (known.length > 0) await tx.deleteFrom('observables').where('image_id', 'in', known).execute();
  const rows = stored.flatMap(({ id, report }) =>
    report.indicators.map(({ type, value, context }) => ({
      image: id,
      type: indicatorTypes.indexOf(type),
      value,
      context,
    })),
  );
  if (rows.length === 0) return;
  await sql`
    insert into observables (image_id, type, value, note, path, files)
    select image, type, value, context, '', 1 from jsonb_to_recordset(${storableJson(rows)}::jsonb)
      as one(image int, type smallint, value text, context text)`.execute(tx);
}

/** Bad images are told when they are first seen, and when their verdict changes to it. */
function news({ id, before, report, reference, repository }: Stored, verdict: string): NewActivity[] {
  const { categories, artifact, tool } = report;
  if ((verdict !== 'malicious' && verdict !== 'suspicious') || verdict === before) return [];
  return [
    {
      type: `image.${verdict}`,
      severity: verdict === 'malicious' ? 'critical' : 'high',
      text: `${reference} is ${verdict}: ${report.reasons[0] ?? categories.join(', ')}`,
      link: `/images/${id}`,
      key: `image.${verdict}/${repository}@${artifact.digest}/${tool.ruleset}`,
      facts: { reference, categories, score: report.score },
    },
  ];
}
