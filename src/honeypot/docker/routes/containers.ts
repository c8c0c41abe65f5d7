/** `/containers`: lists, made, looked at, changed and removed. */

import { rawOf } from '../../http/raw.ts';
import { type Call, flag, integer, readBody, respondEmpty, respondJson, streamJson } from '../api/call.ts';
import { type Filters, filtersOf } from '../api/filters.ts';
import type { Route } from '../api/route.ts';
import { changesOf } from '../engine/changes.ts';
import { createShape, updateShape } from '../engine/config.ts';
import { type Container, isRunning } from '../engine/container.ts';
import { createContainer, nameIsInvalid, nameIsTaken } from '../engine/create.ts';
import { containerJson, containerSummary } from '../engine/describe.ts';
import { charge, containerNamed, containerOf, type Engine } from '../engine/engine.ts';
import { badRequest, broken, conflict, DockerError } from '../engine/failure.ts';
import { type HostConfig, type RestartPolicy, verifyRestartPolicy } from '../engine/host-config.ts';
import {
  killContainer,
  pauseContainer,
  removeAnonymous,
  removeContainer,
  startContainer,
  stopContainer,
  unpauseContainer,
} from '../engine/life.ts';
import { nameForm } from '../engine/names.ts';
import { signalOf } from '../engine/signals.ts';
import { processesOf } from '../engine/top.ts';
import { waitFor } from '../engine/waiting.ts';
import { goJson } from '../json/encode.ts';
import { recordCreate } from '../record.ts';
import { keepOpen } from '../stream/keep-open.ts';

export const containerRoutes: readonly Route[] = [
  { method: 'GET', pattern: '/containers/json', handle: list },
  { method: 'POST', pattern: '/containers/create', handle: create, recordsItself: true },
  { method: 'POST', pattern: '/containers/prune', handle: prune },
  { method: 'GET', pattern: '/containers/{name}/json', handle: inspect },
  { method: 'GET', pattern: '/containers/{name}/top', handle: top },
  { method: 'GET', pattern: '/containers/{name}/changes', handle: changes },
  { method: 'POST', pattern: '/containers/{name}/start', handle: start, recordsItself: true },
  { method: 'POST', pattern: '/containers/{name}/stop', handle: stop },
  { method: 'POST', pattern: '/containers/{name}/restart', handle: restart },
  { method: 'POST', pattern: '/containers/{name}/kill', handle: kill },
  { method: 'POST', pattern: '/containers/{name}/pause', handle: pause },
  { method: 'POST', pattern: '/containers/{name}/unpause', handle: unpause },
  { method: 'POST', pattern: '/containers/{name}/wait', handle: wait },
  { method: 'POST', pattern: '/containers/{name}/resize', handle: resize },
  { method: 'POST', pattern: '/containers/{name}/rename', handle: rename },
  { method: 'POST', pattern: '/containers/{name}/update', handle: update },
  { method: 'DELETE', pattern: '/containers/{name}', handle: remove },
];

const listFilters =
  'ancestor before exited expose health id is-task isolation label name network publish since status volume'.split(
    ' ',
  );
const statuses = ['created', 'dead', 'exited', 'paused', 'removing', 'restarting', 'running'];

function list(call: Call): void {
  const { engine } = call;
  const limit = integer(call, 'limit') ?? 0;
  const filters = filtersOf(call, listFilters);
  for (const status of filters.get('status'))
    if (!statuses.includes(status)) throw badRequest(`Invalid filter 'status=${status}'`);
  const [before, since] = (['before', 'since'] as const).map((name) => edgeOf(engine, filters, name));
  const withAll =
    flag(call, 'all') || limit > 0 || filters.has('status') || before !== undefined || since !== undefined;
  const withSize = flag(call, 'size');
  const shown: object[] = [];
  for (const container of [...engine.containers.values()].reverse()) {
    if (!withAll && !isRunning(container) && container.status !== 'restarting') continue;
    if (before !== undefined && container.created.at >= before) continue;
    if (since !== undefined && container.created.at <= since) continue;
    if (!isWanted(engine, container, filters)) continue;
    shown.push(containerSummary(engine, container, withSize));
    if (limit > 0 && shown.length >= limit) break;
  }
  respondJson(call, 200, shown);
}

function edgeOf(engine: Engine, filters: Filters, name: string): number | undefined {
  const [value] = filters.get(name);
  if (value === undefined) return undefined;
  const found = [...engine.containers.values()].find((one) => one.name === value || one.id.startsWith(value));
  if (found === undefined) throw broken(`no such container ${value}`);
  return found.created.at;
}

function isWanted({ tags }: Engine, container: Container, filters: Filters): boolean {
  const { id, name, config, image, status, exitCode, endpoints, mounts } = container;
  return (
    filters.contains('name', name) &&
    (filters.get('id').length === 0 || filters.get('id').some((one) => id.startsWith(one))) &&
    filters.matches('status', status) &&
    (!filters.has('exited') || (status === 'exited' && filters.matches('exited', String(exitCode)))) &&
    filters.matchesLabels(config.Labels) &&
    (!filters.has('ancestor') ||
      filters
        .get('ancestor')
        .some(
          (one) => [tags.get(one), tags.get(`${one}:latest`)].includes(image.id) || image.id.includes(one),
        )) &&
    (!filters.has('network') || filters.get('network').some((one) => endpoints.has(one))) &&
    (!filters.has('volume') ||
      filters
        .get('volume')
        .some((one) => mounts.some((mount) => mount.Name === one || mount.Destination === one)))
  );
}

async function create(call: Call): Promise<void> {
  const { bytes } = await call.exchange.body();
  let body: Awaited<ReturnType<typeof readBody>> = {};
  try {
    body = await readBody(call, createShape, 'old');
    const container = createContainer(call.engine, {
      body,
      length: bytes.length,
      name: call.query.get('name') ?? '',
      minor: call.minor,
    });
    await recordCreate(call, bytes, body, { id: container.id, name: container.name });
    respondJson(call, 201, { Id: container.id, Warnings: [] });
  } catch (error) {
    await recordCreate(call, bytes, body, { refused: error instanceof Error ? error.message : '' });
    throw error;
  }
}

function inspect(call: Call): void {
  respondJson(call, 200, containerJson(containerOf(call.engine, call.name), flag(call, 'size')));
}

function top(call: Call): void {
  const { engine, query, name } = call;
  respondJson(call, 200, processesOf(engine, containerOf(engine, name), query.get('ps_args') || '-ef'));
}

function changes(call: Call): void {
  const { engine, name } = call;
  const container = containerOf(engine, name);
  const list = changesOf(engine, container).map(({ path, kind }) => ({ Path: path, Kind: kind }));
  respondJson(call, 200, list.length === 0 ? null : list);
}

async function start(call: Call): Promise<void> {
  const { engine, exchange, name, minor } = call;
  const { bytes, length } = await exchange.body();
  // Recorded before it is done, so that what it does comes after it.
  const known = [...engine.containers.values()].find((one) => one.name === name || one.id.startsWith(name));
  await call.record('container.start', {
    raw: length > 0 ? bytes : rawOf(exchange),
    texts: length > 0 ? [bytes.toString('utf8')] : [],
    data: { container: name, ...(known && { id: known.id, name: known.name, image: known.imageName }) },
  });
  if (length > 2 && minor >= 24)
    throw badRequest(
      'starting container with non-empty request body was deprecated since API v1.22 and removed in v1.24',
    );
  startContainer(engine, containerOf(engine, name), call);
  await new Promise((resolve) => setTimeout(resolve, startTime()));
  respondEmpty(call, 204);
}

/** What containerd and runc take for it, in milliseconds. */
function startTime(): number {
  return 140 + Math.random() * 160;
}

async function stop(call: Call): Promise<void> {
  const wait = integer(call, 't');
  const container = containerOf(call.engine, call.name);
  await stopContainer(call.engine, container, wait ?? container.config.StopTimeout ?? 10);
  respondEmpty(call, 204);
}

async function restart(call: Call): Promise<void> {
  const { engine } = call;
  const wait = integer(call, 't');
  const container = containerOf(engine, call.name);
  if (isRunning(container)) await stopContainer(engine, container, wait ?? 10);
  startContainer(engine, container, call);
  engine.events.ofContainer('restart', container);
  respondEmpty(call, 204);
}

async function kill(call: Call): Promise<void> {
  const { engine, name, query } = call;
  const text = query.get('signal') || 'KILL';
  const signal = signalOf(text);
  if (signal === undefined) throw badRequest(`Invalid signal: ${text}`);
  try {
    await killContainer(engine, containerOf(engine, name), signal);
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    throw new DockerError(error.status, `Cannot kill container: ${name}: ${error.message}`);
  }
  respondEmpty(call, 204);
}

function pause(call: Call): void {
  pauseContainer(call.engine, containerOf(call.engine, call.name));
  respondEmpty(call, 204);
}

function unpause(call: Call): void {
  unpauseContainer(call.engine, containerOf(call.engine, call.name));
  respondEmpty(call, 204);
}

/** From API 1.30 on the head comes at once, so that clients know that their waiting has begun. */
async function wait(call: Call): Promise<void> {
  const { engine, exchange, minor, query } = call;
  const container = containerOf(engine, call.name);
  const condition = query.get('condition');
  const until = condition === 'next-exit' || condition === 'removed' ? condition : 'not-running';
  const { done, cancel } = waitFor(container, until);
  if (minor < 30) {
    const answer = await done;
    respondJson(call, 200, { Error: null, StatusCode: answer });
    return;
  }
  const stream = streamJson(call);
  const leave = keepOpen(exchange.connection);
  exchange.leaving().addEventListener('abort', cancel, { once: true });
  const exitCode = await done;
  leave();
  await stream.write(goJson({ Error: null, StatusCode: exitCode }));
  stream.end();
}

function resize(call: Call): void {
  const [rows, columns] = [integer(call, 'h', 400), integer(call, 'w', 400)];
  const container = containerOf(call.engine, call.name);
  if (!isRunning(container)) throw conflict(`Container ${container.id} is not running`);
  if (container.running !== undefined && rows && columns)
    Object.assign(container.running.size, { rows, columns });
  call.engine.events.ofContainer('resize', container, {
    height: String(rows ?? 0),
    width: String(columns ?? 0),
  });
  respondEmpty(call, 200);
}

function rename(call: Call): void {
  const { engine, query } = call;
  const wanted = query.get('name') ?? '';
  const container = containerOf(engine, call.name);
  if (wanted === '') throw badRequest('Neither old nor new names may be empty');
  const plain = wanted.replace(/^\//, '');
  if (plain === container.name)
    throw badRequest('Renaming a container with the same name as its current name');
  if (!nameForm.test(plain))
    throw badRequest(`Error when allocating new name: ${nameIsInvalid(`/${plain}`)}`);
  const other = containerNamed(engine, plain);
  if (other !== undefined) throw conflict(`Error when allocating new name: ${nameIsTaken(plain, other)}`);
  const oldName = `/${container.name}`;
  container.name = plain;
  engine.events.ofContainer('rename', container, { oldName });
  respondEmpty(call, 204);
}

async function update(call: Call): Promise<void> {
  const { engine, name } = call;
  const told = await readBody(call, updateShape, 'old');
  const container = containerOf(engine, name);
  const { RestartPolicy, ...limits } = told as {
    RestartPolicy?: Partial<RestartPolicy>;
    Memory?: number;
    MemorySwap?: number;
  };
  const changed = Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== 0));
  if (limits.Memory !== undefined && limits.Memory > 0) {
    const { MemorySwap: swap, id } = { ...container.hostConfig, id: container.id };
    if ((limits.MemorySwap ?? 0) === 0 && isRunning(container) && limits.Memory > swap)
      throw conflict(
        `Cannot update container ${id}: Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time`,
      );
  }
  const policy =
    RestartPolicy?.Name === undefined || RestartPolicy.Name === ''
      ? container.hostConfig.RestartPolicy
      : { Name: RestartPolicy.Name, MaximumRetryCount: RestartPolicy.MaximumRetryCount ?? 0 };
  verifyRestartPolicy(policy);
  charge(engine, (await call.exchange.body()).length);
  container.hostConfig = { ...container.hostConfig, ...changed, RestartPolicy: policy } as HostConfig;
  engine.events.ofContainer('update', container);
  respondJson(call, 200, { Warnings: null });
}

async function remove(call: Call): Promise<void> {
  const { engine } = call;
  const container = containerOf(engine, call.name);
  if (flag(call, 'link')) throw broken('Conflict, cannot remove the default link name of the container');
  await removeContainer(engine, container, flag(call, 'force'));
  if (flag(call, 'v')) removeAnonymous(engine, container);
  respondEmpty(call, 204);
}

async function prune(call: Call): Promise<void> {
  const { engine } = call;
  const filters = filtersOf(call, ['label', 'label!', 'until']);
  const removed: string[] = [];
  for (const container of engine.containers.values()) {
    if (isRunning(container) || !filters.matchesLabels(container.config.Labels)) continue;
    await removeContainer(engine, container, true);
    removed.push(container.id);
  }
  respondJson(call, 200, { ContainersDeleted: removed.length === 0 ? null : removed, SpaceReclaimed: 0 });
}
