/** Deletes objects, one or many, with what they own. */
import { at, type JsonObject, type KubeObject, textAt, timestamp } from '../cluster/json.ts';
import { apiVersionOf } from '../cluster/resources.ts';
import type { Exchange } from '../http/serve.ts';
import { type Call, chosen, find, isDryRun } from './call.ts';
import { bodyOf, readObject } from './input.ts';
import { deleted, notAllowed, Refused } from './status.ts';
import type { Visit } from './visit.ts';

async function deleteOptions(exchange: Exchange): Promise<JsonObject> {
  const bytes = await bodyOf(exchange);
  if (bytes.length === 0) return {};
  const { object } = await readObject(exchange, 'DeleteOptions', 'v1').catch(() => ({
    object: {} as JsonObject,
  }));
  return object;
}

export async function remove(call: Call): Promise<void> {
  const { exchange, target, visit, answering } = call;
  const { resource, name = '' } = target;
  const options = await deleteOptions(exchange);
  const found = find(call);
  await visit.tellWrite(exchange, 'delete', found, '');
  if (isDryRun(call)) return answering.object(exchange, 200, deleted(resource, name, found.metadata.uid));
  if (resource.kind === 'Pod') {
    const asked = at(options, 'gracePeriodSeconds') ?? exchange.query.get('gracePeriodSeconds');
    const grace =
      asked === null || asked === undefined || Number.isNaN(Number(asked)) ? 30 : Math.max(0, Number(asked));
    return answering.object(exchange, 200, visit.controllers.terminate(found, grace));
  }
  if (resource.kind === 'Namespace') return removeNamespace(call, found);
  drop(visit, found, options);
  return answering.object(exchange, 200, deleted(resource, name, found.metadata.uid));
}

function drop({ store, controllers }: Visit, object: KubeObject, options: JsonObject): void {
  store.remove(object);
  const policy = textAt(options, 'propagationPolicy');
  if (policy !== 'Orphan' && options.orphanDependents !== true) controllers.deleted(object);
}

async function removeNamespace(
  { exchange, target, visit, answering }: Call,
  found: KubeObject,
): Promise<void> {
  const { resource } = target;
  if (['default', 'kube-system', 'kube-public'].includes(found.metadata.name))
    throw new Refused(
      403,
      'Forbidden',
      `namespaces "${found.metadata.name}" is forbidden: this namespace may not be deleted`,
      {
        name: found.metadata.name,
        kind: resource.plural,
      },
    );
  const ending = visit.store.put({
    ...found,
    metadata: { ...found.metadata, deletionTimestamp: timestamp(Date.now()) },
    status: { phase: 'Terminating' },
  });
  visit.store.after(1600, () => {
    visit.controllers.deleted(ending);
    visit.store.remove(ending);
  });
  return answering.object(exchange, 200, ending);
}

export async function removeAll(call: Call): Promise<void> {
  const { exchange, target, visit, answering } = call;
  if (!target.resource.verbs.includes('deletecollection')) throw notAllowed();
  const options = await deleteOptions(exchange);
  const isWanted = chosen(call);
  const found = visit.store.list(target.resource.kind, target.namespace).filter(isWanted);
  await visit.tellWrite(exchange, 'deletecollection', undefined, '');
  if (!isDryRun(call))
    for (const one of found) {
      if (one.kind === 'Pod') visit.controllers.terminate(one, 30);
      else drop(visit, one, options);
    }
  return answering.object(exchange, 200, {
    kind: `${target.resource.kind}List`,
    apiVersion: apiVersionOf(target.resource),
    metadata: { resourceVersion: String(visit.store.version()) },
    items: found.map(({ kind: _, apiVersion: __, ...rest }) => rest as JsonObject),
  });
}

/** `kubectl drain`. */
export async function serveEviction(call: Call): Promise<void> {
  const { exchange, visit, answering } = call;
  const { text } = await readObject(exchange, 'Eviction', 'policy/v1');
  const pod = find(call);
  await visit.tellWrite(exchange, 'delete', pod, text);
  visit.controllers.terminate(pod, 30);
  return answering.object(exchange, 201, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    code: 201,
  });
}
