/** What the API server tells about itself: health, metrics, the list of its paths. */
import type { JsonObject } from '../cluster/json.ts';
import type { Plan } from '../cluster/plan.ts';
import { resources } from '../cluster/resources.ts';

/** In the order in which they are checked (1.27). */
const hooks =
  'start-kube-apiserver-admission-initializer generic-apiserver-start-informers priority-and-fairness-config-consumer priority-and-fairness-filter storage-object-count-tracker-hook start-apiextensions-informers start-apiextensions-controllers crd-informer-synced start-system-namespaces-controller bootstrap-controller rbac/bootstrap-roles scheduling/bootstrap-system-priority-classes priority-and-fairness-config-producer start-cluster-authentication-info-controller start-kube-apiserver-identity-lease-controller start-deprecated-kube-apiserver-identity-lease-garbage-collector start-kube-apiserver-identity-lease-garbage-collector start-legacy-token-tracking-controller aggregator-reload-proxy-client-cert start-kube-aggregator-informers apiservice-registration-controller apiservice-status-available-controller kube-apiserver-autoregistration autoregister-completion apiservice-openapi-controller apiservice-openapiv3-controller apiservice-discovery-controller'.split(
    ' ',
  );

const checks: Readonly<Record<string, readonly string[]>> = {
  healthz: ['ping', 'log', 'etcd', ...hooks.map((one) => `poststarthook/${one}`)],
  livez: ['ping', 'log', 'etcd', ...hooks.map((one) => `poststarthook/${one}`)],
  readyz: [
    'ping',
    'log',
    'etcd',
    'etcd-readiness',
    'informer-sync',
    ...hooks.map((one) => `poststarthook/${one}`),
    'shutdown',
  ],
};

/** @returns undefined where there is no such check */
export function health(path: string, isVerbose: boolean): string | undefined {
  const [, name = '', ...rest] = path.split('/');
  const list = checks[name];
  if (list === undefined) return undefined;
  const one = rest.join('/');
  if (one !== '') return list.includes(one) ? 'ok' : undefined;
  return isVerbose ? `${list.map((each) => `[+]${each} ok\n`).join('')}${name} check passed\n` : 'ok';
}

export function indexPaths(): JsonObject {
  const groups = [...new Set(resources.map((one) => one.group))].filter((one) => one !== '');
  const versions = [
    ...new Set(resources.filter((one) => one.group !== '').map((one) => `/apis/${one.group}/${one.version}`)),
  ];
  const paths = [
    '/.well-known/openid-configuration',
    '/api',
    '/api/v1',
    '/apis',
    '/apis/',
    ...[...groups.map((one) => `/apis/${one}`), ...versions].sort(),
    ...Object.entries(checks).flatMap(([name, list]) => [
      `/${name}`,
      ...list.map((one) => `/${name}/${one}`).sort(),
    ]),
    '/logs',
    '/metrics',
    '/openapi/v2',
    '/openapi/v3',
    '/openapi/v3/',
    '/openid/v1/jwks',
    '/version',
  ];
  return { paths: paths.sort() };
}

/** A few of its many: what dashboards and scanners look for. */
export function metrics({ release, createdAt, persona }: Plan, now: number): string {
  const started = Math.max(persona.bootedAt(now), createdAt) / 1000 + 21;
  const age = now / 1000 - started;
  const count = (perSecond: number): number => Math.floor(age * perSecond);
  const lines: (readonly [string, string, string, readonly (readonly [string, number])[]])[] = [
    [
      'apiserver_audit_event_total',
      'counter',
      '[ALPHA] Counter of audit events generated and sent to the audit backend.',
      [['', 0]],
    ],
    [
      'apiserver_current_inflight_requests',
      'gauge',
      '[STABLE] Maximal number of currently used inflight request limit of this apiserver per request kind in last second.',
      [
        ['{request_kind="mutating"}', 0],
        ['{request_kind="readOnly"}', 1],
      ],
    ],
    [
      'apiserver_storage_objects',
      'gauge',
      '[STABLE] Number of stored objects at the time of last check split by kind.',
      [
        ['{resource="nodes"}', 2],
        ['{resource="secrets"}', 8],
      ],
    ],
    [
      'go_goroutines',
      'gauge',
      'Number of goroutines that currently exist.',
      [['', 1500 + (count(0.7) % 300)]],
    ],
    [
      'kubernetes_build_info',
      'gauge',
      "[ALPHA] A metric with a constant '1' value labeled by major, minor, git version, git commit, git tree state, build date, Go version, and compiler from which Kubernetes was built, and platform on which it is running.",
      [
        [
          `{build_date="${release.built}",compiler="gc",git_commit="${release.commit}",git_tree_state="clean",git_version="${release.version}",go_version="${release.go}",major="1",minor="27",platform="linux/amd64"}`,
          1,
        ],
      ],
    ],
    [
      'process_cpu_seconds_total',
      'counter',
      'Total user and system CPU time spent in seconds.',
      [['', count(0.043)]],
    ],
    [
      'process_resident_memory_bytes',
      'gauge',
      'Resident memory size in bytes.',
      [['', 412_000_256 + (count(900) % 60_000_000)]],
    ],
    [
      'process_start_time_seconds',
      'gauge',
      'Start time of the process since unix epoch in seconds.',
      [['', Math.floor(started)]],
    ],
  ];
  return lines
    .map(
      ([name, type, help, values]) =>
        `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${values.map(([labels, value]) => `${name}${labels} ${value}\n`).join('')}`,
    )
    .join('');
}
