/** How a container is tied to its host: defaults, in Go's order of members, and what dockerd refuses (20.10). */
import type { Decoded } from '../json/decode.ts';
import { sorted } from '../json/encode.ts';
import { badRequest } from './failure.ts';

export interface RestartPolicy {
  readonly Name: string;
  readonly MaximumRetryCount: number;
}

export interface PortBinding {
  readonly HostIp: string;
  readonly HostPort: string;
}

export interface MountRequest {
  readonly Type?: string;
  readonly Source?: string;
  readonly Target?: string;
  readonly ReadOnly?: boolean;
}

/** The members that something here depends on; the others are only shown. */
export interface HostConfig extends Readonly<Record<string, unknown>> {
  readonly Binds: readonly string[] | null;
  readonly NetworkMode: string;
  readonly PortBindings: Readonly<Record<string, readonly PortBinding[]>> | null;
  readonly RestartPolicy: RestartPolicy;
  readonly AutoRemove: boolean;
  readonly VolumesFrom: readonly string[] | null;
  readonly CapAdd: readonly string[] | null;
  readonly PidMode: string;
  readonly IpcMode: string;
  readonly Privileged: boolean;
  readonly PublishAllPorts: boolean;
  readonly SecurityOpt: readonly string[] | null;
  readonly Memory: number;
  readonly MemorySwap: number;
  readonly Mounts?: readonly MountRequest[];
}

const maskedPaths = [
  '/proc/asound',
  '/proc/acpi',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/sys/firmware',
];
const readonlyPaths = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];

/** @param told members that a request has. @param minor of the API's version, as 41 */
export function hostConfigOf(told: Decoded, minor: number): HostConfig {
  const or = <T>(name: string, value: T): T => (told[name] as T | undefined) ?? value;
  const isPrivileged = or('Privileged', false);
  const security = told.SecurityOpt as readonly string[] | undefined;
  const memory = or('Memory', 0);
  const pids = told.PidsLimit as number | undefined;
  const log = or<{ Type?: string; Config?: object }>('LogConfig', {});
  const restart = or<Partial<RestartPolicy>>('RestartPolicy', {});
  const bindings = told.PortBindings as
    | Readonly<Record<string, readonly Partial<PortBinding>[] | null>>
    | null
    | undefined;
  return {
    Binds: or('Binds', null),
    ContainerIDFile: or('ContainerIDFile', ''),
    LogConfig: { Type: log.Type || 'json-file', Config: log.Config ?? {} },
    NetworkMode: or('NetworkMode', '') || 'default',
    PortBindings:
      bindings === undefined || bindings === null
        ? null
        : sorted(
            Object.fromEntries(
              Object.entries(bindings).map(([port, list]) => [
                /\//.test(port) ? port : `${port}/tcp`,
                (list ?? []).map(({ HostIp = '', HostPort = '' }) => ({ HostIp, HostPort })),
              ]),
            ),
          ),
    RestartPolicy: { Name: restart.Name ?? '', MaximumRetryCount: restart.MaximumRetryCount ?? 0 },
    AutoRemove: or('AutoRemove', false),
    VolumeDriver: or('VolumeDriver', ''),
    VolumesFrom: or('VolumesFrom', null),
    CapAdd: or('CapAdd', null),
    CapDrop: or('CapDrop', null),
    CgroupnsMode: or('CgroupnsMode', '') || (isPrivileged && minor < 41 ? 'host' : 'private'),
    Dns: or('Dns', null),
    DnsOptions: or('DnsOptions', null),
    DnsSearch: or('DnsSearch', null),
    ExtraHosts: or('ExtraHosts', null),
    GroupAdd: or('GroupAdd', null),
    IpcMode: or('IpcMode', '') || (minor < 40 ? 'shareable' : 'private'),
    Cgroup: or('Cgroup', ''),
    Links: or('Links', null),
    OomScoreAdj: or('OomScoreAdj', 0),
    PidMode: or('PidMode', ''),
    Privileged: isPrivileged,
    PublishAllPorts: or('PublishAllPorts', false),
    ReadonlyRootfs: or('ReadonlyRootfs', false),
    SecurityOpt:
      isPrivileged || told.PidMode === 'host' || told.IpcMode === 'host'
        ? [...(security ?? []), 'label=disable']
        : (security ?? null),
    ...(told.StorageOpt !== undefined && { StorageOpt: told.StorageOpt }),
    ...(told.Tmpfs !== undefined && { Tmpfs: told.Tmpfs }),
    UTSMode: or('UTSMode', ''),
    UsernsMode: or('UsernsMode', ''),
    ShmSize: or('ShmSize', 0) || 67_108_864,
    ...(told.Sysctls !== undefined && { Sysctls: told.Sysctls }),
    Runtime: or('Runtime', '') || 'runc',
    ConsoleSize: [0, 0],
    Isolation: or('Isolation', ''),
    CpuShares: or('CpuShares', 0),
    Memory: memory,
    NanoCpus: or('NanoCpus', 0),
    CgroupParent: or('CgroupParent', ''),
    BlkioWeight: or('BlkioWeight', 0),
    BlkioWeightDevice: or('BlkioWeightDevice', null),
    BlkioDeviceReadBps: or('BlkioDeviceReadBps', null),
    BlkioDeviceWriteBps: or('BlkioDeviceWriteBps', null),
    BlkioDeviceReadIOps: or('BlkioDeviceReadIOps', null),
    BlkioDeviceWriteIOps: or('BlkioDeviceWriteIOps', null),
    CpuPeriod: or('CpuPeriod', 0),
    CpuQuota: or('CpuQuota', 0),
    CpuRealtimePeriod: or('CpuRealtimePeriod', 0),
    CpuRealtimeRuntime: or('CpuRealtimeRuntime', 0),
    CpusetCpus: or('CpusetCpus', ''),
    CpusetMems: or('CpusetMems', ''),
    Devices: or('Devices', null),
    DeviceCgroupRules: or('DeviceCgroupRules', null),
    DeviceRequests: or('DeviceRequests', null),
    KernelMemory: or('KernelMemory', 0),
    KernelMemoryTCP: or('KernelMemoryTCP', 0),
    MemoryReservation: or('MemoryReservation', 0),
    MemorySwap: or('MemorySwap', 0) || (memory > 0 ? memory * 2 : 0),
    MemorySwappiness: null,
    // The kernel's second version of control groups cannot switch the killer off.
    OomKillDisable: null,
    PidsLimit: pids === undefined || pids <= 0 ? null : pids,
    Ulimits: or('Ulimits', null),
    CpuCount: or('CpuCount', 0),
    CpuPercent: or('CpuPercent', 0),
    IOMaximumIOps: or('IOMaximumIOps', 0),
    IOMaximumBandwidth: or('IOMaximumBandwidth', 0),
    ...(told.Mounts !== undefined && { Mounts: told.Mounts as readonly MountRequest[] }),
    MaskedPaths: isPrivileged ? null : or('MaskedPaths', maskedPaths),
    ReadonlyPaths: isPrivileged ? null : or('ReadonlyPaths', readonlyPaths),
    ...(told.Init !== undefined && { Init: told.Init }),
  };
}

const capabilities = new Set(
  'ALL CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'.split(
    ' ',
  ),
);
const smallestMemory = 6 << 20;

/**
 * In the order in which dockerd looks (daemon/container.go, `verifyContainerSettings`).
 * @throws DockerError 400
 */
export function verifyHostConfig(config: HostConfig, cores: number): void {
  const { RestartPolicy: restart, AutoRemove, PortBindings, NetworkMode } = config;
  if (NetworkMode === 'container:' || NetworkMode === 'container')
    throw badRequest('Invalid network mode: invalid container format container:<name|id>');
  if (AutoRemove && restart.Name !== '' && restart.Name !== 'no')
    throw badRequest("can't create 'AutoRemove' container with restart policy");
  for (const port of Object.keys(PortBindings ?? {}))
    if (!/^\d{1,5}(-\d{1,5})?\/(tcp|udp|sctp)$/.test(port))
      throw badRequest(`invalid port specification: "${port.replace(/\/tcp$/, '')}"`);
  verifyRestartPolicy(restart);
  for (const kind of ['CapAdd', 'CapDrop'] as const)
    for (const one of (config[kind] as readonly string[] | null) ?? [])
      if (!capabilities.has(one.toUpperCase().replace(/^CAP_/, '')))
        throw badRequest(
          `invalid ${kind}: unknown capability: "CAP_${one.toUpperCase().replace(/^CAP_/, '')}"`,
        );
  if (config.Memory !== 0 && config.Memory < smallestMemory)
    throw badRequest('Minimum memory limit allowed is 6MB');
  if (config.Memory > 0 && config.MemorySwap > 0 && config.MemorySwap < config.Memory)
    throw badRequest('Minimum memoryswap limit should be larger than memory limit, see usage');
  const cpus = (config.NanoCpus as number) / 1e9;
  if (cpus < 0 || cpus > cores)
    throw badRequest(`Range of CPUs is from 0.01 to ${cores}.00, as there are only ${cores} CPUs available`);
  if (
    config.Runtime !== 'runc' &&
    !/^io\.containerd\.runtime\.v1\.linux$|^io\.containerd\.runc\.v[12]$/.test(String(config.Runtime))
  )
    throw badRequest(`Unknown runtime specified ${config.Runtime}`);
}

export function verifyRestartPolicy({ Name, MaximumRetryCount: count }: RestartPolicy): void {
  switch (Name) {
    case 'always':
    case 'unless-stopped':
    case 'no':
      if (count !== 0) throw badRequest(`maximum retry count cannot be used with restart policy '${Name}'`);
      return;
    case 'on-failure':
      if (count < 0) throw badRequest('maximum retry count cannot be negative');
      return;
    case '':
      return;
    default:
      throw badRequest(`invalid restart policy '${Name}'`);
  }
}
