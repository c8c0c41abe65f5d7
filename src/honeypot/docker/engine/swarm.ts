/** A swarm of one: what `docker swarm init` makes, and services, secrets and configs that are asked for in it. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { certify } from '../../../certificate/certificate.ts';
import { ecdsaKey } from '../../persona/keys.ts';
import { randomOf } from '../../persona/random.ts';
import { goTime, type Moment, momentOf } from '../json/encode.ts';
import { type Engine, newId } from './engine.ts';
import { badRequest, unavailable } from './failure.ts';

export interface Swarm {
  readonly id: string;
  readonly nodeId: string;
  readonly address: string;
  readonly listen: string;
  readonly created: Moment;
  readonly workerToken: string;
  readonly managerToken: string;
  /** PEM. */
  readonly root: string;
  readonly rootKey: string;
  /** Counts changes, as the store of the managers does. */
  index: number;
  readonly objects: Map<string, SwarmObject>;
}

export interface SwarmObject {
  readonly kind: 'service' | 'secret' | 'config';
  readonly id: string;
  readonly name: string;
  index: number;
  readonly created: Moment;
  updated: Moment;
  spec: Readonly<Record<string, unknown>>;
}

const base36 = '0123456789abcdefghijklmnopqrstuvwxyz';
const mostObjects = 200;

const notManager =
  'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.';

/** @throws DockerError 503 */
export function swarmOf({ swarm }: Engine): Swarm {
  if (swarm === undefined) throw unavailable(notManager);
  return swarm;
}

/** An id as swarm gives them: 25 digits of base 36. */
function swarmId(): string {
  return randomOf(newId(), 'swarm').text(base36, 25);
}

export interface SwarmRequest {
  readonly ListenAddr?: string;
  readonly AdvertiseAddr?: string;
}

/** @throws DockerError 400 or 503 */
export function verifyJoining(engine: Engine, { ListenAddr = '' }: SwarmRequest): void {
  if (engine.swarm !== undefined)
    throw unavailable(
      'This node is already part of a swarm. Use "docker swarm leave" to leave this swarm and join another one.',
    );
  if (ListenAddr === '') throw badRequest('invalid ListenAddr "": invalid empty address');
}

export function initSwarm(engine: Engine, told: SwarmRequest): Swarm {
  verifyJoining(engine, told);
  const { persona } = engine;
  const key = ecdsaKey(persona, `docker/swarm/${newId()}`);
  const random = randomOf(newId(), 'tokens');
  const digest = random.text(base36, 50);
  const created = momentOf(Date.now());
  const swarm: Swarm = {
    id: swarmId(),
    nodeId: swarmId(),
    address: (told.AdvertiseAddr ?? '').replace(/:\d+$/, '') || persona.network.address,
    listen: told.ListenAddr ?? '',
    created,
    workerToken: `SWMTKN-1-${digest}-${random.text(base36, 25)}`,
    managerToken: `SWMTKN-1-${digest}-${random.text(base36, 25)}`,
    root: certificateOf(key, random.bytes(20), created.at),
    rootKey: createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64'),
    index: 10,
    objects: new Map(),
  };
  engine.swarm = swarm;
  return swarm;
}

const minute = 60_000;
const day = 86_400_000;

function certificateOf(key: KeyObject, serial: Buffer, now: number): string {
  const from = Math.floor(now / minute) * minute - 5 * minute;
  serial[0] = (serial[0]! & 0x7f) | 1;
  return certify({
    subject: { CN: 'swarm-ca' },
    key,
    notBefore: from,
    notAfter: from + 20 * 365 * day,
    isAuthority: true,
    serial,
  });
}

/** Subject of the root, in DER: CN=swarm-ca. */
const issuer = 'MBMxETAPBgNVBAMTCHN3YXJtLWNh';

function clusterJson(swarm: Swarm): object {
  return {
    ID: swarm.id,
    Version: { Index: 10 },
    CreatedAt: goTime(swarm.created),
    UpdatedAt: goTime({ ...swarm.created, at: swarm.created.at + 600 }),
    Spec: {
      Name: 'default',
      Labels: {},
      Orchestration: { TaskHistoryRetentionLimit: 5 },
      Raft: {
        SnapshotInterval: 10_000,
        KeepOldSnapshots: 0,
        LogEntriesForSlowFollowers: 500,
        ElectionTick: 10,
        HeartbeatTick: 1,
      },
      Dispatcher: { HeartbeatPeriod: 5_000_000_000 },
      CAConfig: { NodeCertExpiry: 7_776_000_000_000_000 },
      TaskDefaults: {},
      EncryptionConfig: { AutoLockManagers: false },
    },
    TLSInfo: tlsInfo(swarm),
    RootRotationInProgress: false,
    DefaultAddrPool: ['10.0.0.0/8'],
    SubnetSize: 24,
    DataPathPort: 4789,
  };
}

function tlsInfo({ root, rootKey }: Swarm): object {
  return { TrustRoot: root, CertIssuerSubject: issuer, CertIssuerPublicKey: rootKey };
}

/** `docker swarm inspect`, with the tokens. */
export function swarmJson(swarm: Swarm): object {
  return { ...clusterJson(swarm), JoinTokens: { Worker: swarm.workerToken, Manager: swarm.managerToken } };
}

/** What `/info` says of it. */
export function swarmInfo({ swarm }: Engine): object {
  if (swarm === undefined)
    return {
      NodeID: '',
      NodeAddr: '',
      LocalNodeState: 'inactive',
      ControlAvailable: false,
      Error: '',
      RemoteManagers: null,
    };
  return {
    NodeID: swarm.nodeId,
    NodeAddr: swarm.address,
    LocalNodeState: 'active',
    ControlAvailable: true,
    Error: '',
    RemoteManagers: [{ NodeID: swarm.nodeId, Addr: `${swarm.address}:2377` }],
    Nodes: 1,
    Managers: 1,
    Cluster: clusterJson(swarm),
  };
}

export function nodeJson({ persona }: Engine, swarm: Swarm): object {
  const plugins = [
    ...'awslogs fluentd gcplogs gelf journald json-file local logentries splunk syslog'
      .split(' ')
      .map((Name) => ({ Type: 'Log', Name })),
    ...'bridge host ipvlan macvlan null overlay'.split(' ').map((Name) => ({ Type: 'Network', Name })),
    { Type: 'Volume', Name: 'local' },
  ];
  return {
    ID: swarm.nodeId,
    Version: { Index: 9 },
    CreatedAt: goTime(swarm.created),
    UpdatedAt: goTime({ ...swarm.created, at: swarm.created.at + 600 }),
    Spec: { Labels: {}, Role: 'manager', Availability: 'active' },
    Description: {
      Hostname: persona.hostname,
      Platform: { Architecture: 'x86_64', OS: 'linux' },
      Resources: { NanoCPUs: persona.machine.cores * 1e9, MemoryBytes: persona.machine.memoryKiB * 1024 },
      Engine: { EngineVersion: '20.10.24+dfsg1', Plugins: plugins },
      TLSInfo: tlsInfo(swarm),
    },
    Status: { State: 'ready', Addr: swarm.address },
    ManagerStatus: { Leader: true, Reachability: 'reachable', Addr: `${swarm.address}:2377` },
  };
}

export function addObject(swarm: Swarm, kind: SwarmObject['kind'], spec: SwarmObject['spec']): SwarmObject {
  if (swarm.objects.size >= mostObjects)
    throw unavailable('rpc error: code = ResourceExhausted desc = too many objects');
  swarm.index += 1;
  const now = momentOf(Date.now());
  const name = typeof spec.Name === 'string' ? spec.Name : '';
  const object = { kind, id: swarmId(), name, index: swarm.index, created: now, updated: now, spec };
  swarm.objects.set(object.id, object);
  return object;
}

export function findObject(swarm: Swarm, kind: SwarmObject['kind'], name: string): SwarmObject | undefined {
  for (const object of swarm.objects.values())
    if (
      object.kind === kind &&
      (object.id === name || object.name === name || (name.length > 3 && object.id.startsWith(name)))
    )
      return object;
  return undefined;
}

/** @param withStatus as lists of services have it where it is asked for */
export function objectJson(
  { id, index, created, updated, spec, kind }: SwarmObject,
  withStatus = false,
): object {
  const { Data: _, ...rest } = spec;
  const replicas = replicasOf(spec);
  return {
    ID: id,
    Version: { Index: index },
    CreatedAt: goTime(created),
    UpdatedAt: goTime(updated),
    // A secret is never given out again.
    Spec: kind === 'secret' ? rest : kind === 'service' ? { ...spec, Mode: spec.Mode ?? oneReplica } : spec,
    ...(kind === 'service' && { Endpoint: { Spec: {} } }),
    ...(kind === 'service' &&
      withStatus && { ServiceStatus: { RunningTasks: replicas, DesiredTasks: replicas, CompletedTasks: 0 } }),
  };
}

const oneReplica = { Replicated: { Replicas: 1 } };
const mostReplicas = 50;

function replicasOf({ Mode }: SwarmObject['spec']): number {
  const mode = (Mode ?? oneReplica) as { Replicated?: { Replicas?: unknown }; Global?: object };
  if (mode.Replicated === undefined) return 1;
  const count = mode.Replicated?.Replicas ?? 1;
  return typeof count === 'number' && count >= 0 ? Math.min(mostReplicas, Math.floor(count)) : 1;
}

/** Tasks of all services, which all run. */
export function tasksJson(swarm: Swarm): { readonly service: string; readonly json: object }[] {
  return [...swarm.objects.values()]
    .filter(({ kind }) => kind === 'service')
    .flatMap((service) =>
      Array.from({ length: replicasOf(service.spec) }, (_, slot) => taskOf(swarm, service, slot + 1)),
    );
}

function taskOf(
  swarm: Swarm,
  service: SwarmObject,
  slot: number,
): { readonly service: string; readonly json: object } {
  const random = randomOf(service.id, `task/${slot}`);
  const started = { ...service.created, at: service.created.at + 1200 };
  const json = {
    ID: random.text(base36, 25),
    Version: { Index: service.index + slot },
    CreatedAt: goTime(service.created),
    UpdatedAt: goTime(started),
    Labels: {},
    Spec: service.spec.TaskTemplate ?? {},
    ServiceID: service.id,
    Slot: slot,
    NodeID: swarm.nodeId,
    Status: {
      Timestamp: goTime(started),
      State: 'running',
      Message: 'started',
      ContainerStatus: { ContainerID: random.hex(64), PID: random.int(4000, 90_000), ExitCode: 0 },
      PortStatus: {},
    },
    DesiredState: 'running',
  };
  return { service: service.id, json };
}
