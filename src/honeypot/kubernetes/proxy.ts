/** What lies behind the API server: kubelets are played, services and pods do not answer. */
import { type KubeObject, textAt } from '../cluster/json.ts';
import { serveKubelet } from '../kubelet/serve.ts';
import type { Call } from './call.ts';
import { notFound, Refused } from './status.ts';

export async function serveProxy(call: Call): Promise<void> {
  const { exchange, target, visit } = call;
  const { resource, namespace, name = '', behind } = target;
  const [plain = '', port] = name.split(':').filter((one) => one !== 'https' && one !== 'http');
  const found = visit.store.get(resource.kind, resource.isNamespaced ? namespace : undefined, plain);
  if (found === undefined) throw notFound(resource, plain);
  const node = visit.store.cluster.plan.nodes.find((one) => one.name === plain);
  if (resource.kind === 'Node' && node !== undefined) {
    const { store, runtime, worlds, logOf } = visit;
    const pods = (): readonly KubeObject[] =>
      store.list('Pod').filter((pod) => textAt(pod, 'spec', 'nodeName') === plain);
    return serveKubelet(
      { cluster: store.cluster, node, runtime, worlds, pods, find: store.get, logOf },
      exchange,
      behind,
      false,
    );
  }
  await exchange.connection.record('request', {
    raw: `${exchange.method} ${exchange.target}`,
    texts: [],
    data: { verb: 'proxy', resource: resource.plural, namespace, name, path: behind.slice(0, 500) },
  });
  if (resource.kind === 'Service')
    throw new Refused(503, 'ServiceUnavailable', `no endpoints available for service "${plain}"`);
  const address = textAt(found, 'status', 'podIP');
  throw new Refused(
    503,
    'ServiceUnavailable',
    `error trying to reach service: dial tcp ${address}:${port ?? '80'}: connect: connection refused`,
  );
}
