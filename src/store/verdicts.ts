/** Verdicts that change without a scan: somebody ignores a finding, or an ignore ends. */
import { sql, type Transaction } from 'kysely';
import type { ImageReport } from '../model/report.ts';
import type { Verdict } from '../model/terms.ts';
import { decideAgain, isOpen } from '../verdict/decide.ts';
import { findingsOf } from './findings.ts';
import type { Tables } from './tables.ts';

/**
 * Decides again on these images and writes what comes of it. Those that are gone keep the verdict that they had.
 * @returns their verdicts now
 */
export async function decideImages(
  tx: Transaction<Tables>,
  images: readonly number[],
): Promise<ReadonlyMap<number, Verdict>> {
  const verdicts = new Map<number, Verdict>();
  for (const image of new Set(images)) {
    const stored = await tx
      .selectFrom('reports')
      .innerJoin('images', 'images.id', 'image_id')
      .select('body')
      .where('image_id', '=', image)
      .where('gone_at', 'is', null)
      .executeTakeFirst();
    if (stored === undefined) continue;
    const rows = await findingsOf(tx, image);
    const findings = rows.filter((one) => one.status !== 'resolved').map((one) => one.finding);
    const { verdict, score, categories } = decideAgain(stored.body as ImageReport, findings);
    await tx
      .updateTable('images')
      .set({
        verdict,
        score,
        categories: sql<string[]>`${categories}`,
        open_findings: findings.filter(isOpen).length,
      })
      .where('id', '=', image)
      .execute();
    verdicts.set(image, verdict);
  }
  return verdicts;
}
