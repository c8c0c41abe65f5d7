/** Runs programs of the world for tests, without a shell. */
import { personaOf } from '../../../persona/persona.ts';
import { Quota } from '../../files/quota.ts';
import { View } from '../../files/view.ts';
import { Ended, type Input, type Output, type Program, type Run } from '../../program.ts';
import { textOf } from '../../shell/bytes.ts';
import { createContainer } from '../../systems/container.ts';
import { createHost } from '../../systems/host.ts';
import type { Note, World } from '../../world.ts';
import { programAt, programNamed } from '../list.ts';

export const persona = personaOf('tests');

export function host(): World {
  return createHost(persona, new Quota(256 << 20));
}

export function container(image = 'alpine', inside: World = host()): World {
  return createContainer(inside, { image, id: 'c0ffee'.repeat(10) + 'abcd', command: ['/bin/sh'] });
}

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly bytes: Buffer;
  readonly notes: readonly Note[];
}

export interface Situation {
  readonly world?: World;
  readonly cwd?: string;
  readonly stdin?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly user?: Run['user'];
  readonly terminal?: { readonly rows: number; readonly columns: number };
  /** Units of work after which it is killed. */
  readonly budget?: number;
}

const root = { name: 'root', uid: 0, gid: 0, home: '/root' };
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** @param line words, in quotes where they have spaces: `grep -n "a b" file` */
export async function run(line: string | readonly string[], situation: Situation = {}): Promise<Outcome> {
  const args = typeof line === 'string' ? wordsOf(line) : line;
  const { world = host(), cwd = '/root', user = root, env = {}, budget = 4_000_000 } = situation;
  const notes: Note[] = [];
  const [out, error]: [Buffer[], Buffer[]] = [[], []];
  let left = budget;
  const files = new View(world.files, { user }).in(cwd);
  const make = (words: readonly string[], change: Partial<Run> = {}): Run => {
    const made: Run = {
      world,
      args: words,
      env: new Map(Object.entries({ PATH: path, HOME: user.home, LANG: 'C.UTF-8', ...env })),
      files,
      user,
      pid: world.nextPid,
      stdin: inputOf(situation.stdin ?? ''),
      stdout: outputTo(out, situation.terminal !== undefined),
      stderr: outputTo(error, situation.terminal !== undefined),
      ...(situation.terminal && { terminal: situation.terminal }),
      note: (note) => notes.push(note),
      exec: (next, changed = {}) => {
        const { isDetached, ...rest } = changed;
        return execute(next, { ...made, ...rest });
      },
      sleep: (milliseconds) => {
        world.ahead += milliseconds;
        return made.work(1000);
      },
      work: (units) => {
        left -= units;
        return left < 0 ? Promise.reject(new Ended(137)) : Promise.resolve();
      },
      ...change,
    };
    return made;
  };
  const execute = async (words: readonly string[], from: Run): Promise<number> => {
    const program = find(from, words[0] ?? '');
    if (program === undefined) return 127;
    return program({ ...from, args: words });
  };
  let exitCode: number;
  try {
    const first = make(args);
    const program = find(first, args[0] ?? '');
    if (program === undefined) throw new Error(`${args[0]} is no program of this world`);
    exitCode = await program(first);
  } catch (failure) {
    if (!(failure instanceof Ended)) throw failure;
    exitCode = failure.exitCode;
  }
  const all = Buffer.concat(out);
  return { exitCode, stdout: textOf(all), stderr: textOf(Buffer.concat(error)), bytes: all, notes };
}

function find(from: Run, name: string): Program | undefined {
  const candidates = name.includes('/') ? [name] : path.split(':').map((folder) => `${folder}/${name}`);
  const found = candidates.find((candidate) => from.files.exists(candidate));
  return found === undefined
    ? name.includes('/')
      ? undefined
      : programIfKnown(name)
    : programAt(from.world, found);
}

/** What is not installed is run all the same, where the machine's own has it. */
function programIfKnown(name: string): Program | undefined {
  return /^(xxd|strings)$/.test(name) ? programNamed(name) : undefined;
}

function inputOf(content: string | Uint8Array): Input {
  let rest: Uint8Array | undefined = typeof content === 'string' ? Buffer.from(content) : content;
  return {
    isTerminal: false,
    read: async () => {
      const part = rest;
      rest = undefined;
      return part?.length === 0 ? undefined : part;
    },
  };
}

function outputTo(parts: Buffer[], isTerminal: boolean): Output {
  return {
    isTerminal,
    write: async (data) => {
      parts.push(Buffer.from(data as string));
    },
  };
}

/** Words of a line; quotes keep spaces, and nothing else is special. */
export function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain!,
  );
}
