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
  const parts = Int32Array.from(pattern.match(/\*\*?|[^*]/g) ?? [], partOf);
  const end = parts.length;
  let places = new Uint8Array(end + 1);
  let next = new Uint8Array(end + 1);
  places[0] = 1;
  passStars(places, parts);
  for (let at = 0; at < path.length; at++) {
    const character = path.charCodeAt(at);
    next.fill(0);
    for (let place = 0; place < end; place++) {
      if (places[place] === 0) continue;
      const part = parts[place]!;
      if (part === anything || (part === anyName && character !== slash)) next[place] = 1;
      else if (part === character) next[place + 1] = 1;
    }
    passStars(next, parts);
    [places, next] = [next, places];
  }
  return places[end] === 1;
}

const anything = -1;
const anyName = -2;
const slash = 0x2f;

function partOf(text: string): number {
  return text === '**' ? anything : text === '*' ? anyName : text.charCodeAt(0);
}

/** A star may stand for nothing, so whoever stands before it stands behind it too. */
function passStars(places: Uint8Array, parts: Int32Array): void {
  for (let place = 0; place < parts.length; place++) {
    if (places[place] === 1 && parts[place]! < 0) places[place + 1] = 1;
  }
}
