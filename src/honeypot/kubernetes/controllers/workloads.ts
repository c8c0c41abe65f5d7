/** What workloads make of themselves: pods, as many as they are told, and statuses that say how many there are. */
import {
  isObject,
  type JsonObject,
  type KubeObject,
  mapAt,
  numberAt,
  textAt,
  timestamp,
} from '../../cluster/json.ts';
import { suffix, templateHash } from '../../cluster/names.ts';
import { ownedBy, ownerStatus, podOf } from '../../cluster/pods.ts';
import { newObject } from '../make.ts';
import type { Context } from './context.ts';
import type { PodLife } from './pod-life.ts';

export interface Workloads {
  /** Makes or takes away what a workload wants. */
  reconcile(owner: KubeObject): void;
  /** A pod's change is told to what owns it, and so on. */
  refresh(object: KubeObject): void;
  /** What lost a pod makes another. */
  refill(pod: KubeObject): void;
  /** Begins the runs of a cron job. */
  tick(job: KubeObject, left: number): void;
}

/** Pods that one owner has at most, and one node. */
const most = { replicas: 30, pods: 110 } as const;

export function createWorkloads(
  { store, plan, chance, current, owned, change, say }: Context,
  { schedule, terminate }: PodLife,
): Workloads {
  const { persona } = plan;

  function refresh(object: KubeObject): void {
    const owner = object.metadata.ownerReferences?.find((one) => one.controller === true);
    if (owner === undefined) return;
    const found = store.get(owner.kind, object.metadata.namespace, owner.name);
    if (found?.metadata.uid !== owner.uid) return;
    const status =
      owner.kind === 'Job' ? jobStatus(found) : ownerStatus(found, podsOf(found), timestamp(Date.now()));
    if (JSON.stringify(status) === JSON.stringify(found.status)) return;
    refresh(store.put({ ...found, status }));
  }

  function podsOf(owner: KubeObject): readonly KubeObject[] {
    const sets = owner.kind === 'Deployment' ? owned('ReplicaSet', owner) : [owner];
    return sets
      .flatMap((set) => owned('Pod', set))
      .filter((pod) => pod.metadata.deletionTimestamp === undefined);
  }

  function jobStatus(job: KubeObject): JsonObject {
    const pods = podsOf(job);
    const succeeded = pods.filter((pod) => textAt(pod, 'status', 'phase') === 'Succeeded').length;
    const failed = pods.filter((pod) => textAt(pod, 'status', 'phase') === 'Failed').length;
    const active = pods.length - succeeded - failed;
    const now = timestamp(Date.now());
    const isDone = succeeded >= Math.max(1, numberAt(job, 'spec', 'completions'));
    return {
      ...(isDone && {
        conditions: [{ type: 'Complete', status: 'True', lastProbeTime: now, lastTransitionTime: now }],
      }),
      startTime: textAt(job, 'status', 'startTime') || now,
      ...(isDone && { completionTime: now }),
      ...(active > 0 && { active }),
      ...(succeeded > 0 && { succeeded }),
      ...(failed > 0 && { failed }),
      uncountedTerminatedPods: {},
      ready: active,
    };
  }

  function addPod(
    owner: KubeObject,
    name: string,
    more: { readonly labels?: Readonly<Record<string, string>>; readonly nodeName?: string } = {},
  ): void {
    if (store.list('Pod').length >= most.pods * plan.nodes.length) return;
    const template = (owner.spec as JsonObject).template;
    if (!isObject(template)) return;
    const made = podOf(owner, template, name, chance(), {
      createdAt: Date.now(),
      resourceVersion: '',
      ...(more.labels !== undefined && { labels: more.labels }),
    });
    const pod = store.put(
      more.nodeName === undefined
        ? made
        : { ...made, spec: { ...(made.spec as JsonObject), nodeName: more.nodeName } },
    );
    say(owner, 'SuccessfulCreate', `Created pod: ${name}`, `${owner.kind.toLowerCase()}-controller`);
    schedule(pod);
  }

  function scale(owner: KubeObject, wanted: number): void {
    const pods = owned('Pod', owner).filter((pod) => pod.metadata.deletionTimestamp === undefined);
    for (let index = pods.length; index < Math.min(wanted, most.replicas); index++)
      addPod(
        owner,
        owner.kind === 'StatefulSet'
          ? `${owner.metadata.name}-${index}`
          : `${owner.metadata.name}-${suffix(chance())}`,
      );
    for (const pod of pods.slice(wanted)) terminate(pod, 0);
  }

  function reconcile(owner: KubeObject): void {
    const wanted = numberAt(owner, 'spec', 'replicas');
    switch (owner.kind) {
      case 'Deployment':
        rollOut(owner, wanted);
        break;
      case 'ReplicaSet':
      case 'ReplicationController':
      case 'StatefulSet':
        scale(owner, wanted);
        break;
      case 'DaemonSet':
        spread(owner);
        break;
      case 'Job':
        if (owned('Pod', owner).length === 0 && (owner.spec as JsonObject).suspend !== true)
          scale(
            owner,
            Math.min(
              numberAt(owner, 'spec', 'parallelism'),
              Math.max(1, numberAt(owner, 'spec', 'completions')),
            ),
          );
        break;
      default:
        return;
    }
    const found = current(owner);
    if (found === undefined) return;
    const status =
      owner.kind === 'Job' ? jobStatus(found) : ownerStatus(found, podsOf(found), timestamp(Date.now()));
    refresh(store.put({ ...found, status }));
  }

  function rollOut(deployment: KubeObject, wanted: number): void {
    const template = (deployment.spec as JsonObject).template as JsonObject;
    const hash = templateHash([persona.seed, template]);
    const name = `${deployment.metadata.name}-${hash}`;
    const sets = owned('ReplicaSet', deployment);
    const revision = String(
      Math.max(
        0,
        ...sets.map((one) => Number(one.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0)),
      ) + 1,
    );
    const labels = { ...mapAt(template, 'metadata', 'labels'), 'pod-template-hash': hash };
    let own = sets.find((one) => one.metadata.name === name || sameTemplate(one, template));
    if (own === undefined) {
      own = store.put(
        newObject(store, {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          metadata: {
            name,
            namespace: deployment.metadata.namespace!,
            generation: 1,
            labels,
            annotations: {
              'deployment.kubernetes.io/desired-replicas': String(wanted),
              'deployment.kubernetes.io/max-replicas': String(wanted + Math.ceil(wanted / 4)),
              'deployment.kubernetes.io/revision': revision,
            },
            ownerReferences: [ownedBy(deployment)],
          },
          spec: {
            replicas: wanted,
            selector: {
              matchLabels: {
                ...mapAt(deployment, 'spec', 'selector', 'matchLabels'),
                'pod-template-hash': hash,
              },
            },
            template: {
              ...template,
              metadata: { creationTimestamp: null, ...(template.metadata as JsonObject), labels },
            },
          },
          status: { replicas: 0 },
        }),
      );
      say(
        deployment,
        'ScalingReplicaSet',
        `Scaled up replica set ${name} to ${wanted}`,
        'deployment-controller',
      );
    }
    const revised = own.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? revision;
    change(deployment, (one) => ({
      ...one,
      metadata: {
        ...one.metadata,
        annotations: { ...one.metadata.annotations, 'deployment.kubernetes.io/revision': revised },
      },
    }));
    for (const set of sets.filter((one) => one !== own)) resize(set, 0);
    resize(own, wanted);
  }

  /** Whether a replica set is of that template, which has one label less. */
  function sameTemplate(set: KubeObject, template: JsonObject): boolean {
    return (
      JSON.stringify((set.spec as JsonObject & { template: JsonObject }).template.spec) ===
        JSON.stringify(template.spec) &&
      JSON.stringify(mapAt(set, 'spec', 'template', 'metadata', 'annotations')) ===
        JSON.stringify(mapAt(template, 'metadata', 'annotations'))
    );
  }

  function resize(set: KubeObject, wanted: number): void {
    const sized = change(set, (one) => ({ ...one, spec: { ...(one.spec as JsonObject), replicas: wanted } }));
    if (sized !== undefined) reconcile(sized);
  }

  /** One pod on each node. */
  function spread(set: KubeObject): void {
    const hash = templateHash([persona.seed, (set.spec as JsonObject).template ?? null]);
    const labels = {
      'controller-revision-hash': hash,
      'pod-template-generation': String(set.metadata.generation ?? 1),
    };
    const pods = owned('Pod', set).filter((pod) => pod.metadata.deletionTimestamp === undefined);
    const old = pods.filter((pod) => pod.metadata.labels?.['controller-revision-hash'] !== hash);
    const isNew = pods.length === 0;
    const isChanged = !isNew && old.length > 0 && numberAt(set, 'metadata', 'generation') > 1;
    if (isChanged) for (const pod of old) terminate(pod, 0);
    if (!isNew && !isChanged) return;
    const selector = mapAt(set, 'spec', 'template', 'spec', 'nodeSelector');
    for (const node of plan.nodes) {
      const known = store.get('Node', undefined, node.name)?.metadata.labels ?? {};
      if (!Object.entries(selector).every(([name, value]) => known[name] === value)) continue;
      addPod(set, `${set.metadata.name}-${suffix(chance())}`, { labels, nodeName: node.name });
    }
  }

  /** Runs of a cron job: where its schedule is each minute, the next ones. */
  function tick(job: KubeObject, left: number): void {
    if (left === 0 || !/^(?:\*|\*\/1) \* \* \* \*$/.test(textAt(job, 'spec', 'schedule').trim())) return;
    store.after(60_000 - (Date.now() % 60_000), () => {
      const found = current(job);
      if (found === undefined || (found.spec as JsonObject).suspend === true) return;
      const template = (found.spec as JsonObject).jobTemplate;
      const made = store.put(
        newObject(store, {
          apiVersion: 'batch/v1',
          kind: 'Job',
          metadata: {
            name: `${found.metadata.name}-${Math.floor(Date.now() / 60_000)}`,
            namespace: found.metadata.namespace!,
            labels: { ...mapAt(template, 'metadata', 'labels') },
            ownerReferences: [ownedBy(found)],
          },
          spec: {
            parallelism: 1,
            completions: 1,
            backoffLimit: 6,
            ...((isObject(template) && isObject(template.spec) ? template.spec : {}) as JsonObject),
          },
          status: {},
        }),
      );
      change(found, (one) => ({ ...one, status: { lastScheduleTime: timestamp(Date.now()) } }));
      reconcile(made);
      tick(job, left - 1);
    });
  }

  function refill(pod: KubeObject): void {
    const owner = pod.metadata.ownerReferences?.find((one) => one.controller === true);
    if (owner === undefined) return;
    const found = store.get(owner.kind, pod.metadata.namespace, owner.name);
    if (found?.metadata.uid !== owner.uid || owner.kind === 'Job') return;
    if (owner.kind === 'DaemonSet' && podsOf(found).length > 0) {
      const hash = pod.metadata.labels?.['controller-revision-hash'];
      if (hash === templateHash([persona.seed, (found.spec as JsonObject).template ?? null]))
        addPod(found, `${found.metadata.name}-${suffix(chance())}`, {
          labels: pod.metadata.labels ?? {},
          nodeName: textAt(pod, 'spec', 'nodeName'),
        });
      return;
    }
    reconcile(found);
  }

  return { reconcile, refresh, refill, tick };
}
