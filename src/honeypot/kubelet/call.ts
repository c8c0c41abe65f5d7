/** A request to a kubelet, and what all that serve such ones need. */
import type { Cluster } from '../cluster/cluster.ts';
import type { KubeObject } from '../cluster/json.ts';
import type { Node } from '../cluster/plan.ts';
import type { Find, PodWorlds } from '../cluster/pod-worlds.ts';
import type { Runtime } from '../cluster/runtime.ts';
import type { Headers } from '../http/dialect.ts';
import type { Exchange } from '../http/serve.ts';

export interface Kubelet {
  readonly cluster: Cluster;
  readonly node: Node;
  readonly runtime: Runtime;
  readonly worlds: PodWorlds;
  /** Those of its node. */
  pods(): readonly KubeObject[];
  readonly find: Find;
  logOf(pod: KubeObject): Buffer;
}

export interface Call {
  readonly kubelet: Kubelet;
  readonly exchange: Exchange;
  /** Behind the first: `/run/default/web/app` is `['default', 'web', 'app']`. */
  readonly parts: readonly string[];
}

/** Of http.Error. */
export const plain: Headers = [
  ['Content-Type', 'text/plain; charset=utf-8'],
  ['X-Content-Type-Options', 'nosniff'],
];

export function tell(exchange: Exchange, path: string): Promise<void> {
  const { method, target, connection } = exchange;
  return connection.record('request', {
    raw: `${method} ${target}`,
    texts: [],
    data: { method, path: path.slice(0, 1000) },
  });
}

/** Of go-restful. */
export function nothingThere(exchange: Exchange): void {
  exchange.respond(404, [], '404: Page Not Found');
}
