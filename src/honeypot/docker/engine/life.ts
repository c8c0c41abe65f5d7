/**
 * The life of a container: started, stopped, killed, restarted, removed; what its process writes goes to its logs and
 * to whoever is attached, and its end is told to whoever waits.
 */
import type { Process, World } from '../../world/world.ts';
import { momentOf } from '../json/encode.ts';
import { argumentsOf } from './config.ts';
import { type Container, type Exec, isRunning } from './container.ts';
import { type Engine, newId } from './engine.ts';
import { broken, conflict, DockerError, notFound, notRunning } from './failure.ts';
import { hostConfigOf } from './host-config.ts';
import type { Channel } from './logs.ts';
import { joinNetwork, leaveNetworks, networkOf } from './networks.ts';
import { type Plan, planOf } from './plan.ts';
import { type Outcome, saidProcess, startProcess } from './process.ts';
import { verifyUser } from './program.ts';
import { tellingOf, tellLine, type Witness } from './telling.ts';
import { forgetInput, inputOf, waitFor, wake } from './waiting.ts';
import { hideProcesses, showProcess, worldOf } from './worlds.ts';

/** A container that does not end is told of after so many milliseconds. */
const tellAfter = 2000;
/** So many ends in a row are emulated of a container that is always started again. */
const mostRestarts = 3;

/** @throws DockerError 304 where it runs already, 400 or 500 where it cannot */
export function startContainer(engine: Engine, container: Container, witness: Witness): void {
  if (container.status === 'paused') throw conflict('cannot start a paused container, try unpause instead');
  if (isRunning(container)) throw new DockerError(304, '');
  container.isStopped = false;
  container.restarts = 0;
  begin(engine, container, witness);
}

function begin(engine: Engine, container: Container, witness: Witness): void {
  const { config } = container;
  const world = container.isOwn ? undefined : worldOf(engine, container);
  container.sandbox ||= newId();
  if (container.hostConfig.Runtime === undefined)
    container.hostConfig = hostConfigOf(container.hostConfig, 41);
  let plan: Plan;
  try {
    joinAll(engine, container);
    if (world !== undefined) {
      verifyUser(world, config.User);
      plan = planOf(container, world);
    }
  } catch (error) {
    leaveNetworks(engine, container);
    if (error instanceof DockerError) {
      container.exitCode = error.message.includes('permission denied')
        ? 126
        : error.status === 400
          ? 127
          : 128;
      container.error = error.message;
    }
    throw error;
  }
  container.isEmulated = plan !== undefined;
  const hide =
    plan === undefined && world !== undefined ? showProcess(world, argumentsOf(config)) : undefined;
  const before = new Set(world?.processes);
  const telling = tellingOf(witness, container, argumentsOf(config));
  const output = (channel: Channel, bytes: Uint8Array): void => {
    container.logs.add(channel, bytes);
    telling.wrote(bytes);
    for (const watcher of container.watchers) watcher.output(channel, bytes);
  };
  const running = startProcess({
    runtime: engine.runtime,
    world: plan === undefined ? undefined : world,
    options: {
      argv: plan ?? [],
      env: config.Env ?? [],
      cwd: config.WorkingDir || '/',
      user: config.User,
      tty: config.Tty,
      output,
      lineRan: (line, result) => tellLine(witness, container, line, result),
    },
    input: config.OpenStdin ? inputOf(container) : undefined,
  });
  const host = engine.host();
  container.pid = host.nextPid++;
  container.running = running;
  container.status = 'running';
  container.exitCode = 0;
  container.error = '';
  container.startedAt = momentOf(Date.now());
  engine.events.ofContainer('start', container);

  const timer = setTimeout(() => telling.tell(), tellAfter).unref();
  const over = (outcome: Outcome): void => {
    clearTimeout(timer);
    hide?.();
    if (!container.isOwn) telling.tell(outcome);
    if (container.running !== running) return;
    const left = world?.processes.filter((one) => one.isLeft && !before.has(one)) ?? [];
    if (!running.wasKilled && left.length > 0) {
      goOn(engine, container, world!, left, witness);
      return;
    }
    hideProcesses(world, left);
    end(engine, container, outcome.exitCode, witness);
  };
  void running.ended.then(over);
}

/** What a visitor brought is not run; where it was started, it is said to go on until it is killed. */
function goOn(
  engine: Engine,
  container: Container,
  world: World,
  left: readonly Process[],
  witness: Witness,
): void {
  const running = saidProcess();
  container.running = running;
  container.isEmulated = false;
  void running.ended.then(({ exitCode }) => {
    hideProcesses(world, left);
    if (container.running === running) end(engine, container, exitCode, witness);
  });
}

function joinAll(engine: Engine, container: Container): void {
  for (const name of container.endpoints.keys()) {
    const network = [...engine.networks.values()].find((one) => one.name === name || one.id === name);
    if (network === undefined) throw notFound(`network ${name} not found`);
    joinNetwork(engine, networkOf(engine, network.id), container);
  }
}

function end(engine: Engine, container: Container, exitCode: number, witness: Witness): void {
  container.logs.flush();
  delete container.running;
  container.status = 'exited';
  container.pid = 0;
  container.exitCode = exitCode;
  container.finishedAt = momentOf(Date.now());
  forgetInput(container);
  for (const id of container.execs) engine.execs.get(id)?.running?.kill(137);
  container.execs.clear();
  leaveNetworks(engine, container);
  engine.events.ofContainer('die', container, { exitCode: String(exitCode) });
  const willRestart = !container.isStopped && mayRestart(container) && engine.containers.has(container.id);
  for (const watcher of [...container.watchers]) watcher.end();
  if (willRestart) {
    container.status = 'restarting';
    container.restarts += 1;
    wake(container, 'exit');
    const delay = 100 * 2 ** Math.min(10, container.restarts);
    setTimeout(() => restart(engine, container, witness), delay).unref();
    return;
  }
  wake(container, 'exit');
  if (container.hostConfig.AutoRemove) {
    removeNow(engine, container);
    removeAnonymous(engine, container);
  }
}

/** Volumes that were made for it and have no name of their own. */
export function removeAnonymous({ volumes }: Engine, { mounts }: Container): void {
  for (const { Name } of mounts) if (Name !== undefined && /^[0-9a-f]{64}$/.test(Name)) volumes.delete(Name);
}

function mayRestart({ hostConfig, exitCode, restarts }: Container): boolean {
  const { Name, MaximumRetryCount: most } = hostConfig.RestartPolicy;
  if (Name === 'always' || Name === 'unless-stopped') return true;
  return Name === 'on-failure' && exitCode !== 0 && (most === 0 || restarts < most);
}

/** A container that ends at once again and again is soon only said to be restarting. */
function restart(engine: Engine, container: Container, witness: Witness): void {
  if (container.status !== 'restarting' || !engine.containers.has(container.id)) return;
  if (container.restarts > mostRestarts) return;
  try {
    begin(engine, container, witness);
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    container.status = 'exited';
  }
}

/** @returns when it has ended, or does not end of itself in its time and was killed */
export async function stopContainer(engine: Engine, container: Container, seconds: number): Promise<void> {
  container.isStopped = true;
  if (container.status === 'restarting') container.status = 'exited';
  if (!isRunning(container)) throw new DockerError(304, '');
  const { exitCode, takes } = endBySignal(container, seconds);
  engine.events.ofContainer('kill', container, { signal: String(15) });
  if (takes > 0) await new Promise((resolve) => setTimeout(resolve, takes));
  if (isRunning(container)) await finish(engine, container, exitCode);
  engine.events.ofContainer('stop', container);
}

/** Nobody waits longer for a container to end, in milliseconds. */
const longestStop = 60_000;

/** Services end when they are told to; shells, as first processes, do not hear it and are killed when their time is over. */
function endBySignal(container: Container, seconds: number): { exitCode: number; takes: number } {
  if (!container.isEmulated) return { exitCode: 0, takes: 180 + Math.random() * 200 };
  return { exitCode: 137, takes: Math.min(Math.max(0, seconds) * 1000, longestStop) };
}

/** @throws DockerError 409 */
export async function killContainer(engine: Engine, container: Container, signal: number): Promise<void> {
  if (!isRunning(container)) throw notRunning(container.id);
  engine.events.ofContainer('kill', container, { signal: String(signal) });
  const isDeadly = signal === 9 || (!container.isEmulated && [2, 3, 15].includes(signal));
  if (!isDeadly) return;
  container.isStopped = true;
  await finish(engine, container, 128 + signal);
}

async function finish(engine: Engine, container: Container, exitCode: number): Promise<void> {
  const { running } = container;
  if (running === undefined) {
    end(engine, container, exitCode, { record: () => Promise.resolve() });
    return;
  }
  const ended = waitFor(container, 'next-exit');
  running.kill(exitCode);
  await ended.done;
}

export async function removeContainer(
  engine: Engine,
  container: Container,
  isForced: boolean,
): Promise<void> {
  if (isRunning(container)) {
    if (!isForced) {
      if (container.status === 'paused')
        throw conflict(
          `You cannot remove a paused container ${container.id}. Unpause and then stop the container before attempting removal or force remove`,
        );
      throw conflict(
        `You cannot remove a running container ${container.id}. Stop the container before attempting removal or force remove`,
      );
    }
    engine.events.ofContainer('kill', container, { signal: '9' });
    container.isStopped = true;
    await finish(engine, container, 137);
  } else if (container.status === 'restarting' && !isForced)
    throw conflict(
      `You cannot remove a restarting container ${container.id}. Stop the container before attempting removal or force remove`,
    );
  removeNow(engine, container);
}

/** An instance that nobody will ask for any more. */
export function forgetExec(engine: Engine, exec: Exec): void {
  if (!engine.execs.delete(exec.id)) return;
  exec.container.execs.delete(exec.id);
  engine.quota.take(-exec.cost);
}

function removeNow(engine: Engine, container: Container): void {
  if (!engine.containers.delete(container.id)) return;
  for (const exec of engine.execs.values()) if (exec.container === container) forgetExec(engine, exec);
  engine.quota.take(-container.cost);
  container.logs.close();
  container.world?.close();
  delete container.world;
  engine.events.ofContainer('destroy', container);
  wake(container, 'removed');
}

export function pauseContainer(engine: Engine, container: Container): void {
  if (!isRunning(container)) throw notRunning(container.id);
  if (container.status === 'paused') throw conflict(`Container ${container.id} is already paused`);
  container.status = 'paused';
  engine.events.ofContainer('pause', container);
}

export function unpauseContainer(engine: Engine, container: Container): void {
  if (container.status !== 'paused') throw broken(`Container ${container.id} is not paused`);
  container.status = 'running';
  engine.events.ofContainer('unpause', container);
}
