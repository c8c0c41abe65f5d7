/** A store filled to the sizes of a registry hunt, by statements that make rows of numbers. */
import { sql } from 'kysely';
import type { Store } from '../../store/open.ts';

export interface Sizes {
  readonly images: number;
  readonly layers: number;
  readonly observables: number;
  readonly findings: number;
}

/** Rows of one statement, which keeps what it needs in memory. */
const batch = 500_000;

export async function fill(store: Store, sizes: Sizes, say: (text: string) => void): Promise<void> {
  const { db } = store;
  say(`${store.kind}: ${sizes.images} images on ${sizes.layers} layers`);
  await sql`
    insert into images (repository, digest, platform, reference, target, insecure, scanned_at, duration_ms, ruleset,
      verdict, score, categories, open_findings, layer_count, size)
    select name, 'sha256:' || md5(n::text) || md5('b' || n), 'linux/amd64', name || ':1', name || ':1', false,
      now() - n * interval '1 second', 40, 'sha256:bench',
      (array['malicious','suspicious','risky','clean','clean','clean'])[1 + n % 6],
      (n * 7919) % 101, (array['{cryptomining}', '{embedded-secret}', '{}'])[1 + n % 3]::text[],
      n % 9, 5, 1000000 + (n * 7919) % 90000000
    from (select n, 'registry.example.com/team-' || n % 997 || '/app-' || n as name
      from generate_series(1, ${sizes.images}::int) as n) as one`.execute(db);
  await sql`
    insert into layers (diff_id, context, files, bytes, forms)
    select 'sha256:' || md5(n::text) || md5('l' || n), 'sha256:bench', 100, 1000000, n % 64
    from generate_series(1, ${sizes.layers}::int) as n`.execute(db);
  await sql`
    insert into image_layers (image_id, index, diff_id, digest, size, created_by)
    select i, k, layers.diff_id, layers.diff_id, 200000, ''
    from generate_series(1, ${sizes.images}::int) as i, generate_series(0, 4) as k
      join lateral (select 1 + ((i::bigint * 31 + k * 104729) % ${sizes.layers}::int)::int as layer) as chosen on true
      join layers on layers.id = chosen.layer`.execute(db);
  for (let from = 0; from < sizes.observables; from += batch) {
    const to = Math.min(from + batch, sizes.observables);
    // One value in four is in many layers, as hosts are that everybody uses.
    await sql`
      insert into observables (layer_id, type, value, note, path, files)
      select 1 + n % ${sizes.layers}::int, 2, case when n % 4 = 0 then 'common-' || n % 5000 else 'host-' || n end || '.example.com',
        'url', '/srv/app/file-' || n % 100, 1
      from generate_series(${from}::int, ${to - 1}::int) as n`.execute(db);
    say(`${store.kind}: ${to} observables`);
  }
  for (let from = 0; from < sizes.findings; from += batch) {
    const to = Math.min(from + batch, sizes.findings);
    await sql`
      insert into findings (image_id, finding, rule, category, severity, status, body)
      select 1 + n % ${sizes.images}::int, md5(n::text), 'rule/' || n % 300,
        (array['cryptomining','embedded-secret','backdoor','other'])[1 + n % 4], n % 5,
        (array['open','open','ignored','resolved','reopened'])[1 + n % 5],
        jsonb_build_object('id', md5(n::text), 'rule', 'rule/' || n % 300, 'category',
          (array['cryptomining','embedded-secret','backdoor','other'])[1 + n % 4], 'title', 'A finding of the benchmark',
          'severity', (array['info','low','medium','high','critical'])[1 + n % 5], 'confidence', 0.7, 'state', 'present',
          'attack', '[]'::jsonb, 'reachable', false, 'evidence', jsonb_build_array(jsonb_build_object('kind', 'file',
          'layer', 1, 'path', '/srv/app/file-' || n, 'excerpt', repeat('x', 80))), 'source', '{}'::jsonb)
      from generate_series(${from}::int, ${to - 1}::int) as n`.execute(db);
    say(`${store.kind}: ${to} findings`);
  }
  await sql`analyze`.execute(db);
}
