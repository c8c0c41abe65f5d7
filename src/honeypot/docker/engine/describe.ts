/** Containers and images as the API tells of them: lists, `inspect`, and the sentences of `docker ps`. */
import { createHash } from 'node:crypto';
import { goTime, neverTime, sorted } from '../json/encode.ts';
import { argumentsOf } from './config.ts';
import { type Container, isRunning, noEndpoint } from './container.ts';
import { type Engine, namesOf } from './engine.ts';
import type { Image } from './image.ts';
import { endpointJson } from './networks.ts';

export const dockerFolder = '/var/lib/docker';

export function containerSummary(engine: Engine, container: Container, withSize: boolean): object {
  const { id, name, config, hostConfig, created, image } = container;
  const mounts = [...container.mounts].sort((a, b) => (a.Destination < b.Destination ? -1 : 1));
  return {
    Id: id,
    Names: [`/${name}`],
    Image: imageNameOf(engine, container),
    ImageID: image.id,
    Command: commandOf(argumentsOf(config)),
    Created: Math.floor(created.at / 1000),
    Ports: portsOf(container),
    ...(withSize && { SizeRootFs: image.size }),
    Labels: sorted(config.Labels ?? {}),
    State: container.status,
    Status: statusOf(container, Date.now()),
    HostConfig: { NetworkMode: hostConfig.NetworkMode },
    NetworkSettings: { Networks: networksJson(container) },
    Mounts: mounts,
  };
}

/** The name it was made by, as long as that leads to its image. */
function imageNameOf({ tags }: Engine, { image, imageName }: Container): string {
  const tagged = tags.get(imageName) ?? tags.get(`${imageName}:latest`);
  return tagged === undefined || tagged === image.id ? imageName : image.id;
}

/** Words with a space in them are quoted. */
function commandOf(words: readonly string[]): string {
  const [program = '', ...rest] = words;
  if (rest.length === 0) return program;
  return [program, ...rest.map((one) => (one.includes(' ') ? `'${one}'` : one))].join(' ');
}

export function statusOf(container: Container, now: number): string {
  const { status, startedAt, finishedAt, exitCode } = container;
  const up = durationOf(now - (startedAt?.at ?? now));
  const down = durationOf(now - (finishedAt?.at ?? now));
  switch (status) {
    case 'running':
      return `Up ${up}`;
    case 'paused':
      return `Up ${up} (Paused)`;
    case 'restarting':
      return `Restarting (${exitCode}) ${down} ago`;
    case 'created':
      return 'Created';
    case 'exited':
      return `Exited (${exitCode}) ${down} ago`;
  }
}

/** As go-units' `HumanDuration`. */
function durationOf(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 1) return 'Less than a second';
  if (seconds === 1) return '1 second';
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.floor(seconds / 60);
  if (minutes === 1) return 'About a minute';
  if (minutes < 60) return `${minutes} minutes`;
  const hours = Math.round(seconds / 3600);
  if (hours === 1) return 'About an hour';
  if (hours < 48) return `${hours} hours`;
  if (hours < 24 * 14) return `${Math.floor(hours / 24)} days`;
  if (hours < 24 * 60) return `${Math.floor(hours / 24 / 7)} weeks`;
  if (hours < 24 * 365 * 2) return `${Math.floor(hours / 24 / 30)} months`;
  return `${Math.floor(hours / 24 / 365)} years`;
}

interface Port {
  readonly IP?: string;
  readonly PrivatePort: number;
  readonly PublicPort?: number;
  readonly Type: string;
}

/** Published ones twice, once for each version of IP. */
function portsOf(container: Container): Port[] {
  if (!isRunning(container)) return [];
  const ports: Port[] = [];
  for (const [name, bindings] of Object.entries(portMap(container))) {
    const [number = '', type = 'tcp'] = name.split('/');
    const inside = { PrivatePort: Number(number), Type: type };
    if (bindings === null) ports.push(inside);
    for (const { HostIp, HostPort } of bindings ?? [])
      ports.push({ IP: HostIp, PrivatePort: Number(number), PublicPort: Number(HostPort), Type: type });
  }
  return ports;
}

type PortMap = Readonly<Record<string, readonly { HostIp: string; HostPort: string }[] | null>>;

function portMap(container: Container): PortMap {
  const { config, hostConfig } = container;
  if (!isRunning(container) || hostConfig.NetworkMode === 'host') return {};
  const bound = Object.entries(hostConfig.PortBindings ?? {}).map(([port, bindings]) => [
    port,
    bindings.flatMap(({ HostIp, HostPort }) => {
      const number = HostPort || String(32_768 + (Number.parseInt(container.id.slice(0, 3), 16) % 1000));
      return HostIp === ''
        ? [
            { HostIp: '0.0.0.0', HostPort: number },
            { HostIp: '::', HostPort: number },
          ]
        : [{ HostIp, HostPort: number }];
    }),
  ]);
  const exposed = Object.keys(config.ExposedPorts ?? {}).map((port) => [port, null]);
  return sorted(Object.fromEntries([...exposed, ...bound]));
}

function networksJson({ endpoints }: Container): object {
  return sorted(Object.fromEntries([...endpoints].map(([name, endpoint]) => [name, endpointJson(endpoint)])));
}

/** `docker inspect`. */
export function containerJson(container: Container, withSize: boolean): object {
  const { id, config, hostConfig, image, execs } = container;
  const [path = '', ...args] = argumentsOf(config);
  const wasStarted = container.sandbox !== '';
  const folder = `${dockerFolder}/containers/${id}`;
  const inFolder = (file: string): string => (wasStarted ? `${folder}/${file}` : '');
  return {
    Id: id,
    Created: goTime(container.created),
    Path: path,
    Args: args,
    State: stateJson(container),
    Image: image.id,
    ResolvConfPath: inFolder('resolv.conf'),
    HostnamePath: inFolder('hostname'),
    HostsPath: inFolder('hosts'),
    LogPath: inFolder(`${id}-json.log`),
    Name: `/${container.name}`,
    RestartCount: container.restarts,
    Driver: 'overlay2',
    Platform: 'linux',
    MountLabel: '',
    ProcessLabel: '',
    AppArmorProfile: wasStarted ? (hostConfig.Privileged ? 'unconfined' : 'docker-default') : '',
    ExecIDs: execs.size === 0 ? null : [...execs],
    HostConfig: hostConfig,
    GraphDriver: containerDriver(container),
    ...(withSize && { SizeRw: 0, SizeRootFs: image.size }),
    Mounts: container.mounts,
    Config: config,
    NetworkSettings: networkSettings(container),
  };
}

function stateJson(container: Container): object {
  const { status, pid, exitCode, error, startedAt, finishedAt } = container;
  return {
    Status: status,
    Running: isRunning(container) || status === 'restarting',
    Paused: status === 'paused',
    Restarting: status === 'restarting',
    OOMKilled: false,
    Dead: false,
    Pid: pid,
    ExitCode: exitCode,
    Error: error,
    StartedAt: startedAt === undefined ? neverTime : goTime(startedAt),
    FinishedAt: finishedAt === undefined ? neverTime : goTime(finishedAt),
  };
}

function networkSettings(container: Container): object {
  const { sandbox, hostConfig, endpoints } = container;
  const plain = endpoints.get('bridge') ?? noEndpoint;
  const key = hostConfig.NetworkMode === 'host' ? 'default' : sandbox.slice(0, 12);
  return {
    Bridge: '',
    SandboxID: sandbox,
    HairpinMode: false,
    LinkLocalIPv6Address: '',
    LinkLocalIPv6PrefixLen: 0,
    Ports: portMap(container),
    SandboxKey: sandbox === '' ? '' : `/var/run/docker/netns/${key}`,
    SecondaryIPAddresses: null,
    SecondaryIPv6Addresses: null,
    EndpointID: plain.endpointId,
    Gateway: plain.gateway,
    GlobalIPv6Address: '',
    GlobalIPv6PrefixLen: 0,
    IPAddress: plain.address,
    IPPrefixLen: plain.prefix,
    IPv6Gateway: '',
    MacAddress: plain.mac,
    Networks: networksJson(container),
  };
}

/** Folders of overlay2: their names follow from the layers. @param lower the topmost first */
function overlay(own: string, lower: readonly string[]): object {
  return {
    Data: {
      ...(lower.length > 0 && { LowerDir: lower.join(':') }),
      MergedDir: `${own}/merged`,
      UpperDir: `${own}/diff`,
      WorkDir: `${own}/work`,
    },
    Name: 'overlay2',
  };
}

function layerFolder(seed: string): string {
  return `${dockerFolder}/overlay2/${createHash('sha256').update(seed).digest('hex')}`;
}

function layerFolders({ layers }: Image): string[] {
  return layers.map(({ diffId }) => layerFolder(diffId)).reverse();
}

function containerDriver({ id, image }: Container): object {
  const own = layerFolder(id);
  return overlay(own, [`${own}-init/diff`, ...layerFolders(image).map((folder) => `${folder}/diff`)]);
}

function imageDriver(image: Image): object {
  const [own = layerFolder(image.id), ...lower] = layerFolders(image);
  return overlay(
    own,
    lower.map((folder) => `${folder}/diff`),
  );
}

/** What `docker images` shows of one; counted where somebody asks how much is used. */
export function imageSummary(engine: Engine, image: Image, containers = -1, shared = -1): object {
  const { tags, digests } = namesOf(engine, image.id);
  const isDangling = tags.length === 0 && digests.length === 0;
  return {
    Containers: containers,
    Created: Math.floor(image.created.at / 1000),
    Id: image.id,
    Labels: image.config.Labels,
    ParentId: image.parent,
    RepoDigests: isDangling ? ['<none>@<none>'] : digests.length > 0 ? digests : null,
    RepoTags: isDangling ? ['<none>:<none>'] : tags.length > 0 ? tags : null,
    SharedSize: shared,
    Size: image.size,
    VirtualSize: image.size,
  };
}

export function imageJson(engine: Engine, image: Image, taggedAt: string): object {
  const { tags, digests } = namesOf(engine, image.id);
  return {
    Id: image.id,
    RepoTags: tags,
    RepoDigests: digests,
    Parent: image.parent,
    Comment: image.comment,
    Created: goTime(image.created),
    Container: image.container,
    ContainerConfig: image.containerConfig,
    DockerVersion: image.dockerVersion,
    Author: image.author,
    Config: image.config,
    Architecture: 'amd64',
    Os: 'linux',
    Size: image.size,
    VirtualSize: image.size,
    GraphDriver: imageDriver(image),
    RootFS: { Type: 'layers', Layers: image.layers.map(({ diffId }) => diffId) },
    Metadata: { LastTagTime: taggedAt },
  };
}
