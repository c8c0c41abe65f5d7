/** The machine that each container of a pod is, made when somebody first looks into it. */
import { parentOf } from '../world/files/tree.ts';
import { View } from '../world/files/view.ts';
import { type Bind, createContainer } from '../world/systems/container.ts';
import { isKnownImage } from '../world/systems/images.ts';
import type { World } from '../world/world.ts';
import type { Cluster } from './cluster.ts';
import { addHostFiles } from './host-files.ts';
import { at, type Json, type KubeObject, listAt, textAt } from './json.ts';
import { accountToken, authorityOf } from './pki.ts';

export interface PodWorld {
  readonly world: World;
  /** `NAME=value` of the container. */
  readonly env: readonly string[];
}

export interface PodWorlds {
  /** @param find looks up what variables and volumes refer to */
  of(host: World, pod: KubeObject, container: Json, find: Find): PodWorld;
  /** The pod is gone. */
  drop(pod: KubeObject): void;
  close(): void;
}

export type Find = (kind: string, namespace: string | undefined, name: string) => KubeObject | undefined;

/** Containers of one visitor that are kept. */
const most = 16;

export function createPodWorlds(cluster: Cluster): PodWorlds {
  /** The one that was not looked at for the longest time comes first. */
  const known = new Map<string, PodWorld & { readonly host: World }>();

  function forget(key: string): void {
    known.get(key)?.world.close();
    known.delete(key);
  }

  return {
    of(host, pod, container, find) {
      const key = `${pod.metadata.uid}/${textAt(container, 'name')}`;
      const before = known.get(key);
      known.delete(key);
      if (before !== undefined && before.host === host) {
        known.set(key, before);
        return before;
      }
      before?.world.close();
      if (known.size >= most) forget(known.keys().next().value!);
      const made = { ...makeWorld(cluster, host, pod, container, find), host };
      known.set(key, made);
      return made;
    },
    drop(pod) {
      for (const key of [...known.keys()]) if (key.startsWith(`${pod.metadata.uid}/`)) forget(key);
    },
    close() {
      for (const key of [...known.keys()]) forget(key);
    },
  };
}

function makeWorld(cluster: Cluster, host: World, pod: KubeObject, container: Json, find: Find): PodWorld {
  addHostFiles(cluster, host);
  const env = environmentOf(cluster, pod, container, find);
  const { spec } = pod;
  const status = listAt(pod, 'status', 'containerStatuses').find(
    (one) => textAt(one, 'name') === textAt(container, 'name'),
  );
  const random = cluster.plan.persona.random(
    `kubernetes/world/${pod.metadata.uid}/${textAt(container, 'name')}`,
  );
  const volumes = new Map(listAt(spec, 'volumes').map((one) => [textAt(one, 'name'), one]));
  const mounts = listAt(container, 'volumeMounts');
  const binds = mounts.flatMap((mount): Bind[] => {
    const source = textAt(volumes.get(textAt(mount, 'name')), 'hostPath', 'path');
    if (source === '') return [];
    return [{ source, target: textAt(mount, 'mountPath'), readOnly: at(mount, 'readOnly') === true }];
  });
  const argv = [...listAt(container, 'command'), ...listAt(container, 'args')].map(String);
  const isOnHost = at(spec, 'hostNetwork') === true;
  const world = createContainer(host, {
    image: textAt(container, 'image'),
    isForeign: !isKnownImage(textAt(container, 'image')),
    id: textAt(status, 'containerID').replace('containerd://', '') || random.hex(64),
    runtime: 'containerd',
    ...(!isOnHost && { hostname: textAt(spec, 'hostname') || pod.metadata.name.slice(0, 63) }),
    binds,
    privileged: at(container, 'securityContext', 'privileged') === true,
    hostPid: at(spec, 'hostPID') === true,
    hostNetwork: isOnHost,
    env,
    ...(argv.length > 0 && { command: argv }),
  });
  addNames(world, pod, host);
  for (const mount of mounts) {
    const volume = volumes.get(textAt(mount, 'name'));
    for (const [name, content] of filesOf(cluster, pod, volume, find))
      write(world, `${textAt(mount, 'mountPath')}/${name}`, content);
  }
  return { world, env };
}

/** Whom the pod asks for names, and what it is called itself, as the kubelet writes it (1.27). */
function addNames(world: World, { metadata, spec, status }: KubeObject, host: World): void {
  if (at(spec, 'hostNetwork') === true) {
    const hosts = new View(host.files).read('/etc/hosts');
    write(
      world,
      '/etc/hosts',
      Buffer.concat([Buffer.from('# Kubernetes-managed hosts file (host network).\n'), hosts]),
    );
    return;
  }
  const { namespace = 'default' } = metadata;
  const domains = [`${namespace}.svc`, 'svc', ''].map((one) => `${one}.cluster.local`.replace(/^\./, ''));
  const search = [...domains, world.persona.domain].join(' ');
  write(world, '/etc/resolv.conf', Buffer.from(`search ${search}\nnameserver 10.96.0.10\noptions ndots:5\n`));
  write(
    world,
    '/etc/hosts',
    Buffer.from(
      `# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n${textAt(status, 'podIP')}\t${world.hostname}\n`,
    ),
  );
}

/** Files of secrets, configuration and tokens. */
function filesOf(
  cluster: Cluster,
  pod: KubeObject,
  volume: Json | undefined,
  find: Find,
): (readonly [string, Buffer])[] {
  const { namespace = 'default' } = pod.metadata;
  const secret = textAt(volume, 'secret', 'secretName');
  const configuration = textAt(volume, 'configMap', 'name');
  if (secret !== '') {
    const data = at(find('Secret', namespace, secret), 'data');
    return textsIn(data).map(([name, text]) => [name, Buffer.from(text, 'base64')]);
  }
  if (configuration !== '')
    return textsIn(at(find('ConfigMap', namespace, configuration), 'data')).map(([name, text]) => [
      name,
      Buffer.from(text),
    ]);
  if (!listAt(volume, 'projected', 'sources').some((one) => at(one, 'serviceAccountToken') !== undefined))
    return [];
  return [
    ['ca.crt', Buffer.from(authorityOf(cluster.plan).certificate)],
    ['namespace', Buffer.from(namespace)],
    ['token', Buffer.from(podToken(cluster, pod, find))],
  ];
}

/** As the kubelet asks for it: bound to the pod, good for a year, renewed each hour. */
function podToken({ plan }: Cluster, pod: KubeObject, find: Find): string {
  const { namespace = 'default', name, uid } = pod.metadata;
  const account = textAt(pod, 'spec', 'serviceAccountName') || 'default';
  const issued = Math.floor(Date.now() / 1000) - (Math.floor(Date.now() / 1000) % 2400);
  const issuer = 'https://kubernetes.default.svc.cluster.local';
  return accountToken(plan.persona, {
    aud: [issuer],
    exp: issued + 31_536_000,
    iat: issued,
    iss: issuer,
    'kubernetes.io': {
      namespace,
      pod: { name, uid },
      serviceaccount: { name: account, uid: find('ServiceAccount', namespace, account)?.metadata.uid ?? uid },
      warnafter: issued + 3607,
    },
    nbf: issued,
    sub: `system:serviceaccount:${namespace}:${account}`,
  });
}

function textsIn(data: Json | undefined): [string, string][] {
  return Object.entries(data ?? {}).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
}

function write(world: World, path: string, content: Buffer): void {
  const view = new View(world.files);
  try {
    const parts = parentOf(path)
      .split('/')
      .filter((one) => one !== '');
    for (let depth = 1; depth <= parts.length; depth++) {
      const directory = `/${parts.slice(0, depth).join('/')}`;
      if (!view.exists(directory)) view.mkdir(directory);
    }
    view.write(path, content);
  } catch {
    // The visitor has no room left: the container goes without it.
  }
}

const maxVariables = 200;

function environmentOf({ plan }: Cluster, pod: KubeObject, container: Json, find: Find): string[] {
  const { namespace = 'default' } = pod.metadata;
  const env = new Map<string, string>([
    ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    ['HOSTNAME', pod.metadata.name],
  ]);
  for (const source of listAt(container, 'envFrom')) {
    const data = at(find('Secret', namespace, textAt(source, 'secretRef', 'name')), 'data');
    for (const [name, text] of textsIn(data)) env.set(name, Buffer.from(text, 'base64').toString('utf8'));
    for (const [name, text] of textsIn(
      at(find('ConfigMap', namespace, textAt(source, 'configMapRef', 'name')), 'data'),
    ))
      env.set(name, text);
  }
  for (const one of listAt(container, 'env').slice(0, maxVariables)) {
    const reference = at(one, 'valueFrom', 'secretKeyRef');
    const secret = textAt(
      find('Secret', namespace, textAt(reference, 'name')),
      'data',
      textAt(reference, 'key'),
    );
    const field = textAt(one, 'valueFrom', 'fieldRef', 'fieldPath');
    const value =
      secret !== ''
        ? Buffer.from(secret, 'base64').toString('utf8')
        : field !== ''
          ? textAt(pod, ...field.split('.'))
          : textAt(one, 'value');
    env.set(textAt(one, 'name'), value);
  }
  const api: readonly (readonly [string, string])[] = [
    ['KUBERNETES_SERVICE_HOST', '10.96.0.1'],
    ['KUBERNETES_SERVICE_PORT', '443'],
    ['KUBERNETES_SERVICE_PORT_HTTPS', '443'],
    ['KUBERNETES_PORT', 'tcp://10.96.0.1:443'],
    ['KUBERNETES_PORT_443_TCP', 'tcp://10.96.0.1:443'],
    ['KUBERNETES_PORT_443_TCP_ADDR', '10.96.0.1'],
    ['KUBERNETES_PORT_443_TCP_PORT', '443'],
    ['KUBERNETES_PORT_443_TCP_PROTO', 'tcp'],
  ];
  for (const app of plan.apps.filter((one) => one.namespace === namespace)) {
    const prefix = app.name.toUpperCase().replaceAll('-', '_');
    const address = textAt(find('Service', namespace, app.name), 'spec', 'clusterIP');
    env.set(`${prefix}_SERVICE_HOST`, address);
    env.set(`${prefix}_SERVICE_PORT`, String(app.port));
    env.set(`${prefix}_PORT`, `tcp://${address}:${app.port}`);
  }
  for (const [name, value] of api) env.set(name, value);
  env.set('HOME', '/root');
  return [...env].map(([name, value]) => `${name}=${value}`);
}
