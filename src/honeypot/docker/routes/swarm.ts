/** `/swarm` and what there is in one: nodes, services, tasks, secrets, configs; and plugins, of which there are none. */
import {
  apiHeaders,
  type Call,
  flag,
  type Handler,
  readBody,
  respondEmpty,
  respondJson,
} from '../api/call.ts';
import { filtersOf } from '../api/filters.ts';
import type { Route } from '../api/route.ts';
import { charge } from '../engine/engine.ts';
import { badRequest, conflict, notFound, unavailable } from '../engine/failure.ts';
import {
  addObject,
  findObject,
  initSwarm,
  nodeJson,
  objectJson,
  type SwarmObject,
  type SwarmRequest,
  swarmJson,
  swarmOf,
  tasksJson,
  verifyJoining,
} from '../engine/swarm.ts';
import { any, bool, type Decoded, listOf, mapOf, type Shape, struct, text } from '../json/decode.ts';
import { momentOf } from '../json/encode.ts';
import { textsOf } from '../record.ts';

export const swarmRoutes: readonly Route[] = [
  {
    method: 'GET',
    pattern: '/swarm',
    handle: (call) => respondJson(call, 200, swarmJson(swarmOf(call.engine))),
  },
  { method: 'GET', pattern: '/swarm/unlockkey', handle: unlockKey },
  { method: 'POST', pattern: '/swarm/init', handle: init, recordsItself: true },
  { method: 'POST', pattern: '/swarm/join', handle: join, recordsItself: true },
  { method: 'POST', pattern: '/swarm/leave', handle: leave, recordsItself: true },
  { method: 'POST', pattern: '/swarm/update', handle: changed },
  { method: 'POST', pattern: '/swarm/unlock', handle: changed },
  {
    method: 'GET',
    pattern: '/nodes',
    handle: (call) => respondJson(call, 200, [nodeJson(call.engine, swarmOf(call.engine))]),
  },
  { method: 'GET', pattern: '/nodes/{name}', handle: node },
  { method: 'GET', pattern: '/tasks', handle: tasks },
  { method: 'GET', pattern: '/services/{name}/logs', handle: noLogs },
  ...routesOf('services', 'service'),
  ...routesOf('secrets', 'secret'),
  ...routesOf('configs', 'config'),
  { method: 'GET', pattern: '/plugins', handle: (call) => respondJson(call, 200, []) },
  { method: 'GET', pattern: '/plugins/{name}/json', handle: plugin },
];

const initShape = struct('swarm.InitRequest', {
  ListenAddr: text,
  AdvertiseAddr: text,
  DataPathAddr: text,
  ForceNewCluster: bool,
  Spec: any,
  AutoLockManagers: bool,
  Availability: { kind: 'string', type: 'swarm.NodeAvailability' },
});
const joinShape = struct('swarm.JoinRequest', {
  ListenAddr: text,
  AdvertiseAddr: text,
  DataPathAddr: text,
  RemoteAddrs: listOf(text),
  JoinToken: text,
});

async function init(call: Call): Promise<void> {
  const told = await tell(call, initShape, 'init');
  respondJson(call, 200, initSwarm(call.engine, told as SwarmRequest).nodeId);
}

/** The managers that it names are recorded, and never asked. */
async function join(call: Call): Promise<void> {
  const told = (await tell(call, joinShape, 'join')) as SwarmRequest & {
    RemoteAddrs?: readonly string[];
    JoinToken?: string;
  };
  verifyJoining(call.engine, told);
  const [first] = told.RemoteAddrs ?? [];
  if (first === undefined) throw badRequest('at least 1 RemoteAddr is required to join');
  if (!/^SWMTKN-1-[0-9a-z]{50}-[0-9a-z]{25}$/.test(told.JoinToken ?? ''))
    throw badRequest('invalid join token');
  await new Promise((resolve) => setTimeout(resolve, 3000));
  throw unavailable(
    'Timeout was reached before node joined. The attempt to join the swarm will continue in the background. Use the "docker info" command to see the current swarm status of your node.',
  );
}

async function leave(call: Call): Promise<void> {
  const { engine } = call;
  await call.record('swarm', { texts: [], data: { action: 'leave', force: flag(call, 'force') } });
  if (engine.swarm === undefined) throw unavailable('This node is not part of a swarm');
  if (!flag(call, 'force'))
    throw unavailable(
      'You are attempting to leave the swarm on a node that is participating as a manager. Removing the last manager erases all current state of the swarm. Use `--force` to ignore this message. ',
    );
  engine.swarm = undefined;
  respondEmpty(call, 200);
}

async function tell(call: Call, shape: Shape, action: string): Promise<Decoded> {
  const { bytes } = await call.exchange.body();
  let told: Decoded = {};
  try {
    told = await readBody(call, shape, 'strict');
    return told;
  } finally {
    await call.record('swarm', {
      raw: bytes,
      data: {
        action,
        listen: told.ListenAddr,
        advertise: told.AdvertiseAddr,
        remotes: told.RemoteAddrs,
        token: told.JoinToken,
      },
    });
  }
}

function unlockKey(call: Call): void {
  swarmOf(call.engine);
  respondJson(call, 200, { UnlockKey: '' });
}

/** Of tasks that are only said to run. */
function noLogs({ engine, exchange }: Call): void {
  swarmOf(engine);
  exchange.stream(200, apiHeaders).end();
}

function changed(call: Call): void {
  swarmOf(call.engine);
  respondEmpty(call, 200);
}

function node(call: Call): void {
  const swarm = swarmOf(call.engine);
  const isOwn =
    call.name === 'self' || call.name === call.engine.persona.hostname || swarm.nodeId.startsWith(call.name);
  if (!isOwn) throw notFound(`node ${call.name} not found`);
  respondJson(call, 200, nodeJson(call.engine, swarm));
}

function tasks(call: Call): void {
  const swarm = swarmOf(call.engine);
  const filters = filtersOf(call, [
    'name',
    'label',
    'service',
    'node',
    'desired-state',
    'id',
    '_up-to-date',
    'runtime',
  ]);
  const services = filters.get('service').map((name) => findObject(swarm, 'service', name)?.id ?? name);
  const shown = tasksJson(swarm).filter(({ service }) => services.length === 0 || services.includes(service));
  respondJson(
    call,
    200,
    shown.map(({ json }) => json),
  );
}

const annotations = { Name: text, Labels: mapOf(text) };
const shapes: Readonly<Record<SwarmObject['kind'], Shape>> = {
  service: struct('swarm.ServiceSpec', {
    ...annotations,
    TaskTemplate: any,
    Mode: any,
    UpdateConfig: any,
    RollbackConfig: any,
    Networks: any,
    EndpointSpec: any,
  }),
  secret: struct('swarm.SecretSpec', { ...annotations, Data: text, Driver: any, Templating: any }),
  config: struct('swarm.ConfigSpec', { ...annotations, Data: text, Templating: any }),
};

function routesOf(folder: string, kind: SwarmObject['kind']): Route[] {
  const found = (call: Call): SwarmObject => {
    const object = findObject(swarmOf(call.engine), kind, call.name);
    if (object === undefined) throw notFound(`${kind} ${call.name} not found`);
    return object;
  };
  const list: Handler = (call) => {
    const swarm = swarmOf(call.engine);
    const filters = filtersOf(call, ['id', 'label', 'mode', 'name', 'names', 'runtime']);
    const objects = [...swarm.objects.values()].filter(
      (one) =>
        one.kind === kind &&
        filters.contains('name', one.name) &&
        (!filters.has('id') || filters.get('id').some((id) => one.id.startsWith(id))) &&
        filters.matchesLabels((one.spec.Labels ?? {}) as Readonly<Record<string, string>>),
    );
    respondJson(
      call,
      200,
      objects.map((one) => objectJson(one, flag(call, 'status'))),
    );
  };
  const create: Handler = async (call) => {
    const told = await readBody(call, shapes[kind], 'strict');
    const swarm = swarmOf(call.engine);
    const name = told.Name as string | undefined;
    if (kind === 'service') await recordService(call, told);
    else if (name === undefined || name === '')
      throw badRequest('rpc error: code = InvalidArgument desc = meta: name must be provided');
    if (name !== undefined && findObject(swarm, kind, name)?.name === name)
      throw conflict(
        `rpc error: code = AlreadyExists desc = ${kind === 'service' ? 'name conflicts with an existing object: service ' : `${kind} `}${name} already exists`,
      );
    charge(call.engine, (await call.exchange.body()).length);
    respondJson(call, 201, {
      ID: addObject(swarm, kind, { Name: name ?? '', Labels: told.Labels ?? {}, ...told }).id,
    });
  };
  const update: Handler = async (call) => {
    const object = found(call);
    const told = await readBody(call, shapes[kind], 'strict');
    charge(call.engine, (await call.exchange.body()).length);
    object.spec = { ...object.spec, ...told };
    object.updated = momentOf(Date.now());
    object.index = ++swarmOf(call.engine).index;
    if (kind === 'service') respondJson(call, 200, { Warnings: null });
    else respondEmpty(call, 200);
  };
  const remove: Handler = (call) => {
    const object = found(call);
    swarmOf(call.engine).objects.delete(object.id);
    respondEmpty(call, kind === 'service' ? 200 : 204);
  };
  return [
    { method: 'GET', pattern: `/${folder}`, handle: list },
    { method: 'POST', pattern: `/${folder}/create`, handle: create },
    {
      method: 'GET',
      pattern: `/${folder}/{name}`,
      handle: (call) => respondJson(call, 200, objectJson(found(call))),
    },
    { method: 'POST', pattern: `/${folder}/{name}/update`, handle: update },
    { method: 'DELETE', pattern: `/${folder}/{name}`, handle: remove },
  ];
}

/** A service runs containers wherever the swarm has room: told as what it is. */
async function recordService(call: Call, told: Decoded): Promise<void> {
  const spec = (told.TaskTemplate as { ContainerSpec?: Decoded } | undefined)?.ContainerSpec ?? {};
  const strings = (value: unknown): string[] =>
    Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
  const command = [...strings(spec.Command), ...strings(spec.Args)];
  const image = typeof spec.Image === 'string' ? spec.Image : undefined;
  await call.record('swarm', {
    raw: (await call.exchange.body()).bytes,
    texts: textsOf(command),
    commands: command.length > 0 ? [command.join(' ')] : [],
    images: image === undefined ? [] : [image],
    attack: ['T1610'],
    data: { action: 'service', name: told.Name, image, cmd: command },
  });
}

function plugin(call: Call): void {
  throw notFound(`plugin "${call.name}" not found`);
}
