/** What the first page shows: sums over everything, and what happened lately. */
import { type Kysely, sql } from 'kysely';
import type { Activity, Overview } from '../api/overview.ts';
import { type Category, categories, severities, verdicts } from '../model/terms.ts';
import { recentHunts } from './hunt-list.ts';
import type { Tables } from './tables.ts';

export type StoredOverview = Omit<Overview, 'defence'>;

export async function readOverview(db: Kysely<Tables>): Promise<StoredOverview> {
  const byVerdict = await db
    .selectFrom('images')
    .select(['verdict', (of) => of.fn.countAll<number>().as('images')])
    .groupBy('verdict')
    .execute();
  const { rows: byCategory } = await sql<{ category: Category; images: number }>`
    select category, count(*) as images from images, unnest(categories) as category
    group by category order by images desc, category`.execute(db);
  const { rows: open } = await sql<{ category: Category; severity: number; findings: number }>`
    select category, severity, count(*) as findings from findings
    where status in ('open', 'reopened') group by category, severity`.execute(db);
  const counts = new Map(byVerdict.map((one) => [one.verdict, one.images]));
  const categoryTotal = byCategory.reduce((sum, one) => sum + one.images, 0);
  return {
    images: {
      total: byVerdict.reduce((sum, one) => sum + one.images, 0),
      byVerdict: Object.fromEntries(
        verdicts.map((one) => [one, counts.get(one) ?? 0]),
      ) as Overview['images']['byVerdict'],
    },
    categories: byCategory.map((one) => ({ ...one, share: one.images / categoryTotal })),
    categoryTotal,
    openFindings: categories
      .map((category) => ({
        category,
        bySeverity: Object.fromEntries(
          severities.map((severity, rank) => [
            severity,
            open.find((one) => one.category === category && one.severity === rank)?.findings ?? 0,
          ]),
        ) as Overview['openFindings'][number]['bySeverity'],
      }))
      .filter(({ bySeverity }) => Object.values(bySeverity).some((one) => one > 0)),
    lastDay: await lastDay(db),
    hunts: await recentHunts(db, 5),
    activity: await recentActivity(db, 20),
    trend: await trend(db),
  };
}

async function lastDay(db: Kysely<Tables>): Promise<Overview['lastDay']> {
  const { rows } = await sql<Overview['lastDay']>`
    select
      (select count(*) from images where scanned_at > now() - interval '1 day') as scanned,
      (select count(*) from activity where at > now() - interval '1 day' and type = 'image.malicious') as malicious,
      (select count(*) from indicators where added_at > now() - interval '1 day' and withdrawn_at is null) as indicators,
      (select coalesce(sum(hits), 0) from retro_hunts where started_at > now() - interval '1 day') as "retroHits",
      (select count(*) from ignores where ignored_at > now() - interval '1 day') as ignored,
      (select count(*) from findings where resolved_at > now() - interval '1 day') as resolved`.execute(db);
  return rows[0]!;
}

async function trend(db: Kysely<Tables>): Promise<Overview['trend']> {
  const { rows } = await sql<{
    hunt: number;
    source: string;
    at: Date;
    total: number;
    malicious: number;
    categoryTotal: number;
  }>`
    select id as hunt, source, ended_at as at, (result->'images'->>'total')::int as total,
      (result->'images'->>'malicious')::int as malicious, (result->>'categoryTotal')::int as "categoryTotal"
    from (select * from hunts where state = 'done' order by id desc limit 50) as last order by id`.execute(
    db,
  );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

export async function recentActivity(db: Kysely<Tables>, count: number): Promise<Activity[]> {
  const rows = await db.selectFrom('activity').selectAll().orderBy('id', 'desc').limit(count).execute();
  return rows.map(activityRow);
}

/** What happened after a number that was seen, in its order. */
export async function activityAfter(db: Kysely<Tables>, id: number, most: number): Promise<Activity[]> {
  const rows = await db
    .selectFrom('activity')
    .selectAll()
    .where('id', '>', id)
    .orderBy('id')
    .limit(most)
    .execute();
  return rows.map(activityRow);
}

function activityRow(row: {
  id: number;
  at: Date;
  type: string;
  severity: number;
  text: string;
  link: string | null;
}): Activity {
  return {
    id: row.id,
    at: row.at.toISOString(),
    type: row.type,
    severity: severities[row.severity] ?? 'info',
    text: row.text,
    ...(row.link !== null && { link: row.link }),
  };
}
