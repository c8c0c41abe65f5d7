/** What a container is configured with, in Go's order of members and with its zero values (API 1.41, `container.Config`). */
import {
  bool,
  type Decoded,
  type Fields,
  int,
  int64,
  listOf,
  mapOf,
  named,
  struct,
  text,
  words,
} from '../json/decode.ts';
import { sorted } from '../json/encode.ts';

export interface ContainerConfig {
  readonly Hostname: string;
  readonly Domainname: string;
  readonly User: string;
  readonly AttachStdin: boolean;
  readonly AttachStdout: boolean;
  readonly AttachStderr: boolean;
  readonly ExposedPorts?: Readonly<Record<string, object>>;
  readonly Tty: boolean;
  readonly OpenStdin: boolean;
  readonly StdinOnce: boolean;
  readonly Env: readonly string[] | null;
  readonly Cmd: readonly string[] | null;
  readonly Healthcheck?: object;
  readonly Image: string;
  readonly Volumes: Readonly<Record<string, object>> | null;
  readonly WorkingDir: string;
  readonly Entrypoint: readonly string[] | null;
  readonly NetworkDisabled?: boolean;
  readonly MacAddress?: string;
  readonly OnBuild: readonly string[] | null;
  readonly Labels: Readonly<Record<string, string>> | null;
  readonly StopSignal?: string;
  readonly StopTimeout?: number;
  readonly Shell?: readonly string[];
}

const empty = struct('struct {}', {});

export const configFields: Fields = {
  Hostname: text,
  Domainname: text,
  User: text,
  AttachStdin: bool,
  AttachStdout: bool,
  AttachStderr: bool,
  ExposedPorts: mapOf(empty, 'nat.PortSet'),
  Tty: bool,
  OpenStdin: bool,
  StdinOnce: bool,
  Env: listOf(text),
  Cmd: words,
  Healthcheck: struct('container.HealthConfig', {
    Test: listOf(text),
    Interval: named('int', 'time.Duration'),
    Timeout: named('int', 'time.Duration'),
    StartPeriod: named('int', 'time.Duration'),
    Retries: int,
  }),
  ArgsEscaped: bool,
  Image: text,
  Volumes: mapOf(empty),
  WorkingDir: text,
  Entrypoint: words,
  NetworkDisabled: bool,
  MacAddress: text,
  OnBuild: listOf(text),
  Labels: mapOf(text),
  StopSignal: text,
  StopTimeout: int,
  Shell: words,
};

export const emptyConfig: ContainerConfig = {
  Hostname: '',
  Domainname: '',
  User: '',
  AttachStdin: false,
  AttachStdout: false,
  AttachStderr: false,
  Tty: false,
  OpenStdin: false,
  StdinOnce: false,
  Env: null,
  Cmd: null,
  Image: '',
  Volumes: null,
  WorkingDir: '',
  Entrypoint: null,
  OnBuild: null,
  Labels: null,
};

/** A config with all members of Go's struct in their order, out of those that are told. */
export function configOf(told: Partial<ContainerConfig>): ContainerConfig {
  const has = (list: object | undefined): boolean => list !== undefined && Object.keys(list).length > 0;
  return {
    Hostname: told.Hostname ?? '',
    Domainname: told.Domainname ?? '',
    User: told.User ?? '',
    AttachStdin: told.AttachStdin ?? false,
    AttachStdout: told.AttachStdout ?? false,
    AttachStderr: told.AttachStderr ?? false,
    ...(has(told.ExposedPorts) && { ExposedPorts: told.ExposedPorts! }),
    Tty: told.Tty ?? false,
    OpenStdin: told.OpenStdin ?? false,
    StdinOnce: told.StdinOnce ?? false,
    Env: told.Env ?? null,
    Cmd: told.Cmd ?? null,
    ...(has(told.Healthcheck) && { Healthcheck: told.Healthcheck! }),
    Image: told.Image ?? '',
    Volumes: told.Volumes ?? null,
    WorkingDir: told.WorkingDir ?? '',
    Entrypoint: told.Entrypoint ?? null,
    ...(told.NetworkDisabled === true && { NetworkDisabled: true }),
    ...(told.MacAddress && { MacAddress: told.MacAddress }),
    OnBuild: told.OnBuild ?? null,
    Labels: told.Labels ?? null,
    ...(told.StopSignal && { StopSignal: told.StopSignal }),
    ...(told.StopTimeout !== undefined && { StopTimeout: told.StopTimeout }),
    ...(told.Shell !== undefined && { Shell: told.Shell }),
  };
}

/**
 * What a container takes over from its image where it says nothing itself (daemon/commit.go, `merge`).
 * @param own is not changed
 */
export function mergeConfig(own: Partial<ContainerConfig>, image: ContainerConfig): ContainerConfig {
  const names = new Set((own.Env ?? []).map((one) => one.split('=', 1)[0]));
  const env = [...(own.Env ?? []), ...(image.Env ?? []).filter((one) => !names.has(one.split('=', 1)[0]))];
  const isBare = (own.Entrypoint ?? []).length === 0;
  const command = isBare && (own.Cmd ?? []).length === 0 ? image.Cmd : own.Cmd;
  const labels = { ...image.Labels, ...own.Labels };
  const ports = { ...image.ExposedPorts, ...own.ExposedPorts };
  const volumes = { ...image.Volumes, ...own.Volumes };
  return configOf({
    ...own,
    User: own.User || image.User,
    ExposedPorts: sorted(ports),
    Env: own.Env === undefined && image.Env === null ? null : env,
    Cmd: command ?? null,
    Entrypoint: own.Entrypoint === undefined ? image.Entrypoint : own.Entrypoint,
    WorkingDir: own.WorkingDir || image.WorkingDir,
    Volumes: Object.keys(volumes).length > 0 ? sorted(volumes) : image.Volumes,
    Labels: sorted(labels),
    ...((own.Healthcheck ?? image.Healthcheck) && { Healthcheck: own.Healthcheck ?? image.Healthcheck! }),
    ...((own.StopSignal || image.StopSignal) && { StopSignal: own.StopSignal || image.StopSignal! }),
  });
}

/** Members of a decoded body that belong to the config. */
export function toldConfig(body: Decoded): Partial<ContainerConfig> {
  return Object.fromEntries(
    Object.entries(body).filter(([name]) => Object.hasOwn(configFields, name)),
  ) as Partial<ContainerConfig>;
}

/** What a container runs: entry point, then command. */
export function argumentsOf({ Entrypoint, Cmd }: ContainerConfig): readonly string[] {
  return [...(Entrypoint ?? []), ...(Cmd ?? [])];
}

const restartPolicy = struct('container.RestartPolicy', { Name: text, MaximumRetryCount: int });
const device = struct('container.DeviceMapping', {
  PathOnHost: text,
  PathInContainer: text,
  CgroupPermissions: text,
});
const throttle = listOf(
  struct('blkiodev.ThrottleDevice', { Path: text, Rate: named('int', 'uint64') }),
  '[]*blkiodev.ThrottleDevice',
);
const mount = struct('mount.Mount', {
  Type: named('string', 'mount.Type'),
  Source: text,
  Target: text,
  ReadOnly: bool,
  Consistency: named('string', 'mount.Consistency'),
  BindOptions: struct('mount.BindOptions', {
    Propagation: named('string', 'mount.Propagation'),
    NonRecursive: bool,
  }),
  VolumeOptions: struct('mount.VolumeOptions', { NoCopy: bool, Labels: mapOf(text) }),
  TmpfsOptions: struct('mount.TmpfsOptions', { SizeBytes: int64, Mode: named('int', 'os.FileMode') }),
});
const resources: Fields = {
  CpuShares: int64,
  Memory: int64,
  NanoCpus: int64,
  CgroupParent: text,
  BlkioWeight: named('int', 'uint16'),
  BlkioWeightDevice: listOf(
    struct('blkiodev.WeightDevice', { Path: text, Weight: named('int', 'uint16') }),
    '[]*blkiodev.WeightDevice',
  ),
  BlkioDeviceReadBps: throttle,
  BlkioDeviceWriteBps: throttle,
  BlkioDeviceReadIOps: throttle,
  BlkioDeviceWriteIOps: throttle,
  CpuPeriod: int64,
  CpuQuota: int64,
  CpuRealtimePeriod: int64,
  CpuRealtimeRuntime: int64,
  CpusetCpus: text,
  CpusetMems: text,
  Devices: listOf(device),
  DeviceCgroupRules: listOf(text),
  DeviceRequests: listOf(struct('container.DeviceRequest', { Driver: text, Count: int })),
  KernelMemory: int64,
  KernelMemoryTCP: int64,
  MemoryReservation: int64,
  MemorySwap: int64,
  MemorySwappiness: int64,
  OomKillDisable: bool,
  PidsLimit: int64,
  Ulimits: listOf(struct('units.Ulimit', { Name: text, Hard: int64, Soft: int64 }), '[]*units.Ulimit'),
  CpuCount: int64,
  CpuPercent: int64,
  IOMaximumIOps: named('int', 'uint64'),
  IOMaximumBandwidth: named('int', 'uint64'),
};

export const updateShape = struct('container.UpdateConfig', { ...resources, RestartPolicy: restartPolicy });

const hostConfigShape = struct('container.HostConfig', {
  Binds: listOf(text),
  ContainerIDFile: text,
  LogConfig: struct('container.LogConfig', { Type: text, Config: mapOf(text) }),
  NetworkMode: named('string', 'container.NetworkMode'),
  PortBindings: mapOf(
    listOf(struct('nat.PortBinding', { HostIp: text, HostPort: text }), '[]nat.PortBinding'),
    'nat.PortMap',
  ),
  RestartPolicy: restartPolicy,
  AutoRemove: bool,
  VolumeDriver: text,
  VolumesFrom: listOf(text),
  CapAdd: words,
  CapDrop: words,
  CgroupnsMode: named('string', 'container.CgroupnsMode'),
  Dns: listOf(text),
  DnsOptions: listOf(text),
  DnsSearch: listOf(text),
  ExtraHosts: listOf(text),
  GroupAdd: listOf(text),
  IpcMode: named('string', 'container.IpcMode'),
  Cgroup: named('string', 'container.CgroupSpec'),
  Links: listOf(text),
  OomScoreAdj: int,
  PidMode: named('string', 'container.PidMode'),
  Privileged: bool,
  PublishAllPorts: bool,
  ReadonlyRootfs: bool,
  SecurityOpt: listOf(text),
  StorageOpt: mapOf(text),
  Tmpfs: mapOf(text),
  UTSMode: named('string', 'container.UTSMode'),
  UsernsMode: named('string', 'container.UsernsMode'),
  ShmSize: int64,
  Sysctls: mapOf(text),
  Runtime: text,
  ConsoleSize: listOf(named('int', 'uint'), '[2]uint'),
  Isolation: named('string', 'container.Isolation'),
  ...resources,
  Mounts: listOf(mount),
  MaskedPaths: listOf(text),
  ReadonlyPaths: listOf(text),
  Init: bool,
});

const endpoint = struct('network.EndpointSettings', {
  IPAMConfig: struct('network.EndpointIPAMConfig', { IPv4Address: text, IPv6Address: text }),
  Links: listOf(text),
  Aliases: listOf(text),
  NetworkID: text,
  IPAddress: text,
  MacAddress: text,
  DriverOpts: mapOf(text),
});

export const connectShape = struct('types.NetworkConnect', { Container: text, EndpointConfig: endpoint });

/** The body of `POST /containers/create`. */
export const createShape = struct('runconfig.ContainerConfigWrapper', {
  ...configFields,
  HostConfig: hostConfigShape,
  NetworkingConfig: struct('network.NetworkingConfig', { EndpointsConfig: mapOf(endpoint) }),
});
