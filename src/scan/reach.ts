/**
 * What would run: a walk over the final file system from everything that starts by itself (entrypoint and
 * command, health check, cron, services, profiles, preloaded libraries) through scripts, wrappers and options
 * to every file that is run or read on the way. A miner's configuration that the entrypoint starts is a miner;
 * the same file in a documentation folder is not.
 *
 * The walk over-approximates: it follows every branch of a script. It never runs or opens anything; what a
 * script refers to was read by the `start` detector when its layer was scanned.
 */
import { hash } from 'node:crypto';
import type { StartedCommand, StartFact } from '../detect/detector.ts';
import { wantsCommand } from '../detect/image-list.ts';
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
  serviceFiles,
} from './reach-files.ts';
import {
  type Ground,
  newWalk,
  type ReachedFile,
  type StartConfig,
  type Visit,
  type Walk,
} from './reach-walk.ts';

/**
 * Bounds of the walk, besides its budget: most files, most surroundings in which one file is followed, most levels
 * of `sh -c` inside each other, longest text of one; where one of these is reached, the walk is not complete. Most
 * commands kept for inspections.
 */
const bounds = { files: 20_000, surroundings: 256, nesting: 12, text: 64 * 1024, commands: 100 } as const;

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

function followFact(walk: Walk, fact: StartFact, visit: Visit): void {
  readAll(walk, fact.refs, visit);
  for (const words of fact.commands) {
    if (walk.budget.isSpent) return;
    const expanded = expandWords(words, walk.variable, visit.args);
    if (expanded !== words) noteCommand(walk, expanded, visit);
    followCommand(walk, expanded, visit);
  }
}

/** Whoever looked at the file saw the variable, not what it stands for. */
function noteCommand(walk: Walk, words: readonly string[], visit: Visit): void {
  if (walk.commands.length < bounds.commands && wantsCommand(words))
    walk.commands.push({ words, by: visit.name });
}

function followCommand(walk: Walk, words: readonly string[], visit: Visit): void {
  let size = 0;
  for (const word of words) size += 16 + word.length;
  walk.budget.spend(size >> 4);
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
    case 'module':
      for (const path of findModule(use.name, visit, walk.lookup, walk.variable('PYTHONPATH')))
        reach(walk, path, visit, 'run');
      break;
    case 'service':
      for (const path of serviceFiles(walk.view, use.name))
        reach(walk, path, { ...visit, args: ['start'] }, 'run');
      break;
    case 'folder':
      for (const path of expandGlob(walk.view, join(visit.cwd, `${use.path}/*`), walk.budget))
        reach(walk, path, visit, 'listed');
      break;
    default:
      use satisfies never;
  }
}

/** Text inside a command: `sh -c`, `python -c`. */
function followText(
  walk: Walk,
  text: string,
  read: (text: string, path: string) => StartFact,
  visit: Visit,
): void {
  if (visit.nesting >= bounds.nesting || text.length > bounds.text) walk.complete = false;
  if (visit.nesting >= bounds.nesting) return;
  // Text is read anew each time.
  if (!walk.budget.spend(text.length)) return;
  const fact = read(text.slice(0, bounds.text), `${visit.folder}/`);
  if (fact.cut === true) walk.complete = false;
  followFact(walk, fact, { ...visit, nesting: visit.nesting + 1 });
}

function run(walk: Walk, name: string, args: readonly string[], visit: Visit): void {
  const paths = name.includes('*') ? expandGlob(walk.view, join(visit.cwd, name), walk.budget) : [];
  const program = paths.length > 0 ? undefined : findProgram(name, visit, walk.lookup);
  if (program !== undefined) paths.push(program);
  for (const path of paths) {
    const file = reach(walk, path, { ...visit, args }, 'run');
    if (file === undefined) continue;
    for (const beside of filesBeside(walk, path, visit))
      reach(walk, beside, { ...visit, name: file }, 'read');
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
    if (walk.budget.isSpent) return;
    const path = expandWord(ref, walk.variable);
    if (path === '' || path.length > 4096) continue;
    if (/[*?[]/.test(path)) {
      for (const one of expandGlob(walk.view, join(visit.cwd, path), walk.budget))
        reach(walk, one, visit, 'listed');
    } else {
      const file = findFile(path, visit, walk.lookup);
      if (file !== undefined) reach(walk, file, visit, 'read');
    }
  }
}

/**
 * How a file is come to: a program is run, a configuration is read; of the files of a folder it is not known.
 * A text that nothing calls a program is one where it is run.
 */
type Manner = 'run' | 'read' | 'listed';

/** Marks a file and, in these surroundings for the first time, queues what it refers to. @returns its path */
function reach(walk: Walk, path: string, visit: Visit, manner: Manner): string | undefined {
  const file = walk.view.resolve(path)?.path;
  if (file === undefined) return undefined;
  let reached = walk.reached.get(file);
  if (reached === undefined) {
    if (walk.reached.size >= bounds.files) {
      walk.complete = false;
      return undefined;
    }
    reached = { from: visit.name, fact: walk.starts(file), seen: new Set() };
    walk.reached.set(file, reached);
  }
  const { fact } = reached;
  if (manner === 'run' && (fact === 'left' || fact?.cut === true)) walk.partly.add(file);
  const isFollowed = fact !== undefined && fact !== 'left' && !(fact.plain === true && manner === 'read');
  if (isFollowed && isNew(walk, reached, visit, takesArguments(fact))) {
    const folder = file.slice(0, file.lastIndexOf('/')) || '/';
    walk.queue.push({ name: file, fact, cwd: visit.cwd, args: visit.args, folder, nesting: 0 });
  }
  return file;
}

/** Arguments that repeat count once: scripts that call themselves with one more each time come to an end. */
function isNew(walk: Walk, { seen }: ReachedFile, visit: Visit, withArguments: boolean): boolean {
  const surroundings = withArguments ? [visit.cwd, ...new Set(visit.args)] : [visit.cwd];
  const size = surroundings.reduce((sum, word) => sum + word.length, 0);
  if (!walk.budget.spend(size >> 4)) return false;
  const key = hash('sha1', surroundings.join('\0'), 'base64');
  if (seen.has(key)) return false;
  if (seen.size >= bounds.surroundings) walk.complete = false;
  else seen.add(key);
  return seen.has(key);
}

const argument = /\$\{?(?:[0-9@*]|#)/;

function takesArguments({ commands, refs }: StartFact): boolean {
  return (
    refs.some((one) => argument.test(one)) ||
    commands.some((words) => words.some((one) => argument.test(one)))
  );
}
