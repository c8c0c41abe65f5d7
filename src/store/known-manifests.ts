/** What manifests turned out to be, for listings: asked for one by one, answered in batches. */
import { type Kysely, sql } from 'kysely';
import type { KnownManifests } from '../hunt/source/known.ts';
import type { Tables } from './tables.ts';

interface Asked {
  readonly digest: string;
  readonly platform: string;
  readonly settle: (found: string | undefined) => void;
  readonly fail: (error: unknown) => void;
}

/** A query goes when it is for so many, or the first has waited so long. */
const batch = { most: 100, milliseconds: 30 } as const;

/** Whoever lists a registry asks for many at once. */
export function knownManifests(db: Kysely<Tables>): KnownManifests {
  let asked: Asked[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function ask(one: Asked): void {
    asked.push(one);
    timer ??= setTimeout(send, batch.milliseconds);
    if (asked.length >= batch.most) send();
  }

  function send(): void {
    clearTimeout(timer);
    timer = undefined;
    const all = asked;
    asked = [];
    answer(all).catch((error: unknown) => {
      for (const one of all) one.fail(error);
    });
  }

  async function answer(all: readonly Asked[]): Promise<void> {
    const rows = await db
      .selectFrom('index_manifests')
      .selectAll()
      .where('index_digest', '=', sql<string>`any(${[...new Set(all.map((one) => one.digest))]})`)
      .execute();
    const found = new Map(rows.map((row) => [`${row.index_digest} ${row.platform}`, row.digest]));
    for (const { digest, platform, settle } of all) settle(found.get(`${digest} ${platform}`));
  }

  return {
    get: (digest, platform) => new Promise((settle, fail) => ask({ digest, platform, settle, fail })),
    async put(digest, platform, found) {
      await db
        .insertInto('index_manifests')
        .values({ index_digest: digest, platform, digest: found })
        .onConflict((on) => on.doNothing())
        .execute();
    },
  };
}
