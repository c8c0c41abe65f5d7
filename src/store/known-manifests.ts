/** What manifests turned out to be, for listings: asked for one by one, answered in batches. */
import { type Kysely, sql } from 'kysely';
import type { KnownManifests } from '../hunt/source/known.ts';
import { storableJson } from './storable.ts';
import type { Tables } from './tables.ts';

interface Asked {
  readonly digest: string;
  readonly platform: string;
  readonly settle: (found: string | undefined) => void;
  readonly fail: (error: unknown) => void;
}

/** Whoever lists a registry asks for many at once: all of a moment go into one query. */
export function knownManifests(db: Kysely<Tables>): KnownManifests {
  let asked: Asked[] = [];

  async function answer(): Promise<void> {
    const batch = asked;
    asked = [];
    try {
      const pairs = batch.map(({ digest, platform }) => ({ digest, platform }));
      const { rows } = await sql<{ place: number; digest: string }>`
        select place::int - 1 as place, known.digest
        from jsonb_array_elements(${storableJson(pairs)}::jsonb) with ordinality as one(pair, place)
          join index_manifests as known
            on known.index_digest = one.pair->>'digest' and known.platform = one.pair->>'platform'`.execute(
        db,
      );
      const found = new Map(rows.map((row) => [row.place, row.digest]));
      for (const [place, one] of batch.entries()) one.settle(found.get(place));
    } catch (error) {
      for (const one of batch) one.fail(error);
    }
  }

  return {
    get: (digest, platform) =>
      new Promise((settle, fail) => {
        asked.push({ digest, platform, settle, fail });
        if (asked.length === 1) setTimeout(answer, 1);
      }),
    async put(digest, platform, found) {
      await db
        .insertInto('index_manifests')
        .values({ index_digest: digest, platform, digest: found })
        .onConflict((on) => on.doNothing())
        .execute();
    },
  };
}
