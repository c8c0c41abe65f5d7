/** Ignore entries applied: findings that they cover stay in the report, marked. `ignore-file.ts` reads them. */
import type { Finding } from '../model/finding.ts';

/** Either `rule` or `id` is there. */
export interface IgnoreEntry {
  readonly rule?: string | undefined;
  readonly id?: string | undefined;
  readonly path?: string | undefined;
  readonly reason: string;
  /** `YYYY-MM-DD`: the entry holds until the end of that day, UTC. */
  readonly expires: string;
}

/** @param today `YYYY-MM-DD`; entries that expired before it no longer count */
export function withIgnores(finding: Finding, entries: readonly IgnoreEntry[], today: string): Finding {
  const covering = entries.find((one) => one.expires >= today && covers(one, finding));
  if (covering === undefined) return finding;
  return { ...finding, ignored: { reason: covering.reason, expires: covering.expires } };
}

function covers(entry: IgnoreEntry, finding: Finding): boolean {
  if (entry.id !== undefined && entry.id !== finding.id) return false;
  if (entry.rule !== undefined && entry.rule !== finding.rule) return false;
  const { path } = entry;
  return (
    path === undefined || finding.evidence.some((one) => one.path !== undefined && matches(path, one.path))
  );
}

/**
 * `*` stands for anything but `/`, `**` for anything. Keeps all places of the pattern where the path read so far
 * may stand, instead of trying one and coming back: many stars and long paths cost neither time nor stack.
 */
function matches(pattern: string, path: string): boolean {
  const parts = pattern.match(/\*\*?|[^*]/g) ?? [];
  let places = new Set<number>();
  addPlace(places, parts, 0);
  for (let at = 0; at < path.length && places.size > 0; at++) {
    const next = new Set<number>();
    for (const place of places) {
      const part = parts[place];
      if (part === '**' || (part === '*' && path[at] !== '/')) addPlace(next, parts, place);
      else if (part === path[at]) addPlace(next, parts, place + 1);
    }
    places = next;
  }
  return places.has(parts.length);
}

/** A star may stand for nothing, so whoever stands before it stands behind it too. */
function addPlace(places: Set<number>, parts: readonly string[], place: number): void {
  let at = place;
  while (!places.has(at)) {
    places.add(at);
    if (parts[at]?.startsWith('*')) at++;
  }
}
