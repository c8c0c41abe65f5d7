/** Images of kubeadm 1.27 and flannel 0.22. */
export const systemImages = {
  pause: 'registry.k8s.io/pause:3.9',
  etcd: 'registry.k8s.io/etcd:3.5.7-0',
  coredns: 'registry.k8s.io/coredns/coredns:v1.10.1',
  flannel: 'docker.io/flannel/flannel:v0.22.2',
  flannelPlugin: 'docker.io/flannel/flannel-cni-plugin:v1.2.0',
} as const;
