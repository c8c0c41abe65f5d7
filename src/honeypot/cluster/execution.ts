/** A command that a visitor runs in a container, over channels or for its output alone. */
import { randomBytes } from 'node:crypto';
import { createBeginning } from '../beginning.ts';
import type { Connection } from '../decoy.ts';
import { createFed } from '../fed.ts';
import { argumentLine } from '../payload/line.ts';
import type { Channels, Wanted } from '../remote/channels.ts';
import { leftBy } from '../run-line.ts';
import type { Note } from '../world/world.ts';
import type { JsonObject } from './json.ts';
import type { PodWorld } from './pod-worlds.ts';
import type { Runtime, TerminalSize } from './runtime.ts';

export interface Executed {
  readonly exitCode: number;
  readonly notes: readonly Note[];
  /** The beginning of what it wrote, both outputs as they came. */
  readonly output: string;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Why it did not even start. */
  readonly failure?: string;
}

/** Kept of output, in bytes. */
const keptOutput = 64 * 1024;
/** Bytes of output, after which a command is stopped. */
const maxOutput = 16 << 20;

export interface Execution {
  readonly runtime: Runtime;
  readonly container: PodWorld;
  readonly argv: readonly string[];
}

/**
 * Runs a command whose streams go over channels, until it ends or the visitor is gone; tells of it, and then says how it
 * ended.
 * @param about what is told of the container
 * @returns the exit code
 */
export async function executeOver(
  { runtime, container, argv }: Execution,
  channels: Channels,
  { tty, stdin }: Wanted,
  connection: Connection,
  about: JsonObject,
): Promise<number> {
  const [output, fed] = [createBeginning(keptOutput), createFed()];
  const stop = new AbortController();
  const size: TerminalSize = { rows: 24, columns: 80 };
  let written = 0;
  void channels.gone.then(() => stop.abort());
  const listen = (listener: (bytes: Buffer | undefined) => void): void => {
    channels.listen(
      (bytes) => {
        if (bytes !== undefined) fed.add(bytes);
        listener(bytes);
      },
      (next) => Object.assign(size, next),
    );
  };
  if (!stdin) listen(() => {});
  const { exitCode, notes, failure } = await runtime.execute(container.world, {
    argv,
    env: container.env,
    ...(stdin && { input: { listen } }),
    ...(tty && { terminal: size }),
    output: async (to, bytes) => {
      output.add(bytes);
      written += bytes.length;
      if (written > maxOutput || !(await channels.write(tty ? 'stdout' : to, bytes))) stop.abort();
    },
    line(line, { exitCode, notes, output }) {
      void connection.record('exec', {
        raw: line,
        texts: [line],
        notes,
        artefacts: leftBy(container.world, [{ notes }]),
        data: { ...about, line: line.slice(0, 8192), exitCode, output: output.slice(0, 4096) },
      });
    },
    signal: stop.signal,
  });
  const line = argv.join(' ');
  const artefacts = leftBy(container.world, [{ notes }]);
  const [typed, shown] = [fed.bytes(), fed.shown()];
  await connection.record('exec', {
    raw: typed.length === 0 ? line : Buffer.concat([Buffer.from(`${line}\n`), typed]),
    // At a terminal each line was told.
    texts: [argumentLine(argv), ...(tty ? [] : fed.texts(artefacts))],
    notes,
    artefacts,
    data: {
      ...about,
      command: argv.map((one) => one.slice(0, 8192)),
      tty,
      exitCode,
      ...(shown !== undefined && { stdin: shown }),
      ...(failure === undefined ? { output: output.text().slice(0, 4096) } : { failure }),
    },
  });
  channels.finish(failure === undefined ? statusOf(argv, exitCode) : notStarted(whyNot(argv, failure)));
  return exitCode;
}

/** Runs a command for its output alone. @param within milliseconds */
export async function execute({ runtime, container, argv }: Execution, within: number): Promise<Executed> {
  const head = createBeginning(keptOutput);
  const parts = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), within);
  timer.unref();
  let written = 0;
  const { exitCode, notes, failure } = await runtime.execute(container.world, {
    argv,
    env: container.env,
    async output(to, bytes) {
      head.add(bytes);
      written += bytes.length;
      if (written > maxOutput) stop.abort();
      else parts[to].push(Buffer.from(bytes));
    },
    signal: stop.signal,
  });
  clearTimeout(timer);
  return {
    exitCode,
    notes,
    output: head.text(),
    stdout: Buffer.concat(parts.stdout),
    stderr: Buffer.concat(parts.stderr),
    ...(failure !== undefined && { failure: whyNot(argv, failure) }),
  };
}

/** In the words of containerd and runc. */
function whyNot([program = '']: readonly string[], failure: 'ENOENT' | 'EACCES'): string {
  const name = JSON.stringify(program);
  const why =
    failure === 'EACCES'
      ? `exec: ${name}: permission denied`
      : program.includes('/')
        ? `exec: ${name}: stat ${program}: no such file or directory`
        : `exec: ${name}: executable file not found in $PATH`;
  const id = randomBytes(32).toString('hex');
  return `failed to exec in container: failed to start exec "${id}": OCI runtime exec failed: exec failed: unable to start container process: ${why}: unknown`;
}

/** How a command ended, as the error channel tells it. */
function statusOf(argv: readonly string[], exitCode: number): JsonObject {
  if (exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: error executing command [${argv.join(' ')}], exit code ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}

function notStarted(why: string): JsonObject {
  const message = `error executing command in container: ${why}`;
  return {
    metadata: {},
    status: 'Failure',
    message: `Internal error occurred: ${message}`,
    reason: 'InternalError',
    details: { causes: [{ message }] },
    code: 500,
  };
}
