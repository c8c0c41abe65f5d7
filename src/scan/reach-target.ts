/** The walk from the start paths, over one target: what of its files starts, how, and what has become of others. */
import type { StartedCommand } from '../detect/detector.ts';
import type { State } from '../model/finding.ts';
import { startsIn } from './bases.ts';
import type { Reached } from './cache/reach-cache.ts';
import { isListed } from './layer-report.ts';
import { chainTo, reachable } from './reach.ts';
import { groundOf } from './reach-walk.ts';
import type { TargetFacts } from './target-facts.ts';

export interface ClosedFile {
  readonly path: string;
  readonly layer: number;
}

export interface Reach {
  /**
   * How the file at a path, or the same content under another path (a hard link, a copy), is started: from the start
   * to the file. Empty where it is not.
   */
  why(path: string, sha256: string): readonly string[];
  /** What has become of an entry in the final file system. */
  state(layer: number, ordinal: number): State;
  /** Commands that variables or arguments completed, and that an inspection asked for. */
  readonly commands: readonly StartedCommand[];
  /** Files reached that were left closed: nothing was known to start from there. */
  readonly closed: readonly ClosedFile[];
  /** Files that are run and were not read, or not to their end, for what they start. */
  readonly partly: readonly string[];
  /** False where a bound ended the walk early. */
  readonly complete: boolean;
}

export function reachOf(facts: TargetFacts): Reach {
  const known = facts.reach?.read();
  const reached = known ?? walk(facts);
  // Commands may hold secrets of the image, which are stored nowhere.
  if (known === undefined && reached.commands.length === 0) facts.reach?.keep(reached);
  const steps = new Map(reached.steps);
  const contents = new Map(reached.contents);
  const states = new Map(reached.states.map(([layer, ordinal, state]) => [`${layer}:${ordinal}`, state]));
  return {
    why: (path, sha256) => chainTo(steps.has(path) ? path : (contents.get(sha256) ?? ''), steps),
    state: (layer, ordinal) => states.get(`${layer}:${ordinal}`) ?? facts.merged().view.state(layer, ordinal),
    commands: reached.commands,
    closed: reached.closed,
    partly: reached.partly,
    complete: reached.complete,
  };
}

function walk(facts: TargetFacts): Reached {
  const { view, startsOfBase } = facts.merged();
  const { config, layers } = facts;
  const known = config && startsOfBase?.(config);
  const { steps, commands, partly, complete } = reachable(
    groundOf(view, startsIn(layers)(view)),
    config,
    known,
  );
  const reports = new Map(layers.map((one) => [one.index, one.report]));
  const contents = new Map<string, string>();
  const closed: ClosedFile[] = [];
  for (const path of steps.keys()) {
    const place = view.lookup(path);
    const report = place && reports.get(place.layer);
    if (place === undefined || report === undefined) continue;
    const sha256 = report.entries.sha256(place.ordinal);
    if (sha256 !== undefined) contents.set(sha256.toString('hex'), path);
    if (isListed(report.closed, place.ordinal)) closed.push({ path, layer: place.layer });
  }
  const states = layers.flatMap(({ index, report }) => {
    const ordinals = new Set(report.findings.map((one) => one.ordinal));
    return [...ordinals].map((ordinal) => [index, ordinal, view.state(index, ordinal)] as const);
  });
  return { steps: [...steps], contents: [...contents], states, commands, closed, partly, complete };
}
