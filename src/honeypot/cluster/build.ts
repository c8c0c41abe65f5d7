/** Where the objects of a cluster are made: identities, versions and times out of the persona. */
import type { Random } from '../persona/random.ts';
import { withDefaults } from './defaults.ts';
import { isObject, type JsonObject, type KubeObject, timestamp } from './json.ts';
import { managedEntry } from './managed-fields.ts';
import { suffix, templateHash } from './names.ts';
import type { Node, Plan } from './plan.ts';
import { fullImage, ownedBy, ownerStatus, podOf, runningStatus } from './pods.ts';
import { ordered } from './schema/order.ts';

/** An object whose identity, version and times are still to be given. */
export type Draft = JsonObject & { readonly metadata: JsonObject & { readonly name: string } };

export interface Build {
  readonly plan: Plan;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The version that etcd had at a time; grows with the cluster's age. */
  versionAt(time: number): string;
  /**
   * @param age milliseconds after the cluster was set up
   * @param object its metadata needs a name only
   */
  add(object: Draft, age?: number): KubeObject;
  /**
   * Adds a Deployment, DaemonSet or StatefulSet with all that its controllers make of it.
   * @param rolledOut how often it was changed since, and the age at the last time
   */
  addWorkload(object: Draft, age: number, rolledOut?: { readonly times: number; readonly age: number }): void;
  /** Adds a pod that a kubelet made of a file. */
  addStatic(node: Node, name: string, spec: JsonObject): void;
  readonly objects: readonly KubeObject[];
}

const minute = 60_000;

/** Who made an object of the cluster. */
function managerOf({ kind, metadata }: KubeObject): string {
  const isSystem = metadata.namespace === undefined || metadata.namespace.startsWith('kube-');
  switch (kind) {
    case 'Pod':
    case 'Node':
      return metadata.ownerReferences?.[0]?.kind === 'Node' || kind === 'Node'
        ? 'kubelet'
        : 'kube-controller-manager';
    case 'ReplicaSet':
    case 'Endpoints':
    case 'ServiceAccount':
      return 'kube-controller-manager';
    case 'Namespace':
    case 'ClusterRole':
    case 'ClusterRoleBinding':
    case 'PriorityClass':
    case 'APIService':
      return 'kube-apiserver';
    case 'Lease':
      return 'kubelet';
    default:
      return isSystem ? 'kubeadm' : 'kubectl-client-side-apply';
  }
}

/** Versions that etcd counts in a second, mostly for leases. */
const writesPerSecond = 1.6;

export function versionAt({ createdAt }: Plan, time: number): number {
  return 700 + Math.floor((Math.max(0, time - createdAt) / 1000) * writesPerSecond);
}

export function createBuild(plan: Plan, now: number): Build {
  const { persona, createdAt, nodes } = plan;
  const objects: KubeObject[] = [];
  const addresses = new Map<string, number>();
  const bootedAt = Math.max(persona.bootedAt(now), createdAt + minute);
  const randomOf = (label: string): Random => persona.random(`kubernetes/${label}`);
  const versionOf = (time: number): string => String(versionAt(plan, time));

  function stamped(object: Draft, age: number): KubeObject {
    const { namespace = '', name } = object.metadata as { namespace?: string; name: string };
    const time = Math.min(createdAt + age, now - minute);
    const made = withDefaults(object);
    const hasGeneration =
      isObject(made.spec) && !['Node', 'Namespace', 'Service'].includes(String(object.kind));
    return {
      ...made,
      metadata: {
        uid: randomOf(`uid/${object.kind}/${namespace}/${name}`).uuid(),
        resourceVersion: versionOf(time),
        ...(hasGeneration && { generation: 1 }),
        creationTimestamp: timestamp(time),
        ...object.metadata,
      },
    } as unknown as KubeObject;
  }

  function keep(object: KubeObject): KubeObject {
    const one = ordered(withManagers(object));
    objects.push(one);
    return one;
  }

  /** Who made it, and who told its status. */
  function withManagers(object: KubeObject): KubeObject {
    const { kind, metadata, status } = object;
    if (metadata.creationTimestamp === null) return object;
    const made = Date.parse(metadata.creationTimestamp);
    const entries = [managedEntry(object, { name: managerOf(object), operation: 'Update', at: made })];
    const reporter = kind === 'Pod' || kind === 'Node' ? 'kubelet' : 'kube-controller-manager';
    if (isObject(status) && Object.keys(status).length > 0 && kind !== 'Service')
      entries.push(
        managedEntry(object, {
          name: reporter,
          operation: 'Update',
          at: Math.max(made, bootedAt + 100_000),
          subresource: 'status',
        }),
      );
    return { ...object, metadata: { ...metadata, managedFields: entries } };
  }

  /** Addresses are given out one after the other on each node. */
  function addressOn(node: Node): string {
    const next = (addresses.get(node.name) ?? 1) + 1;
    addresses.set(node.name, next);
    return `10.244.${node.subnet}.${next}`;
  }

  function start(pod: KubeObject, node: Node, age: number): KubeObject {
    const spec = pod.spec as JsonObject;
    const random = randomOf(`pod/${pod.metadata.namespace}/${pod.metadata.name}`);
    const created = Math.min(createdAt + age, now - 2 * minute);
    const isOnHost = spec.hostNetwork === true;
    const startedAt =
      created > bootedAt ? created + random.int(2, 9) * 1000 : bootedAt + random.int(20, 70) * 1000;
    const boots = created > bootedAt ? 0 : 1 + Math.floor((bootedAt - created) / (110 * 86_400_000));
    const containers = spec.containers as readonly { readonly name: string }[];
    const withNode = { ...pod, spec: { ...spec, nodeName: node.name } };
    const life = {
      hostAddress: node.address,
      address: isOnHost ? node.address : addressOn(node),
      startedAt,
      restarts: boots,
      ids: new Map(containers.map(({ name }) => [name, random.hex(64)])),
      imageIds: imageId,
      ...(boots > 0 && {
        last: { startedAt: created + 9000, finishedAt: bootedAt - random.int(5, 40) * 1000, exitCode: 255 },
      }),
    };
    const status = runningStatus(withNode, created, life);
    return keep({
      ...withNode,
      metadata: { ...pod.metadata, resourceVersion: versionOf(startedAt + 2000) },
      status,
    });
  }

  return {
    plan,
    now,
    versionAt: versionOf,
    add: (object, age = 0) => keep(stamped(object, age)),
    addWorkload(object, age, rolledOut = { times: 0, age }) {
      const owner = stamped(object, age);
      const { name } = owner.metadata;
      const spec = owner.spec as JsonObject;
      const template = spec.template as JsonObject;
      const random = randomOf(`workload/${owner.metadata.namespace}/${name}`);
      const more = { createdAt: createdAt + rolledOut.age, resourceVersion: owner.metadata.resourceVersion };
      const hash = templateHash([persona.seed, template]);
      const changed = timestamp(Math.max(Date.parse(owner.metadata.creationTimestamp), bootedAt + 90_000));
      const finish = (one: KubeObject, pods: readonly KubeObject[], extra: JsonObject = {}): KubeObject =>
        keep({
          ...one,
          metadata: { ...one.metadata, ...extra, resourceVersion: versionOf(bootedAt + 100_000) },
          status: ownerStatus(one, pods, changed),
        } as KubeObject);
      if (owner.kind === 'DaemonSet') {
        const labels = { 'controller-revision-hash': hash, 'pod-template-generation': '1' };
        const pods = nodes.map((node) =>
          start(
            podOf(owner, template, `${name}-${suffix(random)}`, random, { ...more, labels }),
            node,
            rolledOut.age,
          ),
        );
        finish(owner, pods, {
          annotations: {
            ...(owner.metadata.annotations ?? {}),
            'deprecated.daemonset.template.generation': '1',
          },
        });
        return;
      }
      const count = Number(spec.replicas);
      const at = (index: number): Node => nodes[(index + random.int(0, nodes.length - 1)) % nodes.length]!;
      if (owner.kind === 'StatefulSet') {
        const pods = Array.from({ length: count }, (_, index) => {
          const own = {
            'controller-revision-hash': `${name}-${hash}`,
            'statefulset.kubernetes.io/pod-name': `${name}-${index}`,
          };
          return start(
            podOf(owner, template, `${name}-${index}`, random, { ...more, labels: own }),
            at(index),
            rolledOut.age,
          );
        });
        const revision = { currentRevision: `${name}-${hash}` };
        finish({ ...owner, status: revision }, pods);
        return;
      }
      const labels = { 'pod-template-hash': hash };
      const metadata = template.metadata as JsonObject;
      const set = stamped(
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          metadata: {
            name: `${name}-${hash}`,
            namespace: owner.metadata.namespace!,
            labels: { ...(metadata.labels as JsonObject), ...labels },
            annotations: {
              'deployment.kubernetes.io/desired-replicas': String(count),
              'deployment.kubernetes.io/max-replicas': String(count + Math.ceil(count / 4)),
              'deployment.kubernetes.io/revision': String(rolledOut.times + 1),
            },
            ownerReferences: [ownedBy(owner)],
          },
          spec: {
            replicas: count,
            selector: { matchLabels: { ...(metadata.labels as JsonObject), ...labels } },
            template: {
              ...template,
              metadata: { ...metadata, labels: { ...(metadata.labels as JsonObject), ...labels } },
            },
          },
        },
        rolledOut.age,
      );
      const pods = Array.from({ length: count }, (_, index) =>
        start(
          podOf(
            set,
            set.spec!['template' as never] as JsonObject,
            `${set.metadata.name}-${suffix(random)}`,
            random,
            more,
          ),
          at(index),
          rolledOut.age,
        ),
      );
      finish(set, pods);
      finish(owner, pods, {
        annotations: {
          ...(owner.metadata.annotations ?? {}),
          'deployment.kubernetes.io/revision': String(rolledOut.times + 1),
        },
      });
    },
    addStatic(node, name, spec) {
      const random = randomOf(`static/${name}`);
      const component = name;
      const hash = random.hex(32);
      const own = stamped(
        {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: {
            name: `${name}-${node.name}`,
            namespace: 'kube-system',
            labels: { component, tier: 'control-plane' },
            annotations: {
              'kubernetes.io/config.hash': hash,
              'kubernetes.io/config.mirror': hash,
              'kubernetes.io/config.seen': `${timestamp(createdAt + 20_000).slice(0, -1)}.${random.int(100_000_000, 999_999_999)}Z`,
              'kubernetes.io/config.source': 'file',
            },
            ownerReferences: [
              {
                apiVersion: 'v1',
                kind: 'Node',
                name: node.name,
                uid: randomOf(`uid/Node//${node.name}`).uuid(),
                controller: true,
              },
            ],
          },
          spec: {
            ...spec,
            nodeName: node.name,
            hostNetwork: true,
            securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
            priorityClassName: 'system-node-critical',
            priority: 2_000_001_000,
            enableServiceLinks: true,
            preemptionPolicy: 'PreemptLowerPriority',
            tolerations: [{ operator: 'Exists', effect: 'NoExecute' }],
          },
        },
        40_000,
      );
      const { generation: _, ...metadata } = own.metadata;
      start({ ...own, metadata: metadata as KubeObject['metadata'] }, node, 40_000);
    },
    objects,
  };

  /** The registry's digest of an image; the persona's, as no constant is at hand for all. */
  function imageId(image: string): string {
    const full = fullImage(image);
    const at = full.includes('@')
      ? full.split('@')
      : [full.replace(/:[^/:]+$/, ''), `sha256:${persona.random(`image/${full}`).hex(64)}`];
    return at.join('@');
  }
}
