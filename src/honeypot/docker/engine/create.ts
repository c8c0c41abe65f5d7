/** `docker create`: what is refused, in dockerd's order (daemon/create.go, 20.10), and what comes of the rest. */
import { View } from '../../world/files/view.ts';
import type { Decoded } from '../json/decode.ts';
import { momentOf } from '../json/encode.ts';
import { argumentsOf, type ContainerConfig, mergeConfig, toldConfig } from './config.ts';
import type { Container } from './container.ts';
import { noEndpoint } from './container.ts';
import { charge, containerNamed, containerOf, type Engine, imageOf, newId } from './engine.ts';
import { badRequest, broken, conflict } from './failure.ts';
import { type HostConfig, hostConfigOf, verifyHostConfig } from './host-config.ts';
import { Logs } from './logs.ts';
import { clean, type MountPoint, parseBind, parseMount, volumeSource } from './mounts.ts';
import { nameForm, randomName } from './names.ts';
import { connect, networkOf } from './networks.ts';
import { volumeFor } from './volumes.ts';
import { worldOf } from './worlds.ts';

/** Of one source. */
const mostContainers = 200;

export interface CreateRequest {
  /** Bytes of the body. */
  readonly length: number;
  /** Decoded by `createShape`. */
  readonly body: Decoded;
  readonly name: string;
  /** Of the API's version, as 41. */
  readonly minor: number;
}

/** @throws DockerError */
export function createContainer(engine: Engine, { body, length, name, minor }: CreateRequest): Container {
  const told = toldConfig(body);
  if (Object.keys(told).length === 0)
    throw badRequest('Config cannot be empty in order to create a container');
  const hostConfig = hostConfigOf((body.HostConfig ?? {}) as Decoded, minor);
  const networking = body.NetworkingConfig as
    | { EndpointsConfig?: Readonly<Record<string, Decoded>> }
    | undefined;
  const wanted = Object.keys(networking?.EndpointsConfig ?? {});
  if (wanted.length > 1)
    throw badRequest(`Container cannot be connected to network endpoints: ${wanted.sort().join(', ')}`);
  verifyConfig(told);
  verifyHostConfig(hostConfig, engine.persona.machine.cores);

  const image = told.Image ? imageOf(engine, told.Image) : undefined;
  const merged = image === undefined ? undefined : mergeConfig(told, image.config);
  if (image === undefined || merged === undefined || argumentsOf(merged).length === 0)
    throw badRequest('No command specified');

  const id = newId();
  const taken = nameFor(engine, name);
  if (engine.containers.size >= mostContainers)
    throw broken('error creating overlay mount to /var/lib/docker/overlay2: no space left on device');
  const mounts = mountsFor(engine, hostConfig, merged);

  const mode = hostConfig.NetworkMode;
  const hostname = mode === 'host' ? engine.persona.hostname : id.slice(0, 12);
  const container: Container = {
    id,
    name: taken,
    created: momentOf(Date.now()),
    image,
    imageName: told.Image!,
    cost: length,
    config: { ...merged, Hostname: merged.Hostname || hostname },
    hostConfig: body.HostConfig === undefined ? withoutRuntime(hostConfig) : hostConfig,
    mounts,
    endpoints: new Map(),
    status: 'created',
    pid: 0,
    exitCode: 0,
    error: '',
    startedAt: undefined,
    finishedAt: undefined,
    restarts: 0,
    isStopped: false,
    logs: new Logs(engine.quota),
    sandbox: '',
    execs: new Set(),
    watchers: new Set(),
    isOwn: false,
    isEmulated: false,
  };
  if (told.WorkingDir) verifyWorkdir(engine, container);
  charge(engine, length);
  addEndpoints(engine, container, networking?.EndpointsConfig ?? {});
  engine.containers.set(id, container);
  engine.events.ofContainer('create', container);
  return container;
}

/** A container of which nobody said how it is tied to the host is told its runtime when it starts. */
function withoutRuntime({ Runtime: _, ...config }: HostConfig): HostConfig {
  return config as HostConfig;
}

function verifyConfig(told: Partial<ContainerConfig>): void {
  const workdir = told.WorkingDir;
  if (workdir && !workdir.startsWith('/'))
    throw badRequest(`the working directory '${workdir}' is invalid, it needs to be an absolute path`);
  for (const variable of told.Env ?? [])
    if (variable === '' || variable.startsWith('='))
      throw badRequest(`invalid environment variable: ${variable}`);
}

function nameFor(engine: Engine, name: string): string {
  const plain = name.replace(/^\//, '');
  if (plain === '') return randomName((one) => containerNamed(engine, one) !== undefined);
  if (!nameForm.test(name)) throw badRequest(nameIsInvalid(name));
  const other = containerNamed(engine, plain);
  if (other !== undefined) throw conflict(nameIsTaken(plain, other));
  return plain;
}

export function nameIsInvalid(name: string): string {
  return `Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`;
}

export function nameIsTaken(name: string, { id }: Container): string {
  return `Conflict. The container name "/${name}" is already in use by container "${id}". You have to remove (or rename) that container to be able to reuse that name.`;
}

function mountsFor(engine: Engine, config: HostConfig, merged: ContainerConfig): MountPoint[] {
  const mounts = new Map<string, MountPoint>();
  for (const from of config.VolumesFrom ?? []) {
    const other = containerOf(engine, from.split(':', 1)[0]!);
    for (const mount of other.mounts) mounts.set(mount.Destination, mount);
  }
  const explicit = new Set<string>();
  const add = (mount: MountPoint): void => {
    if (explicit.has(mount.Destination)) throw badRequest(`Duplicate mount point: ${mount.Destination}`);
    explicit.add(mount.Destination);
    mounts.set(mount.Destination, mount.Type === 'volume' ? withVolume(engine, mount) : mount);
  };
  for (const bind of config.Binds ?? []) add(parseBind(bind));
  const isOnHost = (path: string): boolean => new View(engine.host().files).exists(path);
  for (const mount of config.Mounts ?? []) add(parseMount(mount, isOnHost));
  for (const target of Object.keys(merged.Volumes ?? {})) {
    const destination = clean(target);
    if (mounts.has(destination)) continue;
    const anonymous = withVolume(engine, { ...anonymousVolume, Destination: destination });
    mounts.set(destination, { ...anonymous, Mode: '' });
  }
  return [...mounts.values()];
}

const anonymousVolume: Omit<MountPoint, 'Destination'> = {
  Type: 'volume',
  Name: '',
  Source: '',
  Driver: 'local',
  Mode: '',
  RW: true,
  Propagation: '',
};

function withVolume(engine: Engine, mount: MountPoint): MountPoint {
  const { name } = volumeFor(engine, { name: mount.Name ?? '' });
  return { ...mount, Name: name, Source: volumeSource(name) };
}

/** @throws DockerError 500 where the working directory is none and cannot be made */
function verifyWorkdir(engine: Engine, container: Container): void {
  const { WorkingDir: path } = container.config;
  const view = new View(worldOf(engine, container).files);
  if (view.exists(path) && view.stat(path).kind !== 'directory')
    throw broken(`Cannot mkdir: ${path} is not a directory`);
}

function addEndpoints(engine: Engine, container: Container, told: Readonly<Record<string, Decoded>>): void {
  const mode = container.hostConfig.NetworkMode;
  if (mode.startsWith('container:')) return;
  const name = mode === 'default' ? 'bridge' : mode;
  const aliases = ((told[name] ?? told[mode])?.Aliases as readonly string[] | undefined) ?? null;
  container.endpoints.set(name, { ...noEndpoint, aliases });
  for (const other of Object.keys(told)) {
    if (other === name || other === mode) continue;
    connect(
      engine,
      networkOf(engine, other),
      container,
      (told[other]?.Aliases as readonly string[] | undefined) ?? null,
    );
  }
}
