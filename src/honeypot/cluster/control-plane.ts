/** The static pods of the control plane, with the flags that kubeadm writes into their manifests (1.27). */
import type { Build } from './build.ts';
import { systemImages } from './images.ts';
import type { JsonObject } from './json.ts';
import type { Node } from './plan.ts';

function probe(
  port: number,
  path: string,
  scheme: string,
  failureThreshold: number,
  more: JsonObject = {},
): JsonObject {
  return {
    httpGet: { path, port, host: '127.0.0.1', scheme },
    timeoutSeconds: 15,
    periodSeconds: 10,
    failureThreshold,
    ...more,
  };
}

export function controlPlane({ plan }: Build, node: Node): (readonly [string, JsonObject])[] {
  const { version } = plan.release;
  const { address, name } = node;
  const pki = '/etc/kubernetes/pki';
  const part = (
    component: string,
    flags: readonly string[],
    cpu: string,
    mounts: readonly (readonly [string, string, string])[],
    [port, path, scheme]: readonly [number, string, string],
    host = '127.0.0.1',
  ): readonly [string, JsonObject] => {
    const check = (more: JsonObject): JsonObject => {
      const made = probe(port, path, scheme, Number(more.failureThreshold), more);
      return { ...made, httpGet: { ...(made.httpGet as JsonObject), host } };
    };
    return [
      component,
      {
        volumes: mounts.map(([volume, at, type]) => hostPath(volume, at, type)),
        containers: [
          {
            name: component,
            image: component === 'etcd' ? systemImages.etcd : `registry.k8s.io/${component}:${version}`,
            command: [component, ...flags.map((flag) => `--${flag}`)],
            resources: { requests: { cpu, ...(component === 'etcd' && { memory: '100Mi' }) } },
            volumeMounts: mounts.map(([volume, at]) => ({
              name: volume,
              ...(component !== 'etcd' && { readOnly: true }),
              mountPath: at,
            })),
            livenessProbe: check({ failureThreshold: 8, initialDelaySeconds: 10 }),
            startupProbe: check({ failureThreshold: 24, initialDelaySeconds: 10 }),
          },
        ],
      },
    ];
  };
  const certs: readonly (readonly [string, string, string])[] = [
    ['ca-certs', '/etc/ssl/certs', 'DirectoryOrCreate'],
    ['etc-ca-certificates', '/etc/ca-certificates', 'DirectoryOrCreate'],
    ['k8s-certs', pki, 'DirectoryOrCreate'],
  ];
  return [
    part(
      'etcd',
      [
        `advertise-client-urls=https://${address}:2379`,
        `cert-file=${pki}/etcd/server.crt`,
        'client-cert-auth=true',
        'data-dir=/var/lib/etcd',
        'experimental-initial-corrupt-check=true',
        'experimental-watch-progress-notify-interval=5s',
        `initial-advertise-peer-urls=https://${address}:2380`,
        `initial-cluster=${name}=https://${address}:2380`,
        `key-file=${pki}/etcd/server.key`,
        `listen-client-urls=https://127.0.0.1:2379,https://${address}:2379`,
        'listen-metrics-urls=http://127.0.0.1:2381',
        `listen-peer-urls=https://${address}:2380`,
        `name=${name}`,
        `peer-cert-file=${pki}/etcd/peer.crt`,
        'peer-client-cert-auth=true',
        `peer-key-file=${pki}/etcd/peer.key`,
        `peer-trusted-ca-file=${pki}/etcd/ca.crt`,
        'snapshot-count=10000',
        `trusted-ca-file=${pki}/etcd/ca.crt`,
      ],
      '100m',
      [
        ['etcd-data', '/var/lib/etcd', 'DirectoryOrCreate'],
        ['etcd-certs', `${pki}/etcd`, 'DirectoryOrCreate'],
      ],
      [2381, '/health?exclude=NOSPACE&serializable=true', 'HTTP'],
    ),
    part(
      'kube-apiserver',
      [
        `advertise-address=${address}`,
        'allow-privileged=true',
        'authorization-mode=Node,RBAC',
        `client-ca-file=${pki}/ca.crt`,
        'enable-admission-plugins=NodeRestriction',
        'enable-bootstrap-token-auth=true',
        `etcd-cafile=${pki}/etcd/ca.crt`,
        `etcd-certfile=${pki}/apiserver-etcd-client.crt`,
        `etcd-keyfile=${pki}/apiserver-etcd-client.key`,
        'etcd-servers=https://127.0.0.1:2379',
        `kubelet-client-certificate=${pki}/apiserver-kubelet-client.crt`,
        `kubelet-client-key=${pki}/apiserver-kubelet-client.key`,
        'kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname',
        `proxy-client-cert-file=${pki}/front-proxy-client.crt`,
        `proxy-client-key-file=${pki}/front-proxy-client.key`,
        'requestheader-allowed-names=front-proxy-client',
        `requestheader-client-ca-file=${pki}/front-proxy-ca.crt`,
        'requestheader-extra-headers-prefix=X-Remote-Extra-',
        'requestheader-group-headers=X-Remote-Group',
        'requestheader-username-headers=X-Remote-User',
        'secure-port=6443',
        'service-account-issuer=https://kubernetes.default.svc.cluster.local',
        `service-account-key-file=${pki}/sa.pub`,
        `service-account-signing-key-file=${pki}/sa.key`,
        'service-cluster-ip-range=10.96.0.0/12',
        `tls-cert-file=${pki}/apiserver.crt`,
        `tls-private-key-file=${pki}/apiserver.key`,
      ],
      '250m',
      certs,
      [6443, '/livez', 'HTTPS'],
      address,
    ),
    part(
      'kube-controller-manager',
      [
        'allocate-node-cidrs=true',
        'authentication-kubeconfig=/etc/kubernetes/controller-manager.conf',
        'authorization-kubeconfig=/etc/kubernetes/controller-manager.conf',
        'bind-address=127.0.0.1',
        `client-ca-file=${pki}/ca.crt`,
        'cluster-cidr=10.244.0.0/16',
        'cluster-name=kubernetes',
        `cluster-signing-cert-file=${pki}/ca.crt`,
        `cluster-signing-key-file=${pki}/ca.key`,
        'controllers=*,bootstrapsigner,tokencleaner',
        'kubeconfig=/etc/kubernetes/controller-manager.conf',
        'leader-elect=true',
        `requestheader-client-ca-file=${pki}/front-proxy-ca.crt`,
        `root-ca-file=${pki}/ca.crt`,
        `service-account-private-key-file=${pki}/sa.key`,
        'service-cluster-ip-range=10.96.0.0/12',
        'use-service-account-credentials=true',
      ],
      '200m',
      [...certs, ['kubeconfig', '/etc/kubernetes/controller-manager.conf', 'FileOrCreate']],
      [10_257, '/healthz', 'HTTPS'],
    ),
    part(
      'kube-scheduler',
      [
        'authentication-kubeconfig=/etc/kubernetes/scheduler.conf',
        'authorization-kubeconfig=/etc/kubernetes/scheduler.conf',
        'bind-address=127.0.0.1',
        'kubeconfig=/etc/kubernetes/scheduler.conf',
        'leader-elect=true',
      ],
      '100m',
      [['kubeconfig', '/etc/kubernetes/scheduler.conf', 'FileOrCreate']],
      [10_259, '/healthz', 'HTTPS'],
    ),
  ];
}

function hostPath(name: string, path: string, type: string): JsonObject {
  return { name, hostPath: { path, type } };
}
