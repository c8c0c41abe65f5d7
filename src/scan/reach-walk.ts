/** The state of the walk of `reach.ts`: what is reached, what waits, and the surroundings in which it runs. */
import type { StartedCommand, StartFact } from '../detect/detector.ts';
import type { ImageConfig } from '../image/image.ts';
import {
  type Budget,
  homesOf,
  type Lookup,
  newBudget,
  pathFolders,
  type ReachView,
  remembering,
} from './reach-files.ts';

/** What of the configuration decides what runs. */
export type StartConfig = Pick<
  ImageConfig,
  'entrypoint' | 'cmd' | 'env' | 'healthcheck' | 'user' | 'workingDir'
>;

/**
 * The start facts of the file at a resolved path, of the layer whose entry is final. `left`: a text that nobody
 * read for what it starts.
 */
export type StartsAt = (path: string) => StartFact | 'left' | undefined;

/** What walks go over, together: their answers and their budget are shared. */
export interface Ground {
  readonly view: ReachView;
  readonly starts: StartsAt;
  readonly budget: Budget;
}

export function groundOf(view: ReachView, starts: StartsAt): Ground {
  const budget = newBudget();
  return { view: remembering(view, budget), starts, budget };
}

/** A file whose facts are to be followed, and the surroundings in which it runs. */
export interface Visit {
  /** Path of the file; for what the configuration or the system starts, its name there (`Entrypoint`, `cron`). */
  readonly name: string;
  readonly fact: StartFact | undefined;
  /** Changes as the commands of one file enter directories. */
  cwd: string;
  readonly args: readonly string[];
  /** Directory of the script, for relative names. */
  readonly folder: string;
  /** Levels of `sh -c` inside each other. */
  readonly nesting: number;
}

/** A file that was reached: from where first, and in which surroundings it was followed. */
export interface ReachedFile {
  readonly from: string;
  readonly fact: StartFact | 'left' | undefined;
  readonly seen: Set<string>;
}

export interface Walk extends Ground {
  readonly lookup: Lookup;
  readonly variable: (name: string) => string | undefined;
  /** The variables asked for, with what the answers were. */
  readonly asked: Map<string, string | undefined>;
  readonly reached: Map<string, ReachedFile>;
  /** Files that are run and were not read to their end. */
  readonly partly: Set<string>;
  /** Commands that variables or arguments completed, and that an inspection asked for. */
  readonly commands: StartedCommand[];
  /** What lies beside a program, by its path and the working directory. */
  readonly beside: Map<string, readonly string[]>;
  readonly queue: Visit[];
  complete: boolean;
}

export function newWalk(ground: Ground, config: StartConfig): Walk {
  const env = new Map<string, string>();
  for (const line of config.env) {
    const equals = line.indexOf('=');
    if (equals > 0) env.set(line.slice(0, equals), line.slice(equals + 1));
  }
  const homes = homesOf(config.user, env.get('HOME'));
  if (!env.has('HOME') && homes[0] !== undefined) env.set('HOME', homes[0]);
  const path = pathFolders(env.get('PATH'));
  const asked = new Map<string, string | undefined>();
  return {
    ...ground,
    lookup: { view: ground.view, homes, path: path.folders, workingDir: config.workingDir || '/' },
    variable: (name) => {
      const value = env.get(name);
      asked.set(name, value);
      return value;
    },
    asked,
    reached: new Map(),
    partly: new Set(),
    commands: [],
    beside: new Map(),
    queue: [],
    complete: path.isWhole,
  };
}
