/** The state of the walk of `reach.ts`: what is reached, what waits, and the surroundings in which it runs. */
import type { StartFact } from '../detect/detector.ts';
import type { ImageConfig } from '../image/image.ts';
import { homesOf, type Lookup, type ReachView } from './reach-files.ts';

/** What of the configuration decides what runs. */
export type StartConfig = Pick<
  ImageConfig,
  'entrypoint' | 'cmd' | 'env' | 'healthcheck' | 'user' | 'workingDir'
>;

/** One link of a chain: a root (`Entrypoint`, `cron`) or the path of a reached file. */
export interface Step {
  readonly name: string;
  readonly from: Step | undefined;
  readonly depth: number;
}

/** A file whose facts are to be followed, and the surroundings in which it runs. */
export interface Visit {
  readonly step: Step;
  /** Changes as the commands of one file enter directories. */
  cwd: string;
  readonly args: readonly string[];
  /** Directory of the script, for relative names. */
  readonly folder: string;
}

export interface Walk {
  readonly view: ReachView;
  readonly starts: (path: string) => StartFact | undefined;
  readonly lookup: Lookup;
  readonly variable: (name: string) => string | undefined;
  /** The variables asked for, with what the answers were. */
  readonly asked: Map<string, string | undefined>;
  readonly reached: Map<string, Step>;
  readonly missing: Map<string, Step>;
  /** What lies beside a program, by its path and the working directory. */
  readonly beside: Map<string, readonly string[]>;
  readonly visits: Map<string, Set<string>>;
  readonly queue: Visit[];
  commands: number;
  complete: boolean;
}

export function newWalk(view: ReachView, config: StartConfig, starts: Walk['starts']): Walk {
  const env = new Map<string, string>();
  for (const line of config.env) {
    const equals = line.indexOf('=');
    if (equals > 0) env.set(line.slice(0, equals), line.slice(equals + 1));
  }
  const homes = homesOf(config.user, env.get('HOME'));
  if (!env.has('HOME') && homes[0] !== undefined) env.set('HOME', homes[0]);
  const asked = new Map<string, string | undefined>();
  return {
    view,
    starts,
    lookup: { view, homes, path: env.get('PATH'), workingDir: config.workingDir || '/' },
    variable: (name) => {
      const value = env.get(name);
      asked.set(name, value);
      return value;
    },
    asked,
    reached: new Map(),
    missing: new Map(),
    beside: new Map(),
    visits: new Map(),
    queue: [],
    commands: 0,
    complete: true,
  };
}
