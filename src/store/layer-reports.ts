/** What was read of layers, for caches that do not have it: of other machines, or of one whose cache is gone. */
import type { Kysely } from 'kysely';
import type { LayerExchange } from '../scan/session.ts';
import type { Tables } from './tables.ts';

export function layerExchange(db: Kysely<Tables>): LayerExchange {
  return {
    async fetch(diffIds, context) {
      const rows = await db
        .selectFrom('layers')
        .innerJoin('layer_reports', 'layer_reports.layer_id', 'layers.id')
        .select(['diff_id', 'body'])
        .where('diff_id', 'in', diffIds)
        .where('context', '=', context)
        .execute();
      return new Map(rows.map((one) => [one.diff_id, one.body]));
    },
  };
}
