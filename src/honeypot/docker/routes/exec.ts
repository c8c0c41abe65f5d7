/** `docker exec`: an instance is made, then started; its output comes on the connection that started it. */
import { type Call, integer, readBody, respondEmpty, respondJson } from '../api/call.ts';
import type { Route } from '../api/route.ts';
import { type Exec, isRunning } from '../engine/container.ts';
import { charge, containerOf, type Engine, newId } from '../engine/engine.ts';
import {
  badRequest,
  broken,
  conflict,
  type DockerError,
  diskFull,
  noSuchExec,
  notRunning,
} from '../engine/failure.ts';
import { TypedInput } from '../engine/input.ts';
import { forgetExec } from '../engine/life.ts';
import type { Channel } from '../engine/logs.ts';
import { launchTime, startProcess } from '../engine/process.ts';
import { findProgram } from '../engine/program.ts';
import { tellingOf, tellLine } from '../engine/telling.ts';
import { worldOf } from '../engine/worlds.ts';
import { bool, listOf, struct, text } from '../json/decode.ts';
import { textsOf } from '../record.ts';
import { keepOpen } from '../stream/keep-open.ts';
import { frame, send, takeOver } from '../stream/multiplex.ts';
import { tellTyped } from '../stream/typed.ts';

export const execRoutes: readonly Route[] = [
  { method: 'POST', pattern: '/containers/{name}/exec', handle: create, recordsItself: true },
  { method: 'GET', pattern: '/exec/{name}/json', handle: inspect },
  { method: 'POST', pattern: '/exec/{name}/start', handle: start },
  { method: 'POST', pattern: '/exec/{name}/resize', handle: resize },
];

const configShape = struct('types.ExecConfig', {
  User: text,
  Privileged: bool,
  Tty: bool,
  AttachStdin: bool,
  AttachStderr: bool,
  AttachStdout: bool,
  Detach: bool,
  DetachKeys: text,
  Env: listOf(text),
  WorkingDir: text,
  Cmd: listOf(text),
});
const startShape = struct('types.ExecStartCheck', { Detach: bool, Tty: bool });

interface ExecRequest {
  readonly User?: string;
  readonly Privileged?: boolean;
  readonly Tty?: boolean;
  readonly AttachStdin?: boolean;
  readonly AttachStdout?: boolean;
  readonly AttachStderr?: boolean;
  readonly DetachKeys?: string;
  readonly Env?: readonly string[];
  readonly WorkingDir?: string;
  readonly Cmd?: readonly string[];
}

/** Instances of one source that are kept; the oldest that ended goes. */
const mostExecs = 500;

async function create(call: Call): Promise<void> {
  const { engine, exchange, name } = call;
  const { bytes } = await exchange.body();
  const told = (await readBodyTelling(call, bytes)) as ExecRequest;
  const argv = told.Cmd ?? [];
  const known = [...engine.containers.values()].find((one) => one.name === name || one.id.startsWith(name));
  await call.record('container.exec', {
    raw: bytes,
    texts: [...textsOf(argv), ...(told.Env ?? []).slice(0, 64)],
    commands: argv.length > 0 ? [argv.join(' ').slice(0, 16_000)] : [],
    data: {
      cmd: argv,
      container: known?.id ?? name,
      name: known?.name ?? '',
      user: told.User ?? '',
      privileged: told.Privileged ?? false,
      tty: told.Tty ?? false,
    },
  });
  if (argv.length === 0) throw badRequest('No exec command specified');
  const container = containerOf(engine, name);
  if (!isRunning(container)) throw notRunning(container.id);
  if (container.status === 'paused')
    throw conflict(`Container ${name} is paused, unpause the container before exec`);
  const exec: Exec = {
    id: newId(),
    container,
    argv,
    env: [...(container.config.Env ?? []), ...(told.Env ?? [])],
    user: told.User || container.config.User,
    workdir: told.WorkingDir || container.config.WorkingDir,
    tty: told.Tty ?? false,
    privileged: told.Privileged ?? false,
    stdin: told.AttachStdin ?? false,
    stdout: told.AttachStdout ?? false,
    stderr: told.AttachStderr ?? false,
    detachKeys: told.DetachKeys ?? '',
    cost: bytes.length,
    isRunning: false,
    exitCode: null,
    pid: 0,
  };
  makeRoom(call);
  charge(engine, exec.cost);
  engine.execs.set(exec.id, exec);
  container.execs.add(exec.id);
  engine.events.ofContainer(`exec_create: ${argv.join(' ')}`, container, { execID: exec.id });
  respondJson(call, 201, { Id: exec.id });
}

/** A body that is none is told of before it is refused. */
async function readBodyTelling(call: Call, bytes: Buffer): Promise<object> {
  try {
    return await readBody(call, configShape, 'strict');
  } catch (error) {
    await call.record('container.exec', { raw: bytes, data: { container: call.name, isRefused: true } });
    throw error;
  }
}

function makeRoom({ engine }: Call): void {
  for (const exec of engine.execs.values()) {
    if (engine.execs.size < mostExecs) return;
    if (exec.isRunning) continue;
    forgetExec(engine, exec);
  }
  if (engine.execs.size >= mostExecs) throw broken(diskFull);
}

function execOf({ engine, name }: Call): Exec {
  const exec = engine.execs.get(name);
  if (exec === undefined) throw noSuchExec(name);
  return exec;
}

function inspect(call: Call): void {
  const exec = execOf(call);
  const [entrypoint = '', ...args] = exec.argv;
  respondJson(call, 200, {
    ID: exec.id,
    Running: exec.isRunning,
    ExitCode: exec.exitCode,
    ProcessConfig: {
      tty: exec.tty,
      entrypoint,
      arguments: args,
      privileged: exec.privileged,
      ...(exec.user !== '' && { user: exec.user }),
    },
    OpenStdin: exec.stdin,
    OpenStderr: exec.stderr,
    OpenStdout: exec.stdout,
    CanRemove: false,
    ContainerID: exec.container.id,
    DetachKeys: exec.detachKeys,
    Pid: exec.pid,
  });
}

async function start(call: Call): Promise<void> {
  const told = (await readBody(call, startShape, 'strict')) as { Detach?: boolean; Tty?: boolean };
  const exec = execOf(call);
  if (!isRunning(exec.container)) throw notRunning(exec.container.id);
  const refusal = refusalOf(call.engine, exec);
  if (told.Detach) {
    if (refusal !== undefined) throw refusal;
    run(call, exec, () => {}, undefined);
    respondEmpty(call, 200);
    return;
  }
  const isRaw = told.Tty ?? false;
  const stream = takeOver(call, 'exec');
  const out = (channel: Channel, bytes: Uint8Array): void => {
    if ((channel === 1 ? exec.stdout : exec.stderr) || exec.tty)
      send(stream, isRaw ? bytes : frame(channel, bytes));
  };
  if (refusal !== undefined) {
    // It is a stream by now: what is wrong is said in it.
    const words = Buffer.from(`${refusal.message}\r\n`);
    setTimeout(() => {
      send(stream, isRaw ? words : frame(1, words));
      stream.end();
    }, launchTime());
    stream.resume();
    return;
  }
  const leave = keepOpen(call.exchange.connection);
  const input = exec.stdin ? new TypedInput() : undefined;
  const typed = tellTyped((bytes) => void recordTyped(call, exec, bytes));
  const endInput = (): void => {
    typed.end();
    input?.end();
  };
  stream.on('data', (bytes: Buffer) => {
    if (input === undefined) return;
    typed.add(bytes);
    input.push(bytes);
  });
  stream.once('end', endInput);
  stream.once('close', () => {
    endInput();
    // Nobody sees what a terminal shows any more; the real one hangs up.
    if (exec.tty) exec.running?.kill(hungUp);
  });
  stream.resume();
  run(call, exec, out, input, () => {
    leave();
    typed.end();
    stream.end();
  });
}

/** 128 and the number of SIGHUP. */
const hungUp = 129;

/** Why it cannot be started, if it cannot; one whose program is absent has then ended. */
function refusalOf(engine: Engine, exec: Exec): DockerError | undefined {
  if (exec.exitCode !== null) return conflict(`Error: Exec command ${exec.id} has already run`);
  if (exec.isRunning) return conflict(`Error: Exec command ${exec.id} is already running`);
  const absent = absentIn(engine, exec);
  if (absent === undefined) return undefined;
  exec.exitCode = 126;
  return badRequest(absent);
}

function recordTyped(call: Call, { id, container }: Exec, bytes: Buffer): Promise<void> {
  const input = bytes.toString('utf8');
  return call.record('container.exec', {
    raw: bytes,
    texts: [input],
    data: { container: container.id, name: container.name, exec: id, input: input.slice(0, 4000) },
  });
}

/** What runc says where there is no such program. */
function absentIn(engine: Engine, exec: Exec): string | undefined {
  const { container } = exec;
  const [program = ''] = exec.argv;
  const found = findProgram(worldOf(engine, container), program, { Env: exec.env, WorkingDir: exec.workdir });
  const prefix = 'OCI runtime exec failed: exec failed: unable to start container process: exec:';
  if (found === 'forbidden') return `${prefix} "${program}": permission denied: unknown`;
  if (found === 'present') return undefined;
  return program.includes('/')
    ? `${prefix} "${program}": stat ${program}: no such file or directory: unknown`
    : `${prefix} "${program}": executable file not found in $PATH: unknown`;
}

function run(
  call: Call,
  exec: Exec,
  out: (channel: Channel, bytes: Uint8Array) => void,
  input: TypedInput | undefined,
  over: () => void = () => {},
): void {
  const { engine } = call;
  const { container } = exec;
  engine.events.ofContainer(`exec_start: ${exec.argv.join(' ')}`, container, { execID: exec.id });
  const telling = tellingOf(call, container, exec.argv, { exec: exec.id });
  const running = startProcess({
    runtime: engine.runtime,
    world: worldOf(engine, container),
    options: {
      argv: exec.argv,
      env: exec.env,
      cwd: exec.workdir || '/',
      user: exec.user,
      tty: exec.tty,
      output(channel, bytes) {
        telling.wrote(bytes);
        out(exec.tty ? 1 : channel, bytes);
      },
      lineRan: (line, result) => tellLine(call, container, line, result),
    },
    input,
    takes: launchTime(),
  });
  exec.isRunning = true;
  exec.pid = engine.host().nextPid++;
  exec.running = running;
  void running.ended.then((outcome) => {
    exec.isRunning = false;
    exec.exitCode = outcome.exitCode;
    delete exec.running;
    over();
    engine.events.ofContainer('exec_die', container, { execID: exec.id, exitCode: String(outcome.exitCode) });
    telling.tell(outcome);
  });
}

function resize(call: Call): void {
  const [rows, columns] = [integer(call, 'h', 400), integer(call, 'w', 400)];
  const exec = execOf(call);
  if (exec.running !== undefined && rows && columns) Object.assign(exec.running.size, { rows, columns });
  respondEmpty(call, 200);
}
