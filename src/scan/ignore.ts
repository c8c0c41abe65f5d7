/**
 * Ignore files: a YAML list of `{rule|id, path?, reason, expires}`. A reason and a date are required, so that
 * an exception is somebody's decision and ends by itself. Ignored findings stay in the report, marked.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { messageOf, WaterguardError } from '../model/error.ts';
import type { Finding } from '../model/finding.ts';

const entry = z
  .strictObject({
    rule: z.string().min(1).optional(),
    id: z.string().min(1).optional(),
    path: z.string().min(1).optional(),
    reason: z.string().min(1),
    /** A day: the entry holds until its end, UTC. */
    expires: z.union([z.iso.date(), z.date().transform((day) => day.toISOString().slice(0, 10))]),
  })
  .refine((one) => (one.rule === undefined) !== (one.id === undefined), 'give either rule or id');

export type IgnoreEntry = z.infer<typeof entry>;

/** @throws WaterguardError `usage` naming the file and the entry that is wrong */
export function readIgnoreFile(path: string): readonly IgnoreEntry[] {
  let content: unknown;
  try {
    content = parse(readFileSync(path, 'utf8'), { maxAliasCount: 0 });
  } catch (error) {
    throw new WaterguardError('usage', `cannot read the ignore file ${path}: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const read = z.array(entry).safeParse(content ?? []);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const at = issue?.path.join('.') ?? '';
  throw new WaterguardError(
    'usage',
    `the ignore file ${path} is not a list of {rule|id, path?, reason, expires}: entry ${at}: ${issue?.message ?? ''}`,
  );
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
