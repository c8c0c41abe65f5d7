/** What the daemon says of itself: `/_ping`, `/version`, `/info`, `/events`, `/system/df`, and `/auth`. */

import type { Persona } from '../../persona/persona.ts';
import { apiHeaders, type Call, readBody, respondJson, seconds, streamJson } from '../api/call.ts';
import { type Filters, filtersOf } from '../api/filters.ts';
import type { Route } from '../api/route.ts';
import type { Container } from '../engine/container.ts';
import { containerSummary, dockerFolder, imageSummary } from '../engine/describe.ts';
import type { Engine } from '../engine/engine.ts';
import { type DockerEvent, eventJson } from '../engine/events.ts';
import { badRequest } from '../engine/failure.ts';
import { requireReachable } from '../engine/pull.ts';
import { swarmInfo } from '../engine/swarm.ts';
import { volumeJson } from '../engine/volumes.ts';
import { struct, text } from '../json/decode.ts';
import { goTime, momentOf } from '../json/encode.ts';
import { pick } from '../registry-auth.ts';
import { follower } from '../stream/follow.ts';
import { keepOpen } from '../stream/keep-open.ts';

export const systemRoutes: readonly Route[] = [
  { method: 'GET', pattern: '/_ping', handle: ping },
  { method: 'HEAD', pattern: '/_ping', handle: ping },
  { method: 'GET', pattern: '/version', handle: version },
  { method: 'GET', pattern: '/info', handle: info },
  { method: 'GET', pattern: '/events', handle: events },
  { method: 'GET', pattern: '/system/df', handle: usage },
  { method: 'POST', pattern: '/auth', handle: auth, recordsItself: true },
];

function ping({ exchange }: Call): void {
  const headers = [
    ...apiHeaders,
    ['Cache-Control', 'no-cache, no-store, must-revalidate'],
    ['Pragma', 'no-cache'],
  ] as const;
  if (exchange.method === 'HEAD')
    exchange.respond(200, [
      ...headers,
      ['Content-Length', '0'],
      ['Content-Type', 'text/plain; charset=utf-8'],
    ]);
  else exchange.respond(200, headers, 'OK');
}

const engineVersion = '20.10.24+dfsg1';
const containerd = '1.6.20~ds1-1+b1';
const runc = '1.1.5+ds1-1+deb12u1';
/** Of Debian's package docker.io 20.10.24+dfsg1-1+b3 (2023). */
const buildTime = '2023-05-18T08:38:34.000000000+00:00';

function version(call: Call): void {
  const { kernel } = call.engine.persona;
  const common = {
    ApiVersion: '1.41',
    Arch: 'amd64',
    BuildTime: buildTime,
    Experimental: 'false',
    GitCommit: '5d6db84',
    GoVersion: 'go1.19.8',
    KernelVersion: kernel.release,
    MinAPIVersion: '1.12',
    Os: 'linux',
  };
  const { ApiVersion, Arch, GitCommit, GoVersion, KernelVersion, MinAPIVersion, Os } = common;
  respondJson(call, 200, {
    Platform: { Name: '' },
    Components: [
      { Name: 'Engine', Version: engineVersion, Details: common },
      { Name: 'containerd', Version: '1.6.20~ds1', Details: { GitCommit: containerd } },
      { Name: 'runc', Version: '1.1.5+ds1', Details: { GitCommit: runc } },
      { Name: 'docker-init', Version: '0.19.0', Details: { GitCommit: '' } },
    ],
    Version: engineVersion,
    ApiVersion,
    MinAPIVersion,
    GitCommit,
    GoVersion,
    Os,
    Arch,
    KernelVersion,
    BuildTime: buildTime,
  });
}

function info(call: Call): void {
  const { engine, minor } = call;
  const { persona } = engine;
  const containers = [...engine.containers.values()];
  const count = (status: Container['status']): number =>
    containers.filter((one) => one.status === status).length;
  const [running, paused] = [count('running') + count('restarting'), count('paused')];
  const random = persona.random('docker/info');
  respondJson(call, 200, {
    ID: daemonId(persona),
    Containers: containers.length,
    ContainersRunning: running,
    ContainersPaused: paused,
    ContainersStopped: containers.length - running - paused,
    Images: engine.images.size,
    Driver: 'overlay2',
    DriverStatus: [
      ['Backing Filesystem', 'extfs'],
      ['Supports d_type', 'true'],
      ['Native Overlay Diff', 'true'],
      ['userxattr', 'false'],
    ],
    Plugins: {
      Volume: ['local'],
      Network: ['bridge', 'host', 'ipvlan', 'macvlan', 'null', 'overlay'],
      Authorization: null,
      Log: 'awslogs fluentd gcplogs gelf journald json-file local logentries splunk syslog'.split(' '),
    },
    MemoryLimit: true,
    SwapLimit: true,
    KernelMemory: false,
    KernelMemoryTCP: false,
    CpuCfsPeriod: true,
    CpuCfsQuota: true,
    CPUShares: true,
    CPUSet: true,
    PidsLimit: true,
    IPv4Forwarding: true,
    BridgeNfIptables: true,
    BridgeNfIp6tables: true,
    Debug: false,
    NFd: 24 + containers.length * 5 + random.int(0, 12),
    OomKillDisable: false,
    NGoroutines: 38 + containers.length * 4 + random.int(0, 20) + engine.events.listening * 2,
    SystemTime: goTime(momentOf(Date.now())),
    LoggingDriver: 'json-file',
    CgroupDriver: 'systemd',
    CgroupVersion: '2',
    NEventsListener: engine.events.listening,
    KernelVersion: persona.kernel.release,
    OperatingSystem: 'Debian GNU/Linux 12 (bookworm)',
    OSVersion: '12',
    OSType: 'linux',
    Architecture: 'x86_64',
    IndexServerAddress: 'https://index.docker.io/v1/',
    RegistryConfig: {
      AllowNondistributableArtifactsCIDRs: [],
      AllowNondistributableArtifactsHostnames: [],
      InsecureRegistryCIDRs: ['127.0.0.0/8'],
      IndexConfigs: { 'docker.io': { Name: 'docker.io', Mirrors: [], Secure: true, Official: true } },
      Mirrors: [],
    },
    NCPU: persona.machine.cores,
    MemTotal: persona.machine.memoryKiB * 1024,
    GenericResources: null,
    DockerRootDir: dockerFolder,
    HttpProxy: '',
    HttpsProxy: '',
    NoProxy: '',
    Name: persona.hostname,
    Labels: [],
    ExperimentalBuild: false,
    ServerVersion: engineVersion,
    Runtimes: {
      'io.containerd.runc.v2': { path: 'runc' },
      'io.containerd.runtime.v1.linux': { path: 'runc' },
      runc: { path: 'runc' },
    },
    DefaultRuntime: 'runc',
    Swarm: swarmInfo(engine),
    LiveRestoreEnabled: false,
    Isolation: '',
    InitBinary: 'docker-init',
    ContainerdCommit: { ID: containerd, Expected: containerd },
    RuncCommit: { ID: runc, Expected: runc },
    InitCommit: { ID: '', Expected: '' },
    SecurityOptions:
      minor < 25
        ? ['apparmor', 'seccomp', 'cgroupns']
        : ['name=apparmor', 'name=seccomp,profile=default', 'name=cgroupns'],
    Warnings: warningsOf(call),
    ...(minor < 25 && { ExecutionDriver: '<not supported>' }),
  });
}

/**
 * What a daemon says of an API that whoever comes may use (`fillAPIInfo` of daemon/info.go, 20.10.24). It names the port
 * that it was told to listen on; a sensor may stand behind another, above those that services have.
 */
function warningsOf({ exchange }: Call): string[] {
  const { port, dst } = exchange.connection;
  const isTls = port === 'docker-tls';
  const told = dst.port < 10_000 ? dst.port : isTls ? 2376 : 2375;
  const what = isTls
    ? `https://0.0.0.0:${told} without TLS client verification`
    : `http://0.0.0.0:${told} without encryption`;
  return [
    `WARNING: API is accessible on ${what}.
         Access to the remote API is equivalent to root access on the host. Refer
         to the 'Docker daemon attack surface' section in the documentation for
         more information: https://docs.docker.com/go/attack-surface/`,
  ];
}

/** Twelve groups of four, as of a key's fingerprint. */
function daemonId(persona: Persona): string {
  const text = persona.random('docker/id').text('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 48);
  return text.replace(/(.{4})(?=.)/g, '$1:');
}

async function events(call: Call): Promise<void> {
  const { engine, exchange } = call;
  const [since, until] = [seconds(call, 'since'), seconds(call, 'until')];
  if (since !== undefined && until !== undefined && until > 0 && since > until)
    throw badRequest(`\`since\` time (${since}) cannot be after \`until\` time (${until})`);
  const filters = filtersOf(
    call,
    'container image plugin volume network daemon node service secret config type event label scope'.split(
      ' ',
    ),
  );
  const isWanted = (event: DockerEvent): boolean => wants(filters, event);
  const stream = streamJson(call);
  if (since !== undefined)
    for (const event of engine.events.all)
      if (event.moment.at >= since * 1000 && (!until || event.moment.at <= until * 1000) && isWanted(event))
        if (!(await stream.write(eventJson(event)))) return;
  const left = until === undefined ? undefined : until * 1000 - Date.now();
  if (left !== undefined && left <= 0) {
    stream.end();
    return;
  }
  const leave = keepOpen(exchange.connection);
  const over = Promise.withResolvers<void>();
  const tell = follower(stream, over.resolve);
  const stop = engine.events.listen((event) => {
    if (isWanted(event)) tell(eventJson(event));
  });
  exchange.leaving().addEventListener('abort', () => over.resolve(), { once: true });
  const timer = left === undefined ? undefined : setTimeout(over.resolve, Math.min(left, 2 ** 31 - 1));
  await over.promise;
  clearTimeout(timer);
  stop();
  leave();
  stream.end();
}

function wants(filters: Filters, { type, action, id, attributes, scope }: DockerEvent): boolean {
  const [plain = ''] = action.split(':');
  const names = [id, attributes.name ?? ''];
  const isNamed = (kind: string): boolean =>
    !filters.has(kind) ||
    (type === kind &&
      filters
        .get(kind)
        .some((one) => names.some((name) => name === one || (one.length > 11 && name.startsWith(one))))) ||
    (kind === 'image' && filters.get(kind).includes(attributes.image ?? ''));
  return (
    filters.matches('type', type) &&
    (!filters.has('event') || filters.get('event').some((one) => one === plain || one === action)) &&
    filters.matches('scope', scope ?? 'local') &&
    filters.matchesLabels(attributes) &&
    ['container', 'image', 'network', 'volume', 'service', 'node', 'secret', 'config'].every(isNamed)
  );
}

function usage(call: Call): void {
  const { engine } = call;
  const containers = [...engine.containers.values()];
  const used = new Map<string, number>();
  for (const { image } of containers) used.set(image.id, (used.get(image.id) ?? 0) + 1);
  respondJson(call, 200, {
    LayersSize: layersSize(engine),
    Images: [...engine.images.values()].map((image) =>
      imageSummary(engine, image, used.get(image.id) ?? 0, 0),
    ),
    Containers: containers.map((container) => containerSummary(engine, container, true)),
    Volumes: [...engine.volumes.values()].map((volume) => ({
      ...volumeJson(volume),
      UsageData: {
        RefCount: containers.filter(({ mounts }) => mounts.some(({ Name }) => Name === volume.name)).length,
        Size: 0,
      },
    })),
    BuildCache: null,
    BuilderSize: 0,
  });
}

function layersSize({ images }: Engine): number {
  const seen = new Set<string>();
  let size = 0;
  for (const image of images.values()) {
    const top = image.layers.at(-1)?.diffId ?? image.id;
    if (!seen.has(top)) size += image.size;
    seen.add(top);
  }
  return size;
}

const authShape = struct('types.AuthConfig', {
  username: text,
  password: text,
  auth: text,
  email: text,
  serveraddress: text,
  identitytoken: text,
  registrytoken: text,
});

async function auth(call: Call): Promise<void> {
  const { bytes } = await call.exchange.body();
  let told: ReturnType<typeof pick>;
  try {
    told = pick(await readBody(call, authShape, 'old'));
  } finally {
    await call.record('auth', {
      raw: bytes,
      texts: [],
      data: {
        user: told?.username ?? '',
        password: told?.password ?? '',
        server: told?.serveraddress ?? '',
        auth: told,
      },
    });
  }
  const server = told?.serveraddress?.replace(/^https?:\/\//, '').split('/', 1)[0] ?? 'docker.io';
  requireReachable({ domain: server, path: '' });
  await new Promise((resolve) => setTimeout(resolve, 300));
  respondJson(call, 200, { IdentityToken: '', Status: 'Login Succeeded' });
}
