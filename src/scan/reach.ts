/**
 * What would run: a walk over the final file system from everything that starts by itself (entrypoint and
 * command, health check, cron, services, profiles, preloaded libraries) through scripts, wrappers and options
 * to every file that is run or read on the way. A miner's configuration that the entrypoint starts is a miner;
 * the same file in a documentation folder is not.
 *
 * The walk over-approximates: it follows every branch of a script. It never runs or opens anything; what a
 * script refers to was read by the `start` detector when its layer was scanned.
 */
import type { StartedCommand } from '../detect/detector.ts';
import { startPlaces } from '../detect/start/locations.ts';
import { expandGlob } from './reach-files.ts';
import { followCommand, followFact, reach, readAll } from './reach-follow.ts';
import { type Ground, newWalk, type StartConfig, type Visit, type Walk } from './reach-walk.ts';

export interface ReachableSet {
  /**
   * Each file reached, of the final file system with symbolic links resolved, and what it was first reached from:
   * another of these files, or the name of a start (`Entrypoint`, `cron`).
   */
  readonly steps: ReadonlyMap<string, string>;
  /** Commands that variables or arguments completed, and that an inspection asked for. */
  readonly commands: readonly StartedCommand[];
  /** Files that are run and were not read, or not to their end, for what they start. */
  readonly partly: readonly string[];
  /** False where a bound ended the walk early. */
  readonly complete: boolean;
  /** The variables that were looked at, with their values. */
  readonly variables: ReadonlyMap<string, string | undefined>;
}

/** From the start to the file: `['Entrypoint', '/start.sh', '/opt/x.json']`; empty where it is not reached. */
export function chainTo(path: string, steps: ReadonlyMap<string, string>): readonly string[] {
  const names: string[] = [];
  if (!steps.has(path)) return names;
  for (let at: string | undefined = path; at !== undefined; at = steps.get(at)) names.push(at);
  return names.reverse();
}

/**
 * @param config absent for a directory, where only the system's own start paths count
 * @param bySystem what `startedBySystem` would find, where that is known
 */
export function reachable(
  ground: Ground,
  config: StartConfig | undefined,
  bySystem?: ReachableSet,
): ReachableSet {
  const byConfig = config === undefined ? undefined : startedByConfig(ground, config);
  const system = bySystem ?? startedBySystem(ground, config);
  return byConfig === undefined ? system : both(byConfig, system);
}

/** What entrypoint, command, health check and variables start. */
function startedByConfig(ground: Ground, config: StartConfig): ReachableSet {
  const walk = newWalk(ground, config);
  startConfig(walk, config);
  return finish(walk);
}

/** What starts by itself in a running system: cron, services, profiles, preloaded libraries. */
export function startedBySystem(ground: Ground, config: StartConfig | undefined): ReachableSet {
  const walk = newWalk(ground, config ?? noConfig);
  startSystem(walk);
  return finish(walk);
}

/** Where both have a file, the first one says from where. */
function both(one: ReachableSet, other: ReachableSet): ReachableSet {
  return {
    steps: new Map([...other.steps, ...one.steps]),
    commands: [...one.commands, ...other.commands],
    partly: [...new Set([...one.partly, ...other.partly])],
    complete: one.complete && other.complete,
    variables: new Map([...other.variables, ...one.variables]),
  };
}

function finish(walk: Walk): ReachableSet {
  for (let visit = walk.queue.shift(); visit !== undefined; visit = walk.queue.shift()) {
    if (visit.fact !== undefined) followFact(walk, visit.fact, visit);
  }
  return {
    steps: new Map([...walk.reached].map(([path, { from }]) => [path, from])),
    commands: walk.commands,
    partly: [...walk.partly],
    complete: walk.complete && !walk.budget.isSpent,
    variables: walk.asked,
  };
}

const noConfig: StartConfig = {
  entrypoint: [],
  cmd: [],
  env: [],
  healthcheck: [],
  user: '',
  workingDir: '',
};

function startConfig(walk: Walk, config: StartConfig): void {
  const { entrypoint, cmd, healthcheck } = config;
  if (entrypoint.length > 0) followCommand(walk, [...entrypoint, ...cmd], rootVisit(walk, 'Entrypoint'));
  // Also where an entrypoint is there: most of them end by running the command.
  if (cmd.length > 0) followCommand(walk, cmd, rootVisit(walk, 'Cmd'));

  const [form, ...check] = healthcheck;
  if (form === 'CMD') followCommand(walk, check, rootVisit(walk, 'Healthcheck'));
  if (form === 'CMD-SHELL') followCommand(walk, ['/bin/sh', '-c', ...check], rootVisit(walk, 'Healthcheck'));

  for (const name of ['LD_PRELOAD', 'LD_AUDIT', 'BASH_ENV', 'ENV', 'PYTHONSTARTUP', 'PERL5OPT', 'RUBYOPT']) {
    const value = walk.variable(name);
    if (value !== undefined) readAll(walk, value.split(/[\s:]/), rootVisit(walk, `Env.${name}`));
  }
  for (const name of ['NODE_OPTIONS', 'JAVA_TOOL_OPTIONS', 'JDK_JAVA_OPTIONS']) {
    const value = walk.variable(name);
    if (value !== undefined) followCommand(walk, ['', ...value.split(/\s+/)], rootVisit(walk, `Env.${name}`));
  }
}

function startSystem(walk: Walk): void {
  for (const place of startPlaces) {
    if (!place.starts) continue;
    for (const path of expandGlob(walk.view, place.pattern, walk.budget)) {
      reach(walk, path, { ...rootVisit(walk, place.by), args: ['start'] }, 'run');
    }
  }
}

function rootVisit(walk: Walk, name: string): Visit {
  const { workingDir } = walk.lookup;
  return { name, fact: undefined, cwd: workingDir, args: [], folder: workingDir, nesting: 0 };
}
