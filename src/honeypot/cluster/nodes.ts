/** Nodes as their kubelets tell of them, and the leases that say that they live. */
import type { Build } from './build.ts';
import { systemImages } from './images.ts';
import { type JsonObject, timestamp } from './json.ts';
import type { Node } from './plan.ts';

const minute = 60_000;

export function addNode(build: Build, node: Node): void {
  const { plan, now } = build;
  const { persona, createdAt, release } = plan;
  const { machine } = persona;
  const random = persona.random(`kubernetes/node/${node.name}`);
  const joined = node.isControlPlane ? 0 : random.int(12, 50) * minute;
  const heard = timestamp(now - random.int(3, 280) * 1000);
  const ready = timestamp(Math.max(createdAt + joined, persona.bootedAt(now)) + 60_000);
  const pressure = (type: string, reason: string, message: string): JsonObject => ({
    type,
    status: 'False',
    lastHeartbeatTime: heard,
    lastTransitionTime: timestamp(createdAt + joined),
    reason,
    message,
  });
  const memory = machine.memoryKiB - (node.isControlPlane ? 0 : random.int(0, 900));
  const disk = machine.diskGiB * 1_018_000;
  const labels = {
    'beta.kubernetes.io/arch': 'amd64',
    'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': node.name,
    'kubernetes.io/os': 'linux',
    ...(node.isControlPlane && {
      'node-role.kubernetes.io/control-plane': '',
      'node.kubernetes.io/exclude-from-external-load-balancers': '',
    }),
  };
  build.add(
    {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name: node.name,
        resourceVersion: build.versionAt(now - 60_000),
        labels,
        annotations: {
          'flannel.alpha.coreos.com/backend-data': `{"VNI":1,"VtepMAC":"${random.hex(12).replace(/(..)(?=.)/g, '$1:')}"}`,
          'flannel.alpha.coreos.com/backend-type': 'vxlan',
          'flannel.alpha.coreos.com/kube-subnet-manager': 'true',
          'flannel.alpha.coreos.com/public-ip': node.address,
          'kubeadm.alpha.kubernetes.io/cri-socket': 'unix:///var/run/containerd/containerd.sock',
          'node.alpha.kubernetes.io/ttl': '0',
          'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
        },
      },
      spec: { podCIDR: `10.244.${node.subnet}.0/24`, podCIDRs: [`10.244.${node.subnet}.0/24`] },
      status: {
        capacity: resourcesOf(machine.cores, disk, memory),
        allocatable: resourcesOf(machine.cores, Math.floor(disk * 0.9216), memory - 102_400),
        conditions: [
          {
            ...pressure('NetworkUnavailable', 'FlannelIsUp', 'Flannel is running on this node'),
            lastHeartbeatTime: ready,
            lastTransitionTime: ready,
          },
          pressure('MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
          pressure('DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
          pressure('PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
          {
            type: 'Ready',
            status: 'True',
            lastHeartbeatTime: heard,
            lastTransitionTime: ready,
            reason: 'KubeletReady',
            message: 'kubelet is posting ready status. AppArmor enabled',
          },
        ],
        addresses: [
          { type: 'InternalIP', address: node.address },
          { type: 'Hostname', address: node.name },
        ],
        daemonEndpoints: { kubeletEndpoint: { Port: 10_250 } },
        nodeInfo: {
          machineID: random.hex(32),
          systemUUID: random.uuid(),
          bootID: random.uuid(),
          kernelVersion: persona.kernel.release,
          osImage: 'Debian GNU/Linux 12 (bookworm)',
          containerRuntimeVersion: 'containerd://1.6.24',
          kubeletVersion: release.version,
          kubeProxyVersion: release.version,
          operatingSystem: 'linux',
          architecture: 'amd64',
        },
        images: imagesOf(build, node),
      },
    },
    joined,
  );
  build.add(
    {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: {
        name: node.name,
        namespace: 'kube-node-lease',
        resourceVersion: build.versionAt(now - 5000),
      },
      spec: {
        holderIdentity: node.name,
        leaseDurationSeconds: 40,
        renewTime: `${timestamp(now - 5000).slice(0, -1)}.${random.int(100_000, 999_999)}Z`,
      },
    },
    joined,
  );
}

function resourcesOf(cores: number, disk: number, memory: number): JsonObject {
  return {
    cpu: String(cores),
    'ephemeral-storage': `${disk}Ki`,
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '0',
    memory: `${memory}Ki`,
    pods: '110',
  };
}

/** Largest first, as the kubelet tells them. */
function imagesOf({ plan }: Build, node: Node): JsonObject[] {
  const { version } = plan.release;
  const sizes: (readonly [string, number])[] = [
    [systemImages.flannel, 27_017_000],
    [systemImages.flannelPlugin, 3_856_000],
    [`registry.k8s.io/kube-proxy:${version}`, 23_897_400],
    [systemImages.pause, 321_520],
    ...plan.apps.map(
      ({ image }) =>
        [
          `docker.io/library/${image}`,
          30_000_000 + plan.persona.random(`kubernetes/size/${image}`).int(0, 90_000_000),
        ] as const,
    ),
  ];
  if (node.isControlPlane)
    sizes.push(
      [systemImages.etcd, 101_639_218],
      [systemImages.coredns, 16_190_758],
      [`registry.k8s.io/kube-apiserver:${version}`, 33_364_386],
      [`registry.k8s.io/kube-controller-manager:${version}`, 31_001_400],
      [`registry.k8s.io/kube-scheduler:${version}`, 18_231_737],
    );
  return sizes
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, sizeBytes]) => ({
      names: [`${name.replace(/:[^:]+$/, '')}@sha256:${plan.persona.random(`image/${name}`).hex(64)}`, name],
      sizeBytes,
    }));
}
