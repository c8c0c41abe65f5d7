/** What all controllers need: the store, what belongs together in it, and events that say what they did. */
import { randomUUID } from 'node:crypto';
import { type KubeObject, textAt, timestamp } from '../../cluster/json.ts';
import type { Plan } from '../../cluster/plan.ts';
import type { Random } from '../../persona/random.ts';
import { newObject } from '../make.ts';
import type { Store } from '../store.ts';

export interface Context {
  readonly store: Store;
  readonly plan: Plan;
  chance(): Random;
  /** As it is now; undefined where it is gone, or another one has its name. */
  current(object: KubeObject): KubeObject | undefined;
  /** What an object owns of a kind. */
  owned(kind: string, owner: KubeObject): readonly KubeObject[];
  /** Changes what is stored of an object, if it is still there. */
  change(object: KubeObject, how: (now: KubeObject) => KubeObject): KubeObject | undefined;
  /** Leaves an event. */
  say(about: KubeObject, reason: string, message: string, component: string, fieldPath?: string): void;
}

export function createContext(store: Store): Context {
  const { plan } = store.cluster;
  const current = (object: KubeObject): KubeObject | undefined => {
    const found = store.get(object.kind, object.metadata.namespace, object.metadata.name);
    return found?.metadata.uid === object.metadata.uid ? found : undefined;
  };

  function say(
    about: KubeObject,
    reason: string,
    message: string,
    component: string,
    fieldPath?: string,
  ): void {
    const now = timestamp(Date.now());
    const { metadata } = about;
    const event = newObject(store, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {
        name: `${metadata.name}.${(BigInt(Date.now()) * 1_000_000n + BigInt(Math.floor(Math.random() * 1e6))).toString(16)}`,
        namespace: metadata.namespace ?? 'default',
      },
      involvedObject: {
        kind: about.kind,
        ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
        name: metadata.name,
        uid: metadata.uid,
        apiVersion: about.apiVersion,
        resourceVersion: metadata.resourceVersion,
        ...(fieldPath !== undefined && { fieldPath }),
      },
      reason,
      message,
      source: { component, ...(component === 'kubelet' && { host: textAt(about, 'spec', 'nodeName') }) },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      type: reason === 'BackOff' ? 'Warning' : 'Normal',
      eventTime: null,
      reportingComponent: '',
      reportingInstance: '',
    });
    store.put(event);
  }

  return {
    store,
    plan,
    chance: () => plan.persona.random(`kubernetes/made/${randomUUID()}`),
    current,
    owned: (kind, { metadata }) =>
      store
        .list(kind, metadata.namespace)
        .filter((one) => one.metadata.ownerReferences?.some((owner) => owner.uid === metadata.uid)),
    change(object, how) {
      const found = current(object);
      return found === undefined ? undefined : store.put(how(found));
    },
    say,
  };
}
