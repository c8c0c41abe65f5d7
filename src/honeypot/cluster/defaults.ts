/**
 * What the API server adds to what it is sent: defaults of versions
 * (pkg/apis/{core,apps,batch}/v1/defaults.go, 1.27).
 */
import { at, isObject, type Json, type JsonObject, listAt, mapAt, textAt } from './json.ts';

/** A container as far as it is read here; what is not named is kept. */
function containerDefaults(container: Json): Json {
  if (!isObject(container)) return container;
  const image = textAt(container, 'image');
  const tag = /:([^/:@]+)(?:@.*)?$/.exec(image)?.[1];
  const isPinned = image.includes('@') || (tag !== undefined && tag !== 'latest');
  return {
    ...container,
    ...(Array.isArray(container.ports) && {
      ports: listAt(container, 'ports').map((port) =>
        isObject(port) ? { ...port, protocol: port.protocol ?? 'TCP' } : port,
      ),
    }),
    ...(Array.isArray(container.env) && { env: listAt(container, 'env').map(variableDefaults) }),
    resources: resourceDefaults(container.resources),
    ...Object.fromEntries(
      ['livenessProbe', 'readinessProbe', 'startupProbe']
        .filter((name) => isObject(container[name]))
        .map((name) => [name, probeDefaults(container[name] as JsonObject)]),
    ),
    terminationMessagePath: container.terminationMessagePath ?? '/dev/termination-log',
    terminationMessagePolicy: container.terminationMessagePolicy ?? 'File',
    imagePullPolicy: container.imagePullPolicy ?? (isPinned ? 'IfNotPresent' : 'Always'),
  };
}

function variableDefaults(variable: Json): Json {
  const field = at(variable, 'valueFrom', 'fieldRef');
  if (!isObject(field) || !isObject(variable)) return variable;
  return { ...variable, valueFrom: { fieldRef: { ...field, apiVersion: field.apiVersion ?? 'v1' } } };
}

/** Requests are the limits where nothing else is said. */
function resourceDefaults(resources: Json | undefined): JsonObject {
  if (!isObject(resources)) return {};
  if (!isObject(resources.limits)) return resources;
  const requests = isObject(resources.requests) ? resources.requests : {};
  return { ...resources, requests: { ...resources.limits, ...requests } };
}

function probeDefaults(probe: JsonObject): JsonObject {
  const http = probe.httpGet;
  return {
    ...probe,
    ...(isObject(http) && { httpGet: { ...http, path: http.path ?? '/', scheme: http.scheme ?? 'HTTP' } }),
    timeoutSeconds: probe.timeoutSeconds ?? 1,
    periodSeconds: probe.periodSeconds ?? 10,
    successThreshold: probe.successThreshold ?? 1,
    failureThreshold: probe.failureThreshold ?? 3,
  };
}

function volumeDefaults(volume: Json): Json {
  if (!isObject(volume)) return volume;
  const { hostPath, secret, configMap, projected, downwardAPI } = volume;
  const withMode = (source: JsonObject): JsonObject => ({
    ...source,
    defaultMode: source.defaultMode ?? 420,
  });
  return {
    ...volume,
    ...(isObject(hostPath) && { hostPath: { ...hostPath, type: hostPath.type ?? '' } }),
    ...(isObject(secret) && { secret: withMode(secret) }),
    ...(isObject(configMap) && { configMap: withMode(configMap) }),
    ...(isObject(projected) && { projected: withMode(projected) }),
    ...(isObject(downwardAPI) && { downwardAPI: withMode(downwardAPI) }),
  };
}

function podSpecDefaults(spec: JsonObject): JsonObject {
  const account = spec.serviceAccountName ?? spec.serviceAccount;
  return {
    ...spec,
    ...(Array.isArray(spec.volumes) && { volumes: listAt(spec, 'volumes').map(volumeDefaults) }),
    ...(Array.isArray(spec.initContainers) && {
      initContainers: listAt(spec, 'initContainers').map(containerDefaults),
    }),
    containers: listAt(spec, 'containers').map((container) =>
      containerDefaults(spec.hostNetwork === true ? onHost(container) : container),
    ),
    restartPolicy: spec.restartPolicy ?? 'Always',
    terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? 30,
    dnsPolicy: spec.dnsPolicy ?? 'ClusterFirst',
    ...(account !== undefined && { serviceAccountName: account, serviceAccount: account }),
    securityContext: spec.securityContext ?? {},
    schedulerName: spec.schedulerName ?? 'default-scheduler',
  };
}

/** Ports of a pod in the host's network are the host's. */
function onHost(container: Json): Json {
  if (!isObject(container) || !Array.isArray(container.ports)) return container;
  return {
    ...container,
    ports: listAt(container, 'ports').map((port) =>
      isObject(port) ? { ...port, hostPort: port.hostPort ?? port.containerPort } : port,
    ),
  };
}

function templateDefaults(template: Json | undefined): JsonObject {
  const own = isObject(template) ? template : {};
  return {
    ...own,
    metadata: { creationTimestamp: null, ...(isObject(own.metadata) ? own.metadata : {}) },
    spec: podSpecDefaults(isObject(own.spec) ? own.spec : {}),
  };
}

type Spec = JsonObject;

const rolling = (spec: Spec, name: string, type: JsonObject): JsonObject => {
  const own = isObject(spec[name]) ? (spec[name] as JsonObject) : {};
  if (own.type !== undefined && own.type !== 'RollingUpdate') return own;
  const set = isObject(own.rollingUpdate) ? own.rollingUpdate : {};
  return { type: 'RollingUpdate', rollingUpdate: { ...type, ...set } };
};

const bySpec: Readonly<Record<string, (spec: Spec) => Spec>> = {
  Pod: podSpecDefaults,
  Deployment: (spec) => ({
    ...spec,
    replicas: spec.replicas ?? 1,
    template: templateDefaults(spec.template),
    strategy: rolling(spec, 'strategy', { maxUnavailable: '25%', maxSurge: '25%' }),
    revisionHistoryLimit: spec.revisionHistoryLimit ?? 10,
    progressDeadlineSeconds: spec.progressDeadlineSeconds ?? 600,
  }),
  ReplicaSet: (spec) => ({
    ...spec,
    replicas: spec.replicas ?? 1,
    template: templateDefaults(spec.template),
  }),
  ReplicationController: (spec) => ({
    ...spec,
    replicas: spec.replicas ?? 1,
    selector: spec.selector ?? mapAt(spec, 'template', 'metadata', 'labels'),
    template: templateDefaults(spec.template),
  }),
  DaemonSet: (spec) => ({
    ...spec,
    template: templateDefaults(spec.template),
    updateStrategy: rolling(spec, 'updateStrategy', { maxUnavailable: 1, maxSurge: 0 }),
    revisionHistoryLimit: spec.revisionHistoryLimit ?? 10,
  }),
  StatefulSet: (spec) => ({
    ...spec,
    replicas: spec.replicas ?? 1,
    template: templateDefaults(spec.template),
    podManagementPolicy: spec.podManagementPolicy ?? 'OrderedReady',
    updateStrategy: rolling(spec, 'updateStrategy', { partition: 0 }),
    revisionHistoryLimit: spec.revisionHistoryLimit ?? 10,
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
  }),
  Job: (spec) => ({
    ...spec,
    parallelism: spec.parallelism ?? 1,
    completions: spec.completions ?? 1,
    backoffLimit: spec.backoffLimit ?? 6,
    template: templateDefaults(spec.template),
    completionMode: spec.completionMode ?? 'NonIndexed',
    suspend: spec.suspend ?? false,
  }),
  CronJob: (spec) => ({
    ...spec,
    concurrencyPolicy: spec.concurrencyPolicy ?? 'Allow',
    suspend: spec.suspend ?? false,
    jobTemplate: {
      ...(isObject(spec.jobTemplate) ? spec.jobTemplate : {}),
      metadata: {
        creationTimestamp: null,
        ...(at(spec, 'jobTemplate', 'metadata') as JsonObject | undefined),
      },
      spec: {
        ...(at(spec, 'jobTemplate', 'spec') as JsonObject | undefined),
        template: templateDefaults(at(spec, 'jobTemplate', 'spec', 'template')),
      },
    },
    successfulJobsHistoryLimit: spec.successfulJobsHistoryLimit ?? 3,
    failedJobsHistoryLimit: spec.failedJobsHistoryLimit ?? 1,
  }),
  Service: (spec) => ({
    ...spec,
    ports: listAt(spec, 'ports').map((port) =>
      isObject(port)
        ? { ...port, protocol: port.protocol ?? 'TCP', targetPort: port.targetPort ?? port.port }
        : port,
    ),
    type: spec.type ?? 'ClusterIP',
    sessionAffinity: spec.sessionAffinity ?? 'None',
    ...(spec.type !== 'ExternalName' && {
      internalTrafficPolicy: spec.internalTrafficPolicy ?? 'Cluster',
      ipFamilies: spec.ipFamilies ?? ['IPv4'],
      ipFamilyPolicy: spec.ipFamilyPolicy ?? 'SingleStack',
    }),
    ...((spec.type === 'NodePort' || spec.type === 'LoadBalancer') && {
      externalTrafficPolicy: spec.externalTrafficPolicy ?? 'Cluster',
    }),
    ...(spec.type === 'LoadBalancer' && {
      allocateLoadBalancerNodePorts: spec.allocateLoadBalancerNodePorts ?? true,
    }),
  }),
};

/** @param object of any kind; those without defaults are as they were */
export function withDefaults(object: JsonObject): JsonObject {
  const kind = textAt(object, 'kind');
  const ofSpec = bySpec[kind];
  if (ofSpec !== undefined)
    return { ...object, spec: ofSpec(isObject(object.spec) ? object.spec : {}), status: object.status ?? {} };
  switch (kind) {
    case 'Secret':
      return secretDefaults(object);
    case 'RoleBinding':
    case 'ClusterRoleBinding':
      return bindingDefaults(object);
    default:
      return object;
  }
}

/** Plain texts become data. */
function secretDefaults({ stringData, ...secret }: JsonObject): JsonObject {
  const encoded = Object.entries(mapAt(stringData)).map(([name, text]) => [
    name,
    Buffer.from(text).toString('base64'),
  ]);
  const data = { ...(isObject(secret.data) ? secret.data : {}), ...Object.fromEntries(encoded) };
  return { ...secret, ...(Object.keys(data).length > 0 && { data }), type: secret.type ?? 'Opaque' };
}

function bindingDefaults(binding: JsonObject): JsonObject {
  const group = 'rbac.authorization.k8s.io';
  return {
    ...binding,
    ...(Array.isArray(binding.subjects) && {
      subjects: listAt(binding, 'subjects').map((one) =>
        isObject(one) && one.kind !== 'ServiceAccount' ? { ...one, apiGroup: one.apiGroup ?? group } : one,
      ),
    }),
    roleRef: { apiGroup: group, ...(isObject(binding.roleRef) ? binding.roleRef : {}) },
  };
}
