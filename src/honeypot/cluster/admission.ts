/** What admission plugins of a kubeadm cluster set: ServiceAccount, Priority and DefaultTolerationSeconds (1.27). */
import { isObject, type Json, type JsonObject, listAt, textAt } from './json.ts';

/**
 * What admission does to a pod that is created: account, its token, priority and tolerations.
 * @param suffix five characters, of the token's volume
 */
export function admitPod(spec: JsonObject, suffix: string): JsonObject {
  const account = textAt(spec, 'serviceAccountName') || 'default';
  const volume = `kube-api-access-${suffix}`;
  const isMounted = spec.automountServiceAccountToken !== false;
  const mount = { name: volume, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' };
  const mounted = (container: Json): Json => {
    if (!isObject(container) || !isMounted) return container;
    const mounts = listAt(container, 'volumeMounts');
    return mounts.some((one) => textAt(one, 'mountPath') === mount.mountPath)
      ? container
      : { ...container, volumeMounts: [...mounts, mount] };
  };
  const tolerations = listAt(spec, 'tolerations');
  const has = (key: string): boolean =>
    tolerations.some((one) => {
      const [own, effect] = [textAt(one, 'key'), textAt(one, 'effect')];
      return (
        (own === key || (own === '' && textAt(one, 'operator') === 'Exists')) &&
        (effect === '' || effect === 'NoExecute')
      );
    });
  const priority: Readonly<Record<string, number>> = {
    'system-node-critical': 2_000_001_000,
    'system-cluster-critical': 2_000_000_000,
  };
  return {
    ...spec,
    ...((isMounted || spec.volumes !== undefined) && {
      volumes: isMounted ? [...listAt(spec, 'volumes'), tokenVolume(volume)] : spec.volumes,
    }),
    ...(Array.isArray(spec.initContainers) && {
      initContainers: listAt(spec, 'initContainers').map(mounted),
    }),
    containers: listAt(spec, 'containers').map(mounted),
    serviceAccountName: account,
    serviceAccount: account,
    tolerations: [
      ...tolerations,
      ...['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']
        .filter((key) => !has(key))
        .map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 })),
    ],
    priority: priority[textAt(spec, 'priorityClassName')] ?? 0,
    enableServiceLinks: spec.enableServiceLinks ?? true,
    preemptionPolicy: 'PreemptLowerPriority',
  };
}

function tokenVolume(name: string): JsonObject {
  return {
    name,
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        {
          downwardAPI: {
            items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
          },
        },
      ],
      defaultMode: 420,
    },
  };
}
