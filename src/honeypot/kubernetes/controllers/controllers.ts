/**
 * What a cluster does by itself once objects are there: scheduler, kubelet and controllers, each after the time that it
 * takes. Bounded by what the store takes.
 */
import { type Json, type KubeObject, listAt, mapAt, numberAt, textAt } from '../../cluster/json.ts';
import { newObject } from '../make.ts';
import { matchesSelector } from '../selector.ts';
import type { Store } from '../store.ts';
import { createContext } from './context.ts';
import { type Container, createPodLife } from './pod-life.ts';
import { createWorkloads } from './workloads.ts';

export interface Controllers {
  /** Something was stored that was not there. */
  created(object: KubeObject): void;
  /** Something was changed by a visitor. */
  updated(object: KubeObject): void;
  /** Something is gone, and so is what it owned. */
  deleted(object: KubeObject): void;
  /** The program of a pod's container ended. */
  ended(pod: KubeObject, exitCode: number): void;
  /** Takes a pod away as its kubelet does: first it ends, then it is gone. */
  terminate(pod: KubeObject, graceSeconds: number): KubeObject;
}

export function createControllers(store: Store, container: Container): Controllers {
  const context = createContext(store);
  const { current, owned } = context;
  const pods = createPodLife(
    context,
    container,
    (pod) => workloads.refresh(pod),
    (pod) => workloads.refill(pod),
  );
  const workloads = createWorkloads(context, pods);
  const { terminate } = pods;
  const { reconcile } = workloads;

  function addNamespace(name: string): void {
    store.put(
      newObject(store, {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'default', namespace: name },
      }),
    );
    const root = store.get('ConfigMap', 'default', 'kube-root-ca.crt');
    if (root === undefined) return;
    const { annotations = {} } = root.metadata;
    store.put(
      newObject(store, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'kube-root-ca.crt', namespace: name, annotations },
        data: root.data as Json,
      }),
    );
  }

  function addEndpoints(service: KubeObject): void {
    const selector = mapAt(service, 'spec', 'selector');
    const pods =
      Object.keys(selector).length === 0
        ? []
        : store
            .list('Pod', service.metadata.namespace)
            .filter((pod) => matchesSelector(selector, pod.metadata.labels ?? {}));
    const addresses = pods.flatMap((pod) =>
      textAt(pod, 'status', 'podIP') === '' ? [] : [{ ip: textAt(pod, 'status', 'podIP') }],
    );
    const ports = listAt(service, 'spec', 'ports').map((one) => ({
      port: numberAt(one, 'targetPort') || numberAt(one, 'port'),
      protocol: 'TCP',
    }));
    store.put(
      newObject(store, {
        apiVersion: 'v1',
        kind: 'Endpoints',
        metadata: {
          name: service.metadata.name,
          namespace: service.metadata.namespace!,
          labels: service.metadata.labels ?? {},
        },
        ...(addresses.length > 0 && { subsets: [{ addresses, ports }] }),
      }),
    );
  }

  return {
    created(object) {
      switch (object.kind) {
        case 'Pod':
          pods.schedule(object);
          break;
        case 'CronJob':
          workloads.tick(object, 5);
          break;
        case 'Namespace':
          addNamespace(object.metadata.name);
          break;
        case 'Service':
          addEndpoints(object);
          break;
        default:
          store.after(6, () => {
            const found = current(object);
            if (found !== undefined) reconcile(found);
          });
      }
    },
    updated(object) {
      if (
        ['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet', 'DaemonSet'].includes(
          object.kind,
        )
      )
        store.after(6, () => {
          const found = current(object);
          if (found !== undefined) reconcile(found);
        });
    },
    deleted(object) {
      if (object.kind === 'Namespace') {
        const kinds = [
          'Pod',
          'Deployment',
          'ReplicaSet',
          'DaemonSet',
          'StatefulSet',
          'Job',
          'CronJob',
          'Service',
          'Endpoints',
          'Secret',
          'ConfigMap',
          'ServiceAccount',
          'Event',
        ];
        for (const kind of kinds) for (const one of store.list(kind, object.metadata.name)) store.remove(one);
        return;
      }
      if (object.kind === 'Service') {
        const found = store.get('Endpoints', object.metadata.namespace, object.metadata.name);
        if (found !== undefined) store.remove(found);
      }
      for (const kind of ['ReplicaSet', 'Job'])
        for (const one of owned(kind, object)) {
          store.remove(one);
          for (const pod of owned('Pod', one)) terminate(pod, 30);
        }
      for (const pod of owned('Pod', object)) terminate(pod, 30);
    },
    ended: pods.finish,
    terminate,
  };
}
