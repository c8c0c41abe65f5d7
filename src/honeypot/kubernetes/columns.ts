/** Columns of `kubectl get` (pkg/printers/internalversion/printers.go, 1.27): those with a priority are for `-o wide`. */
import {
  at,
  isObject,
  type Json,
  type JsonObject,
  type KubeObject,
  listAt,
  mapAt,
  numberAt,
  textAt,
} from '../cluster/json.ts';
import { ago, duration } from './age.ts';

export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'boolean';
  readonly description: string;
  readonly isWide?: boolean;
}

export interface Table {
  readonly columns: readonly Column[];
  /** @param now milliseconds since 1970 */
  row(object: KubeObject, now: number): Json[];
}

type Written = readonly [heading: string, value: (object: KubeObject, now: number) => Json];

/** @param written `Name`, `Ready:integer`, `IP+` for one that is wide */
function table(...written: readonly Written[]): Table {
  return {
    columns: written.map(([heading]) => {
      const [name = '', type = 'string'] = heading.replace(/\+$/, '').split(':');
      return {
        name,
        type: type as Column['type'],
        description: descriptions[name] ?? name,
        ...(heading.endsWith('+') && { isWide: true }),
      };
    }),
    row: (object, now) => written.map(([, value]) => value(object, now)),
  };
}

const descriptions: Readonly<Record<string, string>> = {
  Name: 'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: http://kubernetes.io/docs/user-guide/identifiers#names',
  Age: 'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata',
  Ready: 'The aggregate readiness state of this pod for accepting traffic.',
  Status: 'The aggregate status of the containers in this pod.',
  Restarts:
    'The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.',
};

const name: Written = ['Name', ({ metadata }) => metadata.name];
const age: Written = ['Age', ({ metadata }, now) => ago(metadata.creationTimestamp, now)];
const createdAt: Written = ['Created At', ({ metadata }) => metadata.creationTimestamp];
const text =
  (...path: readonly string[]) =>
  (object: KubeObject): string =>
    textAt(object, ...path);
const count =
  (...path: readonly string[]) =>
  (object: KubeObject): number =>
    numberAt(object, ...path);
const orNone = (value: string): string => (value === '' ? '<none>' : value);

function containersOf(object: KubeObject): readonly Json[] {
  return listAt(object, 'spec', 'template', 'spec', 'containers');
}

const containers: Written = [
  'Containers+',
  (object) =>
    containersOf(object)
      .map((one) => textAt(one, 'name'))
      .join(','),
];
const images: Written = [
  'Images+',
  (object) =>
    containersOf(object)
      .map((one) => textAt(one, 'image'))
      .join(','),
];
const selector: Written = ['Selector+', (object) => selectorText(at(object, 'spec', 'selector'))];

function selectorText(value: Json | undefined): string {
  if (!isObject(value)) return '<none>';
  const labels =
    'matchLabels' in value || 'matchExpressions' in value ? mapAt(value, 'matchLabels') : mapAt(value);
  const pairs = Object.entries(labels).map(([key, one]) => `${key}=${one}`);
  return orNone(pairs.sort().join(','));
}

/** What is under STATUS for a pod. */
function podPhase(pod: KubeObject): string {
  let reason = textAt(pod, 'status', 'reason') || textAt(pod, 'status', 'phase');
  for (const one of listAt(pod, 'status', 'containerStatuses').toReversed()) {
    const waiting = textAt(one, 'state', 'waiting', 'reason');
    const ended = at(one, 'state', 'terminated');
    if (waiting !== '') reason = waiting;
    else if (ended !== undefined)
      reason = textAt(ended, 'reason') || `ExitCode:${numberAt(ended, 'exitCode')}`;
  }
  return pod.metadata.deletionTimestamp === undefined ? reason : 'Terminating';
}

function restarts(pod: KubeObject, now: number): string {
  const statuses = listAt(pod, 'status', 'containerStatuses');
  const times = statuses.reduce<number>((sum, one) => sum + numberAt(one, 'restartCount'), 0);
  const last =
    statuses
      .map((one) => textAt(one, 'lastState', 'terminated', 'finishedAt'))
      .sort()
      .at(-1) ?? '';
  return times > 0 && last !== '' ? `${times} (${ago(last, now)} ago)` : String(times);
}

function portsOf(service: KubeObject): string {
  const ports = listAt(service, 'spec', 'ports').map((one) => {
    const node = numberAt(one, 'nodePort');
    return `${numberAt(one, 'port')}${node > 0 ? `:${node}` : ''}/${textAt(one, 'protocol')}`;
  });
  return orNone(ports.join(','));
}

function externalAddress(service: KubeObject): string {
  const external = listAt(service, 'spec', 'externalIPs').join(',');
  switch (textAt(service, 'spec', 'type')) {
    case 'LoadBalancer':
      return external || '<pending>';
    case 'ExternalName':
      return textAt(service, 'spec', 'externalName');
    default:
      return orNone(external);
  }
}

/** The first three, and how many more there are. */
function endpointsOf(object: KubeObject): string {
  const all = listAt(object, 'subsets').flatMap((set) =>
    listAt(set, 'ports').flatMap((port) =>
      listAt(set, 'addresses').map((one) => `${textAt(one, 'ip')}:${numberAt(port, 'port')}`),
    ),
  );
  const more = all.length > 3 ? ` + ${all.length - 3} more...` : '';
  return orNone(all.slice(0, 3).join(',') + more);
}

function nodeStatus(node: KubeObject): string {
  const ready = listAt(node, 'status', 'conditions').find((one) => textAt(one, 'type') === 'Ready');
  const state = textAt(ready, 'status') === 'True' ? 'Ready' : 'NotReady';
  return at(node, 'spec', 'unschedulable') === true ? `${state},SchedulingDisabled` : state;
}

function nodeRoles(node: KubeObject): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.keys(node.metadata.labels ?? {}).filter((one) => one.startsWith(prefix));
  return orNone(
    roles
      .map((one) => one.slice(prefix.length))
      .sort()
      .join(','),
  );
}

function addressOf(node: KubeObject, type: string): string {
  return orNone(
    textAt(
      listAt(node, 'status', 'addresses').find((one) => textAt(one, 'type') === type),
      'address',
    ),
  );
}

function subjectsOf(kind: string): (object: KubeObject) => string {
  return (object) =>
    listAt(object, 'subjects')
      .filter((one) => textAt(one, 'kind') === kind)
      .map((one) =>
        kind === 'ServiceAccount'
          ? `${textAt(one, 'namespace')}/${textAt(one, 'name')}`
          : textAt(one, 'name'),
      )
      .join(', ');
}

const binding = table(
  name,
  ['Role', (object) => `${textAt(object, 'roleRef', 'kind')}/${textAt(object, 'roleRef', 'name')}`],
  age,
  ['Users+', subjectsOf('User')],
  ['Groups+', subjectsOf('Group')],
  ['ServiceAccounts+', subjectsOf('ServiceAccount')],
);

function jobDuration(job: KubeObject, now: number): string {
  const started = textAt(job, 'status', 'startTime');
  const done = textAt(job, 'status', 'completionTime');
  if (started === '') return '';
  return duration((done === '' ? now : Date.parse(done)) - Date.parse(started));
}

const tables: Readonly<Record<string, Table>> = {
  Pod: table(
    name,
    [
      'Ready',
      (pod) => {
        const statuses = listAt(pod, 'status', 'containerStatuses');
        return `${statuses.filter((one) => at(one, 'ready') === true).length}/${listAt(pod, 'spec', 'containers').length}`;
      },
    ],
    ['Status', podPhase],
    ['Restarts', restarts],
    age,
    ['IP+', (pod) => orNone(textAt(pod, 'status', 'podIP'))],
    ['Node+', (pod) => orNone(textAt(pod, 'spec', 'nodeName'))],
    ['Nominated Node+', (pod) => orNone(textAt(pod, 'status', 'nominatedNodeName'))],
    ['Readiness Gates+', () => '<none>'],
  ),
  Namespace: table(name, ['Status', text('status', 'phase')], age),
  Node: table(
    name,
    ['Status', nodeStatus],
    ['Roles', nodeRoles],
    age,
    ['Version', text('status', 'nodeInfo', 'kubeletVersion')],
    ['Internal-IP+', (node) => addressOf(node, 'InternalIP')],
    ['External-IP+', (node) => addressOf(node, 'ExternalIP')],
    ['OS-Image+', text('status', 'nodeInfo', 'osImage')],
    ['Kernel-Version+', text('status', 'nodeInfo', 'kernelVersion')],
    ['Container-Runtime+', text('status', 'nodeInfo', 'containerRuntimeVersion')],
  ),
  Service: table(
    name,
    ['Type', text('spec', 'type')],
    ['Cluster-IP', (service) => orNone(textAt(service, 'spec', 'clusterIP'))],
    ['External-IP', externalAddress],
    ['Port(s)', portsOf],
    age,
    selector,
  ),
  Endpoints: table(name, ['Endpoints', endpointsOf], age),
  Secret: table(
    name,
    ['Type', text('type')],
    ['Data', (object) => Object.keys(mapAt(object, 'data')).length],
    age,
  ),
  ConfigMap: table(
    name,
    [
      'Data',
      (object) => Object.keys(mapAt(object, 'data')).length + Object.keys(mapAt(object, 'binaryData')).length,
    ],
    age,
  ),
  ServiceAccount: table(name, ['Secrets', (object) => listAt(object, 'secrets').length], age),
  Event: table(
    [
      'Last Seen',
      (event, now) => ago(textAt(event, 'lastTimestamp') || event.metadata.creationTimestamp, now),
    ],
    ['Type', text('type')],
    ['Reason', text('reason')],
    [
      'Object',
      (event) =>
        `${textAt(event, 'involvedObject', 'kind').toLowerCase()}/${textAt(event, 'involvedObject', 'name')}`,
    ],
    ['Subobject+', text('involvedObject', 'fieldPath')],
    [
      'Source+',
      (event) =>
        [textAt(event, 'source', 'component'), textAt(event, 'source', 'host')]
          .filter((one) => one !== '')
          .join(', '),
    ],
    ['Message', text('message')],
    [
      'First Seen+',
      (event, now) => ago(textAt(event, 'firstTimestamp') || event.metadata.creationTimestamp, now),
    ],
    ['Count+', (event) => Math.max(1, numberAt(event, 'count'))],
    ['Name+', ({ metadata }) => metadata.name],
  ),
  PersistentVolume: table(
    name,
    ['Capacity', text('spec', 'capacity', 'storage')],
    ['Access Modes', (object) => listAt(object, 'spec', 'accessModes').join(',')],
    ['Reclaim Policy', text('spec', 'persistentVolumeReclaimPolicy')],
    ['Status', text('status', 'phase')],
    [
      'Claim',
      (object) =>
        textAt(object, 'spec', 'claimRef', 'name') === ''
          ? ''
          : `${textAt(object, 'spec', 'claimRef', 'namespace')}/${textAt(object, 'spec', 'claimRef', 'name')}`,
    ],
    ['StorageClass', text('spec', 'storageClassName')],
    ['Reason', text('status', 'reason')],
    age,
    ['VolumeMode+', text('spec', 'volumeMode')],
  ),
  PersistentVolumeClaim: table(
    name,
    ['Status', text('status', 'phase')],
    ['Volume', text('spec', 'volumeName')],
    ['Capacity', text('status', 'capacity', 'storage')],
    ['Access Modes', (object) => listAt(object, 'status', 'accessModes').join(',')],
    ['StorageClass', text('spec', 'storageClassName')],
    age,
    ['VolumeMode+', text('spec', 'volumeMode')],
  ),
  Deployment: table(
    name,
    [
      'Ready',
      (object) => `${numberAt(object, 'status', 'readyReplicas')}/${numberAt(object, 'spec', 'replicas')}`,
    ],
    ['Up-to-date:integer', count('status', 'updatedReplicas')],
    ['Available:integer', count('status', 'availableReplicas')],
    age,
    containers,
    images,
    selector,
  ),
  DaemonSet: table(
    name,
    ['Desired:integer', count('status', 'desiredNumberScheduled')],
    ['Current:integer', count('status', 'currentNumberScheduled')],
    ['Ready:integer', count('status', 'numberReady')],
    ['Up-to-date:integer', count('status', 'updatedNumberScheduled')],
    ['Available:integer', count('status', 'numberAvailable')],
    ['Node Selector', (object) => selectorText(at(object, 'spec', 'template', 'spec', 'nodeSelector'))],
    age,
    containers,
    images,
    selector,
  ),
  StatefulSet: table(
    name,
    [
      'Ready',
      (object) => `${numberAt(object, 'status', 'readyReplicas')}/${numberAt(object, 'spec', 'replicas')}`,
    ],
    age,
    containers,
    images,
  ),
  ReplicaSet: replicas(),
  ReplicationController: replicas(),
  Job: table(
    name,
    [
      'Completions',
      (job) => `${numberAt(job, 'status', 'succeeded')}/${numberAt(job, 'spec', 'completions')}`,
    ],
    ['Duration', jobDuration],
    age,
    containers,
    images,
    selector,
  ),
  CronJob: table(
    name,
    ['Schedule', text('spec', 'schedule')],
    ['Suspend', (object) => (at(object, 'spec', 'suspend') === true ? 'True' : 'False')],
    ['Active:integer', (object) => listAt(object, 'status', 'active').length],
    [
      'Last Schedule',
      (object, now) =>
        textAt(object, 'status', 'lastScheduleTime') === ''
          ? '<none>'
          : ago(textAt(object, 'status', 'lastScheduleTime'), now),
    ],
    age,
  ),
  Ingress: table(
    name,
    ['Class', (object) => orNone(textAt(object, 'spec', 'ingressClassName'))],
    [
      'Hosts',
      (object) =>
        listAt(object, 'spec', 'rules')
          .map((one) => textAt(one, 'host') || '*')
          .join(',') || '*',
    ],
    [
      'Address',
      (object) =>
        listAt(object, 'status', 'loadBalancer', 'ingress')
          .map((one) => textAt(one, 'ip'))
          .join(','),
    ],
    ['Ports', (object) => (listAt(object, 'spec', 'tls').length > 0 ? '80, 443' : '80')],
    age,
  ),
  Role: table(name, createdAt),
  ClusterRole: table(name, createdAt),
  RoleBinding: binding,
  ClusterRoleBinding: binding,
  Lease: table(name, ['Holder', text('spec', 'holderIdentity')], age),
  PriorityClass: table(
    name,
    ['Value:integer', count('value')],
    ['Global-Default:boolean', (object) => object.globalDefault === true],
    age,
  ),
  NetworkPolicy: table(
    name,
    ['Pod-Selector', (object) => selectorText(at(object, 'spec', 'podSelector'))],
    age,
  ),
  StorageClass: table(
    name,
    ['Provisioner', text('provisioner')],
    ['ReclaimPolicy', (object) => textAt(object, 'reclaimPolicy') || 'Delete'],
    ['VolumeBindingMode', (object) => textAt(object, 'volumeBindingMode') || 'Immediate'],
    ['AllowVolumeExpansion', (object) => object.allowVolumeExpansion === true],
    age,
  ),
  ComponentStatus: table(
    name,
    [
      'Status',
      (object) => (textAt(listAt(object, 'conditions')[0], 'status') === 'True' ? 'Healthy' : 'Unhealthy'),
    ],
    ['Message', (object) => textAt(listAt(object, 'conditions')[0], 'message')],
    ['Error', (object) => textAt(listAt(object, 'conditions')[0], 'error')],
  ),
  APIService: table(
    name,
    ['Service', () => 'Local'],
    ['Available', (object) => textAt(listAt(object, 'status', 'conditions')[0], 'status')],
    age,
  ),
  CertificateSigningRequest: table(
    name,
    age,
    ['SignerName', text('spec', 'signerName')],
    ['Requestor', text('spec', 'username')],
    ['RequestedDuration', () => '<none>'],
    [
      'Condition',
      (object) =>
        listAt(object, 'status', 'conditions')
          .map((one) => textAt(one, 'type'))
          .join(',') || 'Pending',
    ],
  ),
};

function replicas(): Table {
  return table(
    name,
    ['Desired:integer', count('spec', 'replicas')],
    ['Current:integer', count('status', 'replicas')],
    ['Ready:integer', count('status', 'readyReplicas')],
    age,
    containers,
    images,
    selector,
  );
}

const plain = table(name, createdAt);

export function tableOf(kind: string): Table {
  return tables[kind] ?? plain;
}

/** The parts of an object that a table carries with each row. */
export function partial({ metadata }: KubeObject): JsonObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}
