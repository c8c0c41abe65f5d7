/**
 * The kubelet's API (pkg/kubelet/server/server.go, 1.27), open to everybody: anonymous requests are taken and always
 * allowed. Its own decoy serves it on the kubelet's ports, the API server behind `/api/v1/nodes/NAME/proxy`.
 */
import { type JsonObject, type KubeObject, listAt, textAt } from '../cluster/json.ts';
import type { Headers } from '../http/dialect.ts';
import type { Exchange } from '../http/serve.ts';
import { type Call, type Kubelet, nothingThere, plain, tell } from './call.ts';
import { serveContainerLog, serveExec, serveRun } from './commands.ts';
import { configuration } from './configuration.ts';
import { serveLogs } from './logs.ts';
import { cadvisorMetrics, kubeletMetrics, summary } from './statistics.ts';

const json: Headers = [['Content-Type', 'application/json']];

/** By the first part of the path; the debugging ones are not on the read-only port. */
const routes: Readonly<
  Record<
    string,
    {
      readonly methods: readonly string[];
      readonly isDebug?: boolean;
      serve(call: Call): Promise<void>;
    }
  >
> = {
  healthz: { methods: ['GET', 'HEAD'], serve: serveHealth },
  pods: { methods: ['GET'], serve: servePods },
  stats: { methods: ['GET'], serve: serveStats },
  metrics: { methods: ['GET'], serve: serveMetrics },
  run: { methods: ['POST'], isDebug: true, serve: serveRun },
  exec: { methods: ['GET', 'POST'], isDebug: true, serve: serveExec },
  attach: { methods: ['GET', 'POST'], isDebug: true, serve: serveExec },
  portForward: {
    methods: ['GET', 'POST'],
    isDebug: true,
    serve: async ({ exchange }) =>
      exchange.respond(500, plain, 'unable to do port forwarding: socat not found\n'),
  },
  containerLogs: { methods: ['GET'], isDebug: true, serve: serveContainerLog },
  runningpods: { methods: ['GET'], isDebug: true, serve: serveRunning },
  configz: {
    methods: ['GET'],
    isDebug: true,
    serve: async ({ exchange }) =>
      exchange.respond(
        200,
        [...json, ['X-Content-Type-Options', 'nosniff']],
        JSON.stringify(configuration()),
      ),
  },
  logs: { methods: ['GET'], isDebug: true, serve: ({ exchange, parts }) => serveLogs(exchange, parts) },
};

export async function serveKubelet(
  kubelet: Kubelet,
  exchange: Exchange,
  path: string,
  isReadOnly: boolean,
): Promise<void> {
  const [first = '', ...parts] = path.split('/').slice(1);
  const route = Object.hasOwn(routes, first) ? routes[first] : undefined;
  if (first !== 'run' && first !== 'exec') await tell(exchange, path);
  if (route === undefined || (isReadOnly && route.isDebug === true))
    return exchange.respond(404, plain, '404 page not found\n');
  if ((first === 'runningpods' || first === 'logs') && parts.length === 0) {
    const headers: Headers = [
      ['Content-Type', 'text/html; charset=utf-8'],
      ['Location', `/${first}/`],
    ];
    return exchange.respond(
      301,
      headers,
      exchange.method === 'GET' ? `<a href="/${first}/">Moved Permanently</a>.\n\n` : '',
    );
  }
  if (!route.methods.includes(exchange.method))
    return exchange.respond(405, [['Allow', route.methods.join(', ')]], '405: Method Not Allowed');
  return route.serve({ kubelet, exchange, parts: parts.filter((part) => part !== '') });
}

async function serveHealth({ exchange, parts }: Call): Promise<void> {
  const [check = ''] = parts;
  if (!['', 'ping', 'log', 'syncloop'].includes(check))
    return exchange.respond(404, plain, '404 page not found\n');
  const text =
    exchange.query.has('verbose') && check === ''
      ? '[+]ping ok\n[+]log ok\n[+]syncloop ok\nhealthz check passed\n'
      : 'ok';
  return exchange.respond(200, plain, text);
}

async function servePods({ kubelet, exchange }: Call): Promise<void> {
  const items = kubelet.pods().map(({ kind: _, apiVersion: __, ...pod }: KubeObject) => {
    const metadata = pod.metadata as JsonObject & KubeObject['metadata'];
    const annotations = {
      'kubernetes.io/config.seen': `${textAt(pod, 'status', 'startTime').slice(0, -1)}.${Number.parseInt(metadata.uid.slice(0, 7), 16).toString().padStart(9, '4').slice(0, 9)}Z`,
      'kubernetes.io/config.source': 'api',
      ...metadata.annotations,
    };
    return { ...pod, metadata: { ...metadata, annotations } };
  });
  exchange.respond(
    200,
    json,
    `${JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items })}\n`,
  );
}

async function serveRunning({ kubelet, exchange }: Call): Promise<void> {
  const { persona } = kubelet.cluster.plan;
  const items = kubelet
    .pods()
    .filter((pod) => textAt(pod, 'status', 'phase') === 'Running')
    .map((pod) => ({
      metadata: {
        name: pod.metadata.name,
        namespace: pod.metadata.namespace,
        uid: pod.metadata.uid,
        creationTimestamp: null,
      },
      spec: {
        containers: listAt(pod, 'spec', 'containers').map((one) => ({
          name: textAt(one, 'name'),
          image: `sha256:${persona.random(`image/config/${textAt(one, 'image')}`).hex(64)}`,
          resources: {},
        })),
      },
      status: {},
    }));
  exchange.respond(
    200,
    json,
    `${JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items })}\n`,
  );
}

async function serveStats({ kubelet, exchange, parts }: Call): Promise<void> {
  if (parts[0] !== 'summary' || parts.length > 1) return nothingThere(exchange);
  return exchange.respond(
    200,
    json,
    JSON.stringify(summary(kubelet.cluster.plan, kubelet.node, kubelet.pods(), Date.now()), null, 1),
  );
}

async function serveMetrics({ kubelet, exchange, parts }: Call): Promise<void> {
  const { cluster } = kubelet;
  const headers: Headers = [['Content-Type', 'text/plain; version=0.0.4; charset=utf-8']];
  if (parts[0] === 'cadvisor')
    return exchange.respond(200, headers, cadvisorMetrics(cluster.plan, kubelet.pods(), Date.now()));
  if (parts.length > 0 && parts[0] !== 'probes' && parts[0] !== 'resource')
    return exchange.respond(404, plain, '404 page not found\n');
  return exchange.respond(200, headers, kubeletMetrics(cluster.plan, kubelet.pods(), Date.now()));
}
