/** What kubeadm and flannel install: nodes, control plane, DNS, proxy and network (kubeadm 1.27, flannel 0.22). */
import { coredns, flannel, kubeProxy } from './add-ons.ts';
import type { Build, Draft } from './build.ts';
import { controlPlane } from './control-plane.ts';
import { type JsonObject, textAt, timestamp } from './json.ts';
import { addNode } from './nodes.ts';

import { resources } from './resources.ts';

const minute = 60_000;
const day = 86_400_000;

export function addSystem(build: Build): void {
  const { plan } = build;
  for (const name of [
    'default',
    'kube-node-lease',
    'kube-public',
    'kube-system',
    'kube-flannel',
    ...plan.namespaces,
  ])
    addNamespace(
      build,
      name,
      ['default', 'kube-node-lease', 'kube-public', 'kube-system'].includes(name) ? 0 : day,
    );
  addHeartbeats(build);
  const master = plan.nodes[0]!;
  for (const [name, spec] of controlPlane(build, master)) build.addStatic(master, name, spec);
  build.addWorkload(coredns(), 60_000);
  build.addWorkload(kubeProxy(plan.release.version), 60_000);
  build.addWorkload(flannel(), 9 * minute);
  addServices(build);
  addHealth(build);
  for (const [name, value] of [
    ['system-cluster-critical', 2_000_000_000],
    ['system-node-critical', 2_000_001_000],
  ] as const)
    build.add({
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name, generation: 1 },
      value,
      description: `Used for system critical pods that must ${name.includes('node') ? 'not be moved from their current node.' : 'run in the cluster, but can be moved to another node if necessary.'}`,
      preemptionPolicy: 'PreemptLowerPriority',
    });
}

/** What its parts renew all the time. */
export function addHeartbeats(build: Build): void {
  for (const node of build.plan.nodes) addNode(build, node);
  addLeases(build);
}

function addNamespace(build: Build, name: string, age: number): void {
  build.add(
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    },
    age,
  );
}

function addServices(build: Build): void {
  const address = build.plan.nodes[0]!.address;
  addService(
    build,
    { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } },
    '10.96.0.1',
    undefined,
    [{ name: 'https', port: 443, targetPort: 6443 }],
    0,
  );
  build.add({
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' },
    },
    subsets: [{ addresses: [{ ip: address }], ports: [{ name: 'https', port: 6443, protocol: 'TCP' }] }],
  });
  addService(
    build,
    {
      name: 'kube-dns',
      namespace: 'kube-system',
      labels: {
        'k8s-app': 'kube-dns',
        'kubernetes.io/cluster-service': 'true',
        'kubernetes.io/name': 'CoreDNS',
      },
    },
    '10.96.0.10',
    { 'k8s-app': 'kube-dns' },
    [
      { name: 'dns', port: 53, protocol: 'UDP' },
      { name: 'dns-tcp', port: 53 },
      { name: 'metrics', port: 9153 },
    ],
    50_000,
  );
}

export function addService(
  build: Build,
  metadata: Draft['metadata'],
  clusterIP: string,
  selector: JsonObject | undefined,
  ports: readonly JsonObject[],
  age: number,
): void {
  build.add(
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { ports, ...(selector !== undefined && { selector }), clusterIP, clusterIPs: [clusterIP] },
      status: { loadBalancer: {} },
    },
    age,
  );
  if (selector !== undefined) addEndpoints(build, metadata, selector, ports, age);
}

/** The pods behind a service. */
function addEndpoints(
  build: Build,
  metadata: Draft['metadata'],
  selector: JsonObject,
  ports: readonly JsonObject[],
  age: number,
): void {
  const pods = build.objects.filter(
    (one) =>
      one.kind === 'Pod' &&
      one.metadata.namespace === metadata.namespace &&
      Object.entries(selector).every(([name, value]) => one.metadata.labels?.[name] === value),
  );
  const addresses = pods.map((pod) => ({
    ip: textAt(pod, 'status', 'podIP'),
    nodeName: textAt(pod, 'spec', 'nodeName'),
    targetRef: {
      kind: 'Pod',
      namespace: pod.metadata.namespace!,
      name: pod.metadata.name,
      uid: pod.metadata.uid,
    },
  }));
  build.add(
    {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata,
      subsets: [
        {
          addresses,
          ports: ports.map(({ targetPort: _, ...port }) => ({ ...port, protocol: port.protocol ?? 'TCP' })),
        },
      ],
    },
    age,
  );
}

/** What the API server says of other parts, and of its own groups. */
function addHealth(build: Build): void {
  const parts: readonly (readonly [string, string])[] = [
    ['controller-manager', 'ok'],
    ['etcd-0', '{"health":"true","reason":""}'],
    ['scheduler', 'ok'],
  ];
  for (const [name, message] of parts)
    build.add({
      apiVersion: 'v1',
      kind: 'ComponentStatus',
      metadata: { name, uid: undefined, resourceVersion: undefined, creationTimestamp: null },
      conditions: [{ type: 'Healthy', status: 'True', message }],
    });
  const since = timestamp(build.plan.createdAt + 12_000);
  for (const one of new Set(resources.map(({ group, version }) => `${version}.${group}`))) {
    const [version = '', ...group] = one.split('.');
    build.add({
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: one, labels: { 'kube-aggregator.kubernetes.io/automanaged': 'onstart' } },
      spec: {
        ...(group.join('.') !== '' && { group: group.join('.') }),
        version,
        groupPriorityMinimum: group.join('.') === '' ? 18_000 : 17_800,
        versionPriority: 15,
      },
      status: {
        conditions: [
          {
            type: 'Available',
            status: 'True',
            lastTransitionTime: since,
            reason: 'Local',
            message: 'Local APIServices are always available',
          },
        ],
      },
    });
  }
}

/** Who leads. */
function addLeases(build: Build): void {
  const { plan, now } = build;
  const [master] = plan.nodes;
  for (const name of ['kube-controller-manager', 'kube-scheduler']) {
    const random = plan.persona.random(`kubernetes/lease/${name}`);
    build.add({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name, namespace: 'kube-system', resourceVersion: build.versionAt(now - 1000) },
      spec: {
        holderIdentity: `${master!.name}_${random.uuid()}`,
        leaseDurationSeconds: 15,
        acquireTime: `${timestamp(plan.persona.bootedAt(now) + 60_000).slice(0, -1)}.000000Z`,
        renewTime: `${timestamp(now - 1000).slice(0, -1)}.${random.int(100_000, 999_999)}Z`,
        leaseTransitions: random.int(4, 30),
      },
    });
  }
}
