/** The kubelet of the persona's node, on its port with TLS and on the read-only one. */
import { type Cluster, createCluster } from '../cluster/cluster.ts';
import { prepareHostFiles } from '../cluster/host-files.ts';
import type { KubeObject } from '../cluster/json.ts';
import { ownLog } from '../cluster/logs.ts';
import { kubeletCertificate } from '../cluster/pki.ts';
import { planOf } from '../cluster/plan.ts';
import { createPodWorlds, type Find, type PodWorlds } from '../cluster/pod-worlds.ts';
import type { Runtime } from '../cluster/runtime.ts';
import { worldRuntime } from '../cluster/world-runtime.ts';
import type { Connection, Decoy, Site } from '../decoy.ts';
import { go } from '../http/dialect.ts';
import { serveGo } from '../http/serve-http2.ts';
import type { Kubelet } from './call.ts';
import { serveKubelet } from './serve.ts';

/** Kept of a request's body, in bytes. */
const keep = 256 * 1024;
/** Sources whose containers are kept. */
const maxSources = 1000;

export const decoy: Decoy = {
  name: 'kubelet',
  ports: [
    {
      name: 'kubelet',
      tls: (persona) => {
        const plan = planOf(persona);
        return kubeletCertificate(plan, plan.nodes[0]!);
      },
    },
    { name: 'kubelet-ro' },
  ],
  events: {
    request: { severity: 'info', worth: 'noise' },
    run: { severity: 'high', attack: ['T1609'], worth: 'evidence' },
    exec: { severity: 'high', attack: ['T1609'], worth: 'evidence' },
  },
  start: (site) => startKubelet(site, worldRuntime),
};

export function startKubelet({ persona }: Site, runtime: Runtime): (connection: Connection) => void {
  const cluster = createCluster(persona);
  const kubelet = kubeletOf(cluster, runtime);
  /** The one that was longest away comes first. */
  const sources = new Map<string, PodWorlds>();

  function worldsOf(source: string): PodWorlds {
    const worlds = sources.get(source) ?? createPodWorlds(cluster);
    sources.delete(source);
    if (sources.size >= maxSources) {
      const [first, oldest] = sources.entries().next().value!;
      sources.delete(first);
      oldest.close();
    }
    sources.set(source, worlds);
    return worlds;
  }

  return serveGo({
    dialect: go,
    keep,
    async handle(exchange) {
      const { connection, path } = exchange;
      await serveKubelet(
        { ...kubelet, worlds: worldsOf(connection.src.ip) },
        exchange,
        path,
        connection.port === 'kubelet-ro',
      );
    },
  });
}

function kubeletOf(cluster: Cluster, runtime: Runtime): Omit<Kubelet, 'worlds'> {
  const node = cluster.plan.nodes[0]!;
  const find: Find = (kind, namespace, name) =>
    cluster
      .objects()
      .find(
        (one) =>
          one.kind === kind &&
          one.metadata.name === name &&
          (namespace === undefined || one.metadata.namespace === namespace),
      );
  const onNode = (pod: KubeObject): boolean =>
    pod.kind === 'Pod' && (pod.spec as { nodeName?: string }).nodeName === node.name;
  prepareHostFiles(cluster);
  return {
    cluster,
    node,
    runtime,
    find,
    pods: () => cluster.objects().filter(onNode),
    logOf: (pod) => ownLog(cluster.plan, pod, Date.now()),
  };
}
