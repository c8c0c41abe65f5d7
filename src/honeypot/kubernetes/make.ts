/** New objects: an identity and a time for what is about to be stored. */
import { randomUUID } from 'node:crypto';
import { type JsonObject, type KubeObject, timestamp } from '../cluster/json.ts';
import type { Store } from './store.ts';

/** @param object its metadata needs a name only */
export function newObject(store: Store, object: JsonObject & { readonly metadata: JsonObject }): KubeObject {
  return {
    ...object,
    metadata: {
      ...object.metadata,
      uid: randomUUID(),
      resourceVersion: String(store.version()),
      creationTimestamp: timestamp(Date.now()),
    },
  } as unknown as KubeObject;
}
