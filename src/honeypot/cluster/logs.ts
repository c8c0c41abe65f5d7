/** What the containers of the cluster's own workloads wrote: the beginning, since they were started last. */
import { type KubeObject, listAt, textAt } from './json.ts';
import type { Plan } from './plan.ts';

/** What is written at the start of a program, by a word of its image; words in capitals stand for when and where. */
const beginnings: readonly (readonly [image: RegExp, lines: readonly string[]])[] = [
  [
    /(?:^|\/)nginx:/,
    [
      '/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration',
      '/docker-entrypoint.sh: Looking for shell scripts in /docker-entrypoint.d/',
      '/docker-entrypoint.sh: Launching /docker-entrypoint.d/10-listen-on-ipv6-by-default.sh',
      '10-listen-on-ipv6-by-default.sh: info: Enabled listen on IPv6 in /etc/nginx/conf.d/default.conf',
      '/docker-entrypoint.sh: Launching /docker-entrypoint.d/20-envsubst-on-templates.sh',
      '/docker-entrypoint.sh: Launching /docker-entrypoint.d/30-tune-worker-processes.sh',
      '/docker-entrypoint.sh: Configuration complete; ready for start up',
    ],
  ],
  [
    /(?:^|\/)postgres:/,
    [
      '',
      'PostgreSQL Database directory appears to contain a database; Skipping initialization',
      '',
      'DAY TIME.114 UTC [1] LOG:  starting PostgreSQL 15.4 (Debian 15.4-2.pgdg120+1) on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14) 12.2.0, 64-bit',
      'DAY TIME.115 UTC [1] LOG:  listening on IPv4 address "0.0.0.0", port 5432',
      'DAY TIME.115 UTC [1] LOG:  listening on IPv6 address "::", port 5432',
      'DAY TIME.119 UTC [1] LOG:  listening on Unix socket "/var/run/postgresql/.s.PGSQL.5432"',
      'DAY TIME.146 UTC [1] LOG:  database system is ready to accept connections',
    ],
  ],
  [
    /(?:^|\/)redis:/,
    [
      '1:C STAMP.011 # oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo',
      '1:C STAMP.011 # Redis version=7.0.15, bits=64, commit=00000000, modified=0, pid=1, just started',
      '1:C STAMP.011 # Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf',
      '1:M STAMP.012 * monotonic clock: POSIX clock_gettime',
      '1:M STAMP.013 * Running mode=standalone, port=6379.',
      '1:M STAMP.013 # Server initialized',
      '1:M STAMP.014 * Ready to accept connections',
    ],
  ],
  [/(?:^|\/)node:/, ['server listening on port 3000']],
  [
    /kube-proxy:/,
    [
      'IKTIME.521044       1 node.go:141] Successfully retrieved node IP: ADDRESS',
      'IKTIME.521131       1 server_others.go:110] "Detected node IP" address="ADDRESS"',
      'IKTIME.542817       1 server_others.go:192] "Using iptables Proxier"',
      'IKTIME.543372       1 config.go:188] "Starting service config controller"',
      'IKTIME.543391       1 shared_informer.go:311] Waiting for caches to sync for service config',
      'IKTIME.643780       1 shared_informer.go:318] Caches are synced for service config',
    ],
  ],
  [
    /coredns/,
    [
      '.:53',
      '[INFO] plugin/reload: Running configuration SHA512 = HASH',
      'CoreDNS-1.10.1',
      'linux/amd64, go1.20, 055b2c3',
    ],
  ],
];

/** @param now milliseconds since 1970 */
export function ownLog({ persona }: Plan, pod: KubeObject, now: number): Buffer {
  const [container] = listAt(pod, 'spec', 'containers');
  const lines = beginnings.find(([image]) => image.test(textAt(container, 'image')))?.[1];
  if (lines === undefined) return Buffer.alloc(0);
  const [status] = listAt(pod, 'status', 'containerStatuses');
  const at = new Date(Date.parse(textAt(status, 'state', 'running', 'startedAt')) || now);
  const [day = '', rest = ''] = at.toISOString().split('T');
  const time = rest.slice(0, 8);
  const month = at.toUTCString().slice(8, 11);
  const text = lines
    .map((line) =>
      line
        .replace('KTIME', `${day.slice(5).replace('-', '')} ${time}`)
        .replace('STAMP', `${day.slice(8)} ${month} ${day.slice(0, 4)} ${time}`)
        .replace('DAY TIME', `${day} ${time}`)
        .replaceAll('ADDRESS', textAt(pod, 'status', 'hostIP'))
        .replace('HASH', persona.random('kubernetes/corefile').hex(128)),
    )
    .map((line) => `${line}\n`)
    .join('');
  return Buffer.from(text);
}
