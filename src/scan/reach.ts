/**
 * What would run: a walk over the final file system from everything that starts by itself (entrypoint and
 * command, health check, cron, services, profiles, preloaded libraries) through scripts, wrappers and options
 * to every file that is run or read on the way. A miner's configuration that the entrypoint starts is a miner;
 * the same file in a documentation folder is not.
 *
 * The walk over-approximates: it follows every branch of a script. It never runs or opens anything; what a
 * script refers to was read by the `start` detector when its layer was scanned.
 */
import type { StartFact } from '../detect/detector.ts';
import { readCommand, type Use } from '../detect/start/command.ts';
import { expandWord, expandWords } from '../detect/start/expand.ts';
import { startPlaces } from '../detect/start/locations.ts';
import { programFact } from '../detect/start/program-text.ts';
import { shellFact } from '../detect/start/shell-script.ts';
import {
  besideProgram,
  expandGlob,
  findFile,
  findFolder,
  findModule,
  findProgram,
  join,
  type ReachView,
  remembering,
  serviceFiles,
} from './reach-files.ts';
import { newWalk, type StartConfig, type Step, type Visit, type Walk } from './reach-walk.ts';

/** Bounds of the walk: longest chain, most files, most commands looked at, most visits of one file. */
const bounds = { depth: 12, files: 5000, commands: 50_000, visits: 8, text: 16 * 1024 } as const;

export interface ReachableSet {
  /** @param path a file of the final file system, symbolic links resolved */
  has(path: string): boolean;
  /** All files reached. */
  paths(): Iterable<string>;
  /** From the start to the file: `['Entrypoint', '/start.sh', '/opt/x.json']`; `undefined` where not reached. */
  why(path: string): readonly string[] | undefined;
  /** Programs that would be started and are not in the image: fetched or written first, or merely absent. */
  readonly missing: readonly MissingProgram[];
  /** False where a bound ended the walk early. */
  readonly complete: boolean;
  /** The variables that were looked at, with their values. */
  readonly variables: ReadonlyMap<string, string | undefined>;
}

export interface MissingProgram {
  readonly path: string;
  readonly why: readonly string[];
}

/** The start facts of the file at a resolved path, of the layer whose entry is final. */
export type StartsAt = (path: string) => StartFact | undefined;

/**
 * @param config absent for a directory, where only the system's own start paths count
 * @param bySystem what `startedBySystem` would find, where that is known
 */
export function reachable(
  view: ReachView,
  config: StartConfig | undefined,
  starts: StartsAt,
  bySystem?: ReachableSet,
): ReachableSet {
  const remembered = remembering(view);
  const system = bySystem ?? startedBySystem(remembered, config, starts);
  return config === undefined ? system : both(startedByConfig(remembered, config, starts), system);
}

/** What entrypoint, command, health check and variables start. */
function startedByConfig(view: ReachView, config: StartConfig, starts: StartsAt): ReachableSet {
  const walk = newWalk(view, config, starts);
  startConfig(walk, config);
  return finish(walk);
}

/** What starts by itself in a running system: cron, services, profiles, preloaded libraries. */
export function startedBySystem(
  view: ReachView,
  config: StartConfig | undefined,
  starts: StartsAt,
): ReachableSet {
  const walk = newWalk(view, config ?? noConfig, starts);
  startSystem(walk);
  return finish(walk);
}

/** Where both have a file, the first one says why. */
function both(one: ReachableSet, other: ReachableSet): ReachableSet {
  return {
    has: (path) => one.has(path) || other.has(path),
    paths: () => new Set([...one.paths(), ...other.paths()]),
    why: (path) => one.why(path) ?? other.why(path),
    missing: [...one.missing, ...other.missing.filter(({ path }) => !isMissing(one, path))],
    complete: one.complete && other.complete,
    variables: new Map([...one.variables, ...other.variables]),
  };
}

function isMissing({ missing }: ReachableSet, path: string): boolean {
  return missing.some((one) => one.path === path);
}

function finish(walk: Walk): ReachableSet {
  for (let visit = walk.queue.shift(); visit !== undefined; visit = walk.queue.shift()) {
    const fact = walk.starts(visit.step.name);
    if (fact !== undefined) followFact(walk, fact, visit);
  }
  return {
    has: (path) => walk.reached.has(path),
    paths: () => walk.reached.keys(),
    why: (path) => {
      const step = walk.reached.get(path);
      return step && chain(step);
    },
    missing: [...walk.missing].map(([path, step]) => ({ path, why: chain(step) })),
    complete: walk.complete,
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
    for (const path of expandGlob(walk.view, place.pattern)) {
      reach(walk, path, { ...rootVisit(walk, place.by), args: ['start'] });
    }
  }
}

function rootVisit(walk: Walk, name: string): Visit {
  const { workingDir } = walk.lookup;
  return { step: { name, from: undefined, depth: 0 }, cwd: workingDir, args: [], folder: workingDir };
}

function followFact(walk: Walk, fact: StartFact, visit: Visit): void {
  readAll(walk, fact.refs, visit);
  for (const words of fact.commands) {
    followCommand(walk, expandWords(words, walk.variable, visit.args), visit);
  }
}

function followCommand(walk: Walk, words: readonly string[], visit: Visit): void {
  if (++walk.commands > bounds.commands) {
    walk.complete = false;
    return;
  }
  for (const use of readCommand(words)) followUse(walk, use, visit);
}

function followUse(walk: Walk, use: Use, visit: Visit): void {
  switch (use.kind) {
    case 'run':
      run(walk, use.name, use.args, visit);
      break;
    case 'read':
      readAll(walk, [use.path], visit);
      break;
    case 'enter':
      visit.cwd = findFolder(use.path, visit, walk.lookup);
      break;
    case 'shell':
      followText(walk, use.text, shellFact, { ...visit, args: use.args.slice(1) });
      break;
    case 'code':
      followText(walk, use.text, programFact, { ...visit, folder: visit.cwd });
      break;
    case 'module': {
      const modules = findModule(use.name, visit, walk.lookup, walk.variable('PYTHONPATH'));
      for (const path of modules) reach(walk, path, visit);
      break;
    }
    case 'service':
      for (const path of serviceFiles(walk.view, use.name)) reach(walk, path, { ...visit, args: ['start'] });
      break;
    case 'folder':
      for (const path of expandGlob(walk.view, join(visit.cwd, `${use.path}/*`))) reach(walk, path, visit);
      break;
    default:
      use satisfies never;
  }
}

/** Text inside a command (`sh -c`, `python -c`) is one link deeper, so that it cannot nest for ever. */
function followText(
  walk: Walk,
  text: string,
  read: (text: string, path: string) => StartFact,
  visit: Visit,
): void {
  const { name, from, depth } = visit.step;
  if (depth >= bounds.depth || text.length > bounds.text) walk.complete = false;
  if (depth >= bounds.depth) return;
  // Text is read anew each time: its length counts like commands.
  walk.commands += text.length >> 8;
  const fact = read(text.slice(0, bounds.text), `${visit.folder}/`);
  followFact(walk, fact, { ...visit, step: { name, from, depth: depth + 1 } });
}

function run(walk: Walk, name: string, args: readonly string[], visit: Visit): void {
  const paths = name.includes('*') ? expandGlob(walk.view, join(visit.cwd, name)) : [];
  const program = paths.length > 0 ? undefined : findProgram(name, visit, walk.lookup);
  if (program !== undefined) paths.push(program);
  for (const path of paths) {
    const step = reach(walk, path, { ...visit, args });
    if (step === undefined) continue;
    for (const file of filesBeside(walk, path, visit)) reach(walk, file, { ...visit, step });
  }
  const asPath = join(visit.cwd, name);
  if (paths.length === 0 && name.includes('/') && /^[\w./@+~-]+$/.test(asPath)) {
    if (walk.missing.size < bounds.files && !walk.missing.has(asPath)) walk.missing.set(asPath, visit.step);
  }
}

function filesBeside(walk: Walk, program: string, visit: Visit): readonly string[] {
  const key = `${program}\0${visit.cwd}`;
  const known = walk.beside.get(key) ?? besideProgram(program, visit, walk.lookup);
  walk.beside.set(key, known);
  return known;
}

function readAll(walk: Walk, refs: readonly string[], visit: Visit): void {
  for (const ref of refs) {
    const path = expandWord(ref, walk.variable);
    if (path === '' || path.length > 4096) continue;
    if (/[*?[]/.test(path)) {
      for (const one of expandGlob(walk.view, join(visit.cwd, path))) reach(walk, one, visit);
    } else {
      const file = findFile(path, visit, walk.lookup);
      if (file !== undefined) reach(walk, file, visit);
    }
  }
}

/** Marks a file and, with these arguments for the first time, queues what it refers to. */
function reach(walk: Walk, path: string, visit: Visit): Step | undefined {
  const file = walk.view.resolve(path)?.path;
  if (file === undefined) return undefined;
  let step = walk.reached.get(file);
  if (step === undefined) {
    if (walk.reached.size >= bounds.files || visit.step.depth >= bounds.depth) {
      walk.complete = false;
      return undefined;
    }
    step = { name: file, from: visit.step, depth: visit.step.depth + 1 };
    walk.reached.set(file, step);
  }
  const seen = walk.visits.get(file) ?? new Set();
  walk.visits.set(file, seen);
  const key = [visit.cwd, ...visit.args].join('\0');
  if (!seen.has(key) && seen.size < bounds.visits) {
    seen.add(key);
    const folder = file.slice(0, file.lastIndexOf('/')) || '/';
    walk.queue.push({ step, cwd: visit.cwd, args: visit.args, folder });
  }
  return step;
}

function chain(step: Step): readonly string[] {
  const names: string[] = [];
  for (let at: Step | undefined = step; at !== undefined; at = at.from) names.push(at.name);
  return names.reverse();
}
