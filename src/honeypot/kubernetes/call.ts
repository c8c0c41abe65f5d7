/** A request for a resource, and what all that serve such ones need. */
import type { KubeObject } from '../cluster/json.ts';
import { apiVersionOf, type Resource } from '../cluster/resources.ts';
import type { Exchange } from '../http/serve.ts';
import { requestVerb } from '../request-verb.ts';
import type { Answering } from './answer.ts';
import type { ResourceTarget } from './path.ts';
import { fieldSelector, labelSelector } from './selector.ts';
import { notFound } from './status.ts';
import type { Visit } from './visit.ts';

export interface Call {
  readonly exchange: Exchange;
  readonly target: ResourceTarget;
  readonly visit: Visit;
  readonly answering: Answering;
}

/** The verb that authorization and events call a request. */
export function verbOf(exchange: Exchange, { name, isWatch }: ResourceTarget): string {
  const verb = requestVerb(exchange.method, name);
  const isRead = verb === 'list' || verb === 'get';
  return isRead && (isWatch || flagOf(exchange, 'watch')) ? 'watch' : verb;
}

/** True with any value but these two, and with none (`Convert_Slice_string_To_bool`, apimachinery 0.27): Python says `True`. */
export function flagOf({ query }: Exchange, name: string): boolean {
  const told = query.get(name);
  return told !== null && told !== '0' && told.toLowerCase() !== 'false';
}

/** @throws Refused where it is not there */
export function find({ target, visit }: Call): KubeObject {
  const { resource, namespace, name = '' } = target;
  const found = visit.store.get(resource.kind, resource.isNamespaced ? namespace : undefined, name);
  if (found === undefined) throw notFound(resource, name);
  return found;
}

/** In the version that was asked for. */
export function shown(object: KubeObject, resource: Resource): KubeObject {
  const apiVersion = apiVersionOf(resource);
  if (object.apiVersion === apiVersion) return object;
  const { kind, apiVersion: _, ...rest } = object;
  return { kind, apiVersion, ...rest } as KubeObject;
}

/** Whether an object is among those that a list or a watch wants. */
export function chosen({ exchange, target }: Call): (object: KubeObject) => boolean {
  const { resource, namespace, name } = target;
  const labels = labelSelector(exchange.query.get('labelSelector') ?? '');
  const fields = fieldSelector(exchange.query.get('fieldSelector') ?? '', resource.kind);
  return (object) =>
    object.kind === resource.kind &&
    (namespace === undefined || object.metadata.namespace === namespace) &&
    (name === undefined || object.metadata.name === name) &&
    labels(object.metadata.labels ?? {}) &&
    fields(object);
}

export function isDryRun({ exchange }: Call): boolean {
  return exchange.query.getAll('dryRun').includes('All');
}
