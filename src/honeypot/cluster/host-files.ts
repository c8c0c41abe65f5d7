/**
 * What Kubernetes leaves on a node: whoever reaches the host finds its configuration, its processes, and a key to the
 * cluster that opens only the decoy. Put into a visitor's host when they first see it.
 */
import { certify } from '../../certificate/certificate.ts';
import { View } from '../world/files/view.ts';
import type { World } from '../world/world.ts';
import type { Cluster } from './cluster.ts';
import { type JsonObject, type KubeObject, listAt, textAt } from './json.ts';
import { authorityOf, clusterKey } from './pki.ts';

const year = 365 * 86_400_000;
type Files = readonly (readonly [path: string, text: string, mode: number])[];

const seen = new WeakSet<World>();
const made = new WeakMap<Cluster, Files>();

/** Makes them once, because of the key that one of them has; for when a decoy starts. */
export function prepareHostFiles(cluster: Cluster): void {
  if (!made.has(cluster)) made.set(cluster, filesOf(cluster));
}

export function addHostFiles(cluster: Cluster, host: World): void {
  if (seen.has(host)) return;
  seen.add(host);
  const view = new View(host.files);
  prepareHostFiles(cluster);
  for (const [path, text, mode] of made.get(cluster)!) {
    try {
      makeFolders(view, path);
      view.write(path, Buffer.from(text), { mode, now: cluster.plan.createdAt });
    } catch {
      // The visitor has no room left: the host goes without it.
    }
  }
  addProcesses(cluster, host);
}

function makeFolders(view: View, path: string): void {
  const parts = path.split('/').slice(1, -1);
  for (let depth = 1; depth <= parts.length; depth++) {
    const folder = `/${parts.slice(0, depth).join('/')}`;
    if (!view.exists(folder)) view.mkdir(folder);
  }
}

function filesOf(cluster: Cluster): Files {
  const { plan } = cluster;
  const { certificate } = authorityOf(plan);
  const kubelet = cluster
    .objects()
    .find((one) => one.kind === 'ConfigMap' && one.metadata.name === 'kubelet-config');
  const statics = cluster
    .objects()
    .filter((one) => one.metadata.annotations?.['kubernetes.io/config.source'] === 'file');
  return [
    ['/etc/kubernetes/admin.conf', administrator(cluster), 0o600],
    ['/etc/kubernetes/pki/ca.crt', certificate, 0o644],
    ['/var/lib/kubelet/config.yaml', textAt(kubelet, 'data', 'kubelet'), 0o644],
    [
      '/var/lib/kubelet/kubeadm-flags.env',
      'KUBELET_KUBEADM_ARGS="--container-runtime-endpoint=unix:///var/run/containerd/containerd.sock --pod-infra-container-image=registry.k8s.io/pause:3.9"\n',
      0o644,
    ],
    ...statics.map(
      (pod) => [`/etc/kubernetes/manifests/${componentOf(pod)}.yaml`, manifestOf(pod), 0o600] as const,
    ),
  ];
}

function componentOf(pod: KubeObject): string {
  return pod.metadata.labels?.component ?? pod.metadata.name;
}

/** The file of a static pod, as far as somebody reads it. */
function manifestOf(pod: KubeObject): string {
  const name = componentOf(pod);
  const [container] = listAt(pod, 'spec', 'containers') as readonly JsonObject[];
  const command = listAt(container, 'command').map((one) => `    - ${String(one)}\n`);
  return `apiVersion: v1\nkind: Pod\nmetadata:\n  creationTimestamp: null\n  labels:\n    component: ${name}\n    tier: control-plane\n  name: ${name}\n  namespace: kube-system\nspec:\n  containers:\n  - command:\n${command.join('')}    image: ${textAt(container, 'image')}\n    imagePullPolicy: IfNotPresent\n    name: ${name}\n  hostNetwork: true\n  priorityClassName: system-node-critical\nstatus: {}\n`;
}

/** The certificate of whoever may do everything; who uses it was here. */
function administrator({ plan }: Cluster): string {
  const issuer = authorityOf(plan);
  const key = clusterKey(plan.persona, 'kubernetes/admin');
  const certificate = certify({
    subject: { CN: 'kubernetes-admin', O: 'system:masters' },
    issuer,
    key,
    notBefore: plan.createdAt,
    notAfter: plan.createdAt + 10 * year,
    usages: ['clientAuth'],
    serial: plan.persona.random('kubernetes/serial/admin').bytes(8),
  });
  const encoded = (text: string): string => Buffer.from(text).toString('base64');
  const pem = key.export({ type: 'pkcs1', format: 'pem' }) as string;
  return `apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: ${encoded(issuer.certificate)}\n    server: https://${plan.nodes[0]!.address}:6443\n  name: kubernetes\ncontexts:\n- context:\n    cluster: kubernetes\n    user: kubernetes-admin\n  name: kubernetes-admin@kubernetes\ncurrent-context: kubernetes-admin@kubernetes\nkind: Config\npreferences: {}\nusers:\n- name: kubernetes-admin\n  user:\n    client-certificate-data: ${encoded(certificate)}\n    client-key-data: ${encoded(pem)}\n`;
}

function addProcesses(cluster: Cluster, host: World): void {
  const { plan } = cluster;
  const node = plan.nodes[0]!;
  const bootedAt = plan.persona.bootedAt(Date.now());
  const random = plan.persona.random('kubernetes/processes');
  const pods = cluster
    .objects()
    .filter((one) => one.kind === 'Pod' && textAt(one, 'spec', 'nodeName') === node.name);
  const kubelet =
    '/usr/bin/kubelet --bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf --config=/var/lib/kubelet/config.yaml --container-runtime-endpoint=unix:///var/run/containerd/containerd.sock --pod-infra-container-image=registry.k8s.io/pause:3.9';
  const commands = [
    kubelet.split(' '),
    ...pods.flatMap((pod) => {
      const [container] = listAt(pod, 'spec', 'containers');
      const own = [...listAt(container, 'command'), ...listAt(container, 'args')].map(String);
      return own.length > 0 ? [own] : [];
    }),
  ];
  for (const args of commands) {
    host.processes.push({
      pid: host.nextPid,
      ppid: 1,
      user: 'root',
      args,
      startedAt: bootedAt + random.int(14, 70) * 1000,
      memory: random.int(18_000, 420_000),
      cpu: random.int(900, 60_000),
    });
    host.nextPid += random.int(1, 40);
  }
}
