/** Pods of a controller, and what the kubelet tells about them once they run. */
import type { Random } from '../persona/random.ts';
import { admitPod } from './admission.ts';
import {
  compact,
  isObject,
  type Json,
  type JsonObject,
  type KubeObject,
  listAt,
  mapAt,
  numberAt,
  type OwnerReference,
  textAt,
  timestamp,
} from './json.ts';
import { suffix } from './names.ts';

export function ownedBy(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** A pod of a template that nobody has scheduled yet. */
export function podOf(
  owner: KubeObject,
  template: JsonObject,
  name: string,
  random: Random,
  more: {
    readonly createdAt: number;
    readonly resourceVersion: string;
    readonly labels?: Readonly<Record<string, string>>;
  },
): KubeObject {
  const metadata = isObject(template.metadata) ? template.metadata : {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      ...(owner.kind !== 'StatefulSet' &&
        owner.kind !== 'Node' && { generateName: `${owner.metadata.name}-` }),
      namespace: owner.metadata.namespace ?? 'default',
      uid: random.uuid(),
      resourceVersion: more.resourceVersion,
      creationTimestamp: timestamp(more.createdAt),
      labels: { ...mapAt(metadata, 'labels'), ...more.labels },
      ...(Object.keys(mapAt(metadata, 'annotations')).length > 0 && {
        annotations: mapAt(metadata, 'annotations'),
      }),
      ownerReferences: [ownedBy(owner)],
    },
    spec: admitPod(isObject(template.spec) ? template.spec : {}, suffix(random)),
    status: { phase: 'Pending', qosClass: qosClass(template.spec) },
  };
}

export function qosClass(spec: Json | undefined): string {
  const containers = [...listAt(spec, 'containers'), ...listAt(spec, 'initContainers')];
  const sets = containers.map(
    (one) => [mapAt(one, 'resources', 'requests'), mapAt(one, 'resources', 'limits')] as const,
  );
  if (sets.every(([requests, limits]) => Object.keys(requests).length + Object.keys(limits).length === 0))
    return 'BestEffort';
  const isWhole = sets.every(([requests, limits]) =>
    ['cpu', 'memory'].every(
      (name) => limits[name] !== undefined && (requests[name] ?? limits[name]) === limits[name],
    ),
  );
  return isWhole ? 'Guaranteed' : 'Burstable';
}

/** How a container is; what all of a pod's are follows from its phase. */
export interface Life {
  readonly hostAddress: string;
  readonly address: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly restarts: number;
  /** By container: 64 hex digits. */
  readonly ids: ReadonlyMap<string, string>;
  /** By image: `docker.io/library/nginx@sha256:…`. */
  readonly imageIds: (image: string) => string;
  /** The run before this one ended so. */
  readonly last?: { readonly startedAt: number; readonly finishedAt: number; readonly exitCode: number };
  /** The run ended. */
  readonly ended?: { readonly finishedAt: number; readonly exitCode: number };
  /** It waits to be started again. */
  readonly isBackingOff?: boolean;
}

/** @param createdAt of the pod, in milliseconds since 1970 */
export function runningStatus(pod: KubeObject, createdAt: number, life: Life): JsonObject {
  const { spec } = pod;
  const ended = life.ended;
  const isOver = ended !== undefined && !life.isBackingOff;
  const isReady = ended === undefined;
  const names = listAt(spec, 'containers').map((one) => textAt(one, 'name'));
  const changedAt = timestamp(ended?.finishedAt ?? life.startedAt + 1000);
  const unready =
    isOver && ended.exitCode === 0
      ? { reason: 'PodCompleted' }
      : { reason: 'ContainersNotReady', message: `containers with unready status: [${names.join(' ')}]` };
  const condition = (type: string, isTrue: boolean, at: string): JsonObject => ({
    type,
    status: isTrue ? 'True' : 'False',
    lastProbeTime: null,
    lastTransitionTime: at,
    ...(!isTrue && unready),
  });
  const started = timestamp(createdAt);
  const initialised = condition('Initialized', true, started);
  return {
    phase: isOver ? (ended.exitCode === 0 ? 'Succeeded' : 'Failed') : 'Running',
    conditions: [
      isOver && ended.exitCode === 0 ? { ...initialised, reason: 'PodCompleted' } : initialised,
      condition('Ready', isReady, changedAt),
      condition('ContainersReady', isReady, changedAt),
      condition('PodScheduled', true, started),
    ],
    hostIP: life.hostAddress,
    podIP: life.address,
    podIPs: [{ ip: life.address }],
    startTime: started,
    ...(Array.isArray((spec as JsonObject).initContainers) && {
      initContainerStatuses: listAt(spec, 'initContainers').map((one) =>
        containerStatus(
          one,
          { ...life, restarts: 0, ended: { finishedAt: life.startedAt, exitCode: 0 } },
          true,
        ),
      ),
    }),
    containerStatuses: listAt(spec, 'containers').map((one) => containerStatus(one, life, false)),
    qosClass: qosClass(spec),
  };
}

function containerStatus(container: Json, life: Life, isInit: boolean): JsonObject {
  const name = textAt(container, 'name');
  const id = `containerd://${life.ids.get(name) ?? ''}`;
  const { ended, last } = life;
  const terminated = (exitCode: number, startedAt: number, finishedAt: number): JsonObject => ({
    terminated: {
      exitCode,
      reason: exitCode === 0 ? 'Completed' : 'Error',
      startedAt: timestamp(startedAt),
      finishedAt: timestamp(finishedAt),
      containerID: id,
    },
  });
  const end = ended === undefined ? undefined : terminated(ended.exitCode, life.startedAt, ended.finishedAt);
  const waiting = {
    waiting: {
      reason: 'CrashLoopBackOff',
      message: `back-off 10s restarting failed container=${name}`,
    },
  };
  return {
    name,
    state: life.isBackingOff ? waiting : (end ?? { running: { startedAt: timestamp(life.startedAt) } }),
    lastState:
      life.isBackingOff && end !== undefined
        ? end
        : last === undefined
          ? {}
          : terminated(last.exitCode, last.startedAt, last.finishedAt),
    ready: isInit || ended === undefined,
    restartCount: life.restarts,
    image: fullImage(textAt(container, 'image')),
    imageID: life.imageIds(textAt(container, 'image')),
    containerID: id,
    ...(!isInit && { started: ended === undefined }),
  };
}

/** As containerd names it: with its registry and its tag. */
export function fullImage(image: string): string {
  const [first = '', ...rest] = image.split('/');
  const isRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const named = isRegistry ? image : rest.length > 0 ? `docker.io/${image}` : `docker.io/library/${image}`;
  return /[:@][^/]*$/.test(named.slice(named.indexOf('/'))) ? named : `${named}:latest`;
}

/** @returns pods that are ready, of some */
function readyOf(pods: readonly KubeObject[]): number {
  return pods.filter((pod) =>
    listAt(pod, 'status', 'conditions').some(
      (one) => textAt(one, 'type') === 'Ready' && textAt(one, 'status') === 'True',
    ),
  ).length;
}

/** The status of what owns pods. */
export function ownerStatus(owner: KubeObject, pods: readonly KubeObject[], now: string): JsonObject {
  const ready = readyOf(pods);
  const observedGeneration = owner.metadata.generation ?? 1;
  const wanted = numberAt(owner, 'spec', 'replicas');
  switch (owner.kind) {
    case 'DaemonSet':
      return compact({
        currentNumberScheduled: pods.length,
        numberMisscheduled: 0,
        desiredNumberScheduled: pods.length,
        numberReady: ready,
        observedGeneration,
        updatedNumberScheduled: pods.length,
        numberAvailable: ready === 0 ? undefined : ready,
        numberUnavailable: ready === pods.length ? undefined : pods.length - ready,
      });
    case 'StatefulSet':
      return {
        observedGeneration,
        replicas: pods.length,
        ...(ready > 0 && { readyReplicas: ready }),
        currentReplicas: pods.length,
        updatedReplicas: pods.length,
        ...revisionsOf(owner),
        collisionCount: 0,
        availableReplicas: ready,
      };
    case 'Deployment':
      return compact({
        observedGeneration,
        replicas: pods.length === 0 ? undefined : pods.length,
        updatedReplicas: pods.length === 0 ? undefined : pods.length,
        readyReplicas: ready === 0 ? undefined : ready,
        availableReplicas: ready === 0 ? undefined : ready,
        unavailableReplicas: wanted > ready ? wanted - ready : undefined,
        conditions: deploymentConditions(owner, ready >= wanted, now),
      });
    default:
      return compact({
        replicas: pods.length,
        fullyLabeledReplicas: pods.length === 0 ? undefined : pods.length,
        readyReplicas: ready === 0 ? undefined : ready,
        availableReplicas: ready === 0 ? undefined : ready,
        observedGeneration,
      });
  }
}

function revisionsOf(owner: KubeObject): JsonObject {
  const revision =
    textAt(owner, 'status', 'currentRevision') || textAt(owner.metadata, 'annotations', 'revision');
  return revision === '' ? {} : { currentRevision: revision, updateRevision: revision };
}

function deploymentConditions(owner: KubeObject, isAvailable: boolean, now: string): Json {
  const name = owner.metadata.name;
  const before = (type: string): Json | undefined =>
    listAt(owner, 'status', 'conditions').find((one) => textAt(one, 'type') === type);
  const available = {
    type: 'Available',
    status: isAvailable ? 'True' : 'False',
    lastUpdateTime: now,
    lastTransitionTime: now,
    reason: isAvailable ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: `Deployment ${isAvailable ? 'has' : 'does not have'} minimum availability.`,
  };
  const progressing = {
    type: 'Progressing',
    status: 'True',
    lastUpdateTime: now,
    lastTransitionTime: now,
    reason: isAvailable ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated',
    message: isAvailable
      ? `Deployment "${name}" has successfully progressed.`
      : `Deployment "${name}" is progressing.`,
  };
  const same = before('Available');
  return [textAt(same, 'status') === available.status && same !== undefined ? same : available, progressing];
}
