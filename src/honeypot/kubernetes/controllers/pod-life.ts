/** A pod's way: scheduled, started, ended, gone; what scheduler and kubelet do, after the time that they take. */
import { isObject, type JsonObject, type KubeObject, listAt, textAt, timestamp } from '../../cluster/json.ts';
import type { Node } from '../../cluster/plan.ts';
import { fullImage, type Life, runningStatus } from '../../cluster/pods.ts';
import type { Random } from '../../persona/random.ts';
import type { Context } from './context.ts';

/** How a container's program ended; undefined while it runs on. */
export interface Outcome {
  readonly exitCode: number;
  /** Milliseconds that it took, by the clock of its world. */
  readonly took: number;
}

export interface PodLife {
  /** Gives a new pod a node, where it starts. */
  schedule(pod: KubeObject): void;
  /** The program of its container ended. */
  finish(pod: KubeObject, exitCode: number): void;
  /** Takes it away as its kubelet does: first it ends, then it is gone. */
  terminate(pod: KubeObject, graceSeconds: number): KubeObject;
}

export interface Container {
  /** Runs the first container of a pod. */
  start(pod: KubeObject): Promise<Outcome | undefined>;
  /** The pod is gone. */
  stop(pod: KubeObject): void;
}

/** @param changed is told of each pod whose status is another @param gone of each that is no more */
export function createPodLife(
  { store, plan, chance, current, change, say }: Context,
  container: Container,
  changed: (pod: KubeObject) => void,
  gone: (pod: KubeObject) => void,
): PodLife {
  const { persona } = plan;
  /** Of running pods, by their identity. */
  const lives = new Map<string, Life>();
  let given = 0;

  function schedule(pod: KubeObject): void {
    const wanted =
      textAt(pod, 'spec', 'nodeName') || textAt(pod, 'spec', 'nodeSelector', 'kubernetes.io/hostname');
    const node = plan.nodes.find((one) => one.name === wanted) ?? plan.nodes[given % plan.nodes.length]!;
    given += 1;
    const random = chance();
    store.after(random.int(8, 40), () => {
      const condition = {
        type: 'PodScheduled',
        status: 'True',
        lastProbeTime: null,
        lastTransitionTime: timestamp(Date.now()),
      };
      const bound = change(pod, (one) => ({
        ...one,
        spec: { ...(one.spec as JsonObject), nodeName: node.name },
        status: { ...(one.status as JsonObject), conditions: [condition] },
      }));
      if (bound === undefined) return;
      say(
        bound,
        'Scheduled',
        `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${node.name}`,
        'default-scheduler',
      );
      store.after(random.int(900, 2600), () => runPod(bound, node, random));
    });
  }

  function runPod(pod: KubeObject, node: Node, random: Random): void {
    const containers = listAt(pod, 'spec', 'containers');
    const isOnHost = isObject(pod.spec) && pod.spec.hostNetwork === true;
    const life: Life = {
      hostAddress: node.address,
      address: isOnHost ? node.address : `10.244.${node.subnet}.${40 + (given++ % 200)}`,
      startedAt: Date.now(),
      restarts: 0,
      ids: new Map(containers.map((one) => [textAt(one, 'name'), random.hex(64)])),
      imageIds: (image) =>
        `${fullImage(image)
          .replace(/:[^/:@]+(?=@|$)/, '')
          .replace(/@.*$/, '')}@sha256:${persona.random(`image/${fullImage(image)}`).hex(64)}`,
    };
    const created = Date.parse(pod.metadata.creationTimestamp);
    const running = change(pod, (one) => ({ ...one, status: runningStatus(one, created, life) }));
    if (running === undefined) return;
    for (const one of containers.slice(0, 4)) {
      const path = `spec.containers{${textAt(one, 'name')}}`;
      const image = textAt(one, 'image');
      const took = `${(random.int(800, 2400) / 1000).toFixed(9).replace(/0{6}$/, String(random.int(100_000, 999_999)))}s`;
      say(running, 'Pulling', `Pulling image "${image}"`, 'kubelet', path);
      say(
        running,
        'Pulled',
        `Successfully pulled image "${image}" in ${took} (${took} including waiting)`,
        'kubelet',
        path,
      );
      say(running, 'Created', `Created container ${textAt(one, 'name')}`, 'kubelet', path);
      say(running, 'Started', `Started container ${textAt(one, 'name')}`, 'kubelet', path);
    }
    changed(running);
    lives.set(pod.metadata.uid, life);
    container.start(running).then(
      (outcome) => {
        if (outcome !== undefined)
          store.after(Math.min(outcome.took, 600_000), () => finish(running, outcome.exitCode));
      },
      () => {},
    );
  }

  function finish(pod: KubeObject, exitCode: number): void {
    const life = lives.get(pod.metadata.uid);
    if (life === undefined) return;
    const policy = textAt(pod, 'spec', 'restartPolicy');
    const isBackingOff = policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
    const ended = { finishedAt: Date.now(), exitCode };
    const over = change(pod, (one) => ({
      ...one,
      status: runningStatus(one, Date.parse(one.metadata.creationTimestamp), {
        ...life,
        ended,
        isBackingOff,
        restarts: isBackingOff ? 1 : 0,
      }),
    }));
    if (over === undefined) return;
    if (isBackingOff)
      say(
        over,
        'BackOff',
        `Back-off restarting failed container ${textAt(listAt(pod, 'spec', 'containers')[0], 'name')} in pod ${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`,
        'kubelet',
      );
    changed(over);
  }

  function terminate(pod: KubeObject, graceSeconds: number): KubeObject {
    const found = current(pod) ?? pod;
    const ending = store.put({
      ...found,
      metadata: {
        ...found.metadata,
        deletionTimestamp: timestamp(Date.now() + graceSeconds * 1000),
        deletionGracePeriodSeconds: graceSeconds,
      },
    });
    store.after(graceSeconds === 0 ? 60 : 1400, () => {
      const last = current(ending);
      if (last === undefined) return;
      store.remove(last);
      lives.delete(last.metadata.uid);
      container.stop(last);
      gone(last);
    });
    return ending;
  }

  return { schedule, finish, terminate };
}
