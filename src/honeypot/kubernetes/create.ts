/** Creates objects: names, defaults, what controllers and admission set at once, checks. */
import { admitPod } from '../cluster/admission.ts';
import { withDefaults } from '../cluster/defaults.ts';
import { isObject, type Json, type JsonObject, type KubeObject, listAt, textAt } from '../cluster/json.ts';
import { suffix } from '../cluster/names.ts';
import { qosClass } from '../cluster/pods.ts';
import { apiVersionOf } from '../cluster/resources.ts';
import { type Call, isDryRun, shown } from './call.ts';
import { conformed, readObject, warnings } from './input.ts';
import { newObject } from './make.ts';
import { managed } from './managed-fields.ts';
import { alreadyExists, badRequest, notAllowed, notFound } from './status.ts';
import { validate } from './validate.ts';
import type { Visit } from './visit.ts';

export async function create(call: Call): Promise<void> {
  const { exchange, target, visit, answering } = call;
  const { resource, namespace } = target;
  if (target.name !== undefined) throw notAllowed();
  const { object, text, unknown } = await readObject(exchange, resource.kind, apiVersionOf(resource));
  const more = warnings(exchange, resource, resource.version, unknown);
  const made = prepare(call, named(call, object, namespace));
  await visit.tellWrite(exchange, 'create', made, text);
  validate(resource, made);
  if (namespace !== undefined && visit.store.get('Namespace', undefined, namespace) === undefined)
    throw notFound({ group: '', plural: 'namespaces' }, namespace);
  if (visit.store.get(resource.kind, namespace, made.metadata.name) !== undefined)
    throw alreadyExists(resource, made.metadata.name);
  const stored = isDryRun(call) ? made : visit.store.put(managed(made, exchange, 'Update'));
  if (!isDryRun(call)) visit.controllers.created(stored);
  await answering.object(exchange, 201, shown(stored, resource), more);
}

/** With the name space of the path, and a name where only its beginning is told. */
function named(
  { visit }: Call,
  object: JsonObject,
  namespace: string | undefined,
): JsonObject & { metadata: JsonObject } {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const given = textAt(metadata, 'namespace');
  if (given !== '' && namespace !== undefined && given !== namespace)
    throw badRequest(`the namespace of the provided object does not match the namespace sent on the request`);
  const beginning = textAt(metadata, 'generateName');
  const name = textAt(metadata, 'name') || (beginning === '' ? '' : beginning + suffix(visit.chance()));
  return { ...object, metadata: { ...metadata, name, ...(namespace !== undefined && { namespace }) } };
}

/** Defaults and what only new objects get. */
function prepare({ visit, target }: Call, object: JsonObject & { metadata: JsonObject }): KubeObject {
  const made = newObject(visit.store, withDefaults(object) as JsonObject & { metadata: JsonObject });
  switch (target.resource.kind) {
    case 'Pod': {
      const spec = admitPod(made.spec as JsonObject, suffix(visit.chance()));
      return { ...made, spec, status: { phase: 'Pending', qosClass: qosClass(spec) } };
    }
    case 'Namespace': {
      const labels = { 'kubernetes.io/metadata.name': made.metadata.name, ...made.metadata.labels };
      return {
        ...made,
        metadata: { ...made.metadata, labels },
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
      };
    }
    case 'Service':
      return withAddress(made, visit);
    case 'Job': {
      const own = {
        'batch.kubernetes.io/controller-uid': made.metadata.uid,
        'batch.kubernetes.io/job-name': made.metadata.name,
        'controller-uid': made.metadata.uid,
        'job-name': made.metadata.name,
      };
      const spec = made.spec as JsonObject;
      const template = spec.template as JsonObject;
      const metadata = isObject(template.metadata) ? template.metadata : {};
      const labels = { ...(isObject(metadata.labels) ? metadata.labels : {}), ...own };
      const selector = { matchLabels: { 'batch.kubernetes.io/controller-uid': made.metadata.uid } };
      return {
        ...made,
        metadata: { ...made.metadata, generation: 1, labels: { ...labels, ...made.metadata.labels } },
        spec: { ...spec, selector, template: { ...template, metadata: { ...metadata, labels } } },
        status: {},
      } as KubeObject;
    }
    case 'DaemonSet': {
      const annotations = { 'deprecated.daemonset.template.generation': '1', ...made.metadata.annotations };
      const status = {
        currentNumberScheduled: 0,
        numberMisscheduled: 0,
        desiredNumberScheduled: 0,
        numberReady: 0,
      };
      return { ...made, metadata: { ...made.metadata, generation: 1, annotations }, status };
    }
    case 'Deployment':
    case 'ReplicaSet':
    case 'StatefulSet':
    case 'ReplicationController':
    case 'CronJob': {
      const { kind } = target.resource;
      const status =
        kind === 'Deployment' || kind === 'CronJob'
          ? {}
          : { replicas: 0, ...(kind === 'StatefulSet' && { availableReplicas: 0 }) };
      return { ...made, metadata: { ...made.metadata, generation: 1 }, status };
    }
    case 'CertificateSigningRequest':
      return {
        ...made,
        spec: {
          ...(made.spec as JsonObject),
          username: 'system:anonymous',
          groups: ['system:unauthenticated'],
        },
        status: {},
      };
    default:
      return made;
  }
}

function withAddress(service: KubeObject, visit: Visit): KubeObject {
  const spec = service.spec as JsonObject;
  if (spec.type === 'ExternalName') return { ...service, status: { loadBalancer: {} } };
  const random = visit.chance();
  const clusterIP =
    textAt(spec, 'clusterIP') || `10.${random.int(97, 111)}.${random.int(0, 255)}.${random.int(2, 250)}`;
  const hasNodePorts = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  const ports = listAt(spec, 'ports').map((one) =>
    isObject(one) && hasNodePorts ? { ...one, nodePort: one.nodePort ?? random.int(30_000, 32_767) } : one,
  );
  return {
    ...service,
    spec: { ...spec, clusterIP, clusterIPs: [clusterIP], ports },
    status: { loadBalancer: {} },
  };
}

/** Server-side apply of what is not there yet. */
export async function applyNew(call: Call, value: Json, text: string): Promise<void> {
  const { exchange, target, visit, answering } = call;
  const { resource, namespace, name = '' } = target;
  if (!isObject(value)) throw badRequest('error decoding YAML');
  const { object, unknown } = conformed(value, resource.kind, apiVersionOf(resource));
  const more = warnings(exchange, resource, resource.version, unknown);
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const whole = {
    ...object,
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    metadata: { ...metadata, name },
  };
  const made = prepare(call, named(call, whole, namespace));
  await visit.tellWrite(exchange, 'create', made, text);
  validate(resource, made);
  const stored = isDryRun(call) ? made : visit.store.put(managed(made, exchange, 'Apply'));
  if (!isDryRun(call)) visit.controllers.created(stored);
  await answering.object(exchange, 201, shown(stored, resource), more);
}
