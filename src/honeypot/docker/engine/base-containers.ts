/** Containers of a persona: those of its project that run, as the host's process table has them, and some that ended. */
import type { Persona } from '../../persona/persona.ts';
import type { Random } from '../../persona/random.ts';
import { Quota } from '../../world/files/quota.ts';
import { serverProcesses } from '../../world/systems/processes.ts';
import type { RunningContainer } from '../../world/systems/running-containers.ts';
import { argumentsOf, mergeConfig } from './config.ts';
import { type Container, type Endpoint, noEndpoint } from './container.ts';
import { hostConfigOf } from './host-config.ts';
import type { Image } from './image.ts';
import { Logs } from './logs.ts';
import { type MountPoint, volumeSource } from './mounts.ts';
import { randomName } from './names.ts';
import { macOf, type Network } from './networks.ts';

const minute = 60_000;
/** Of containers that each source gets a copy of: nothing is written to their logs. */
const noQuota = new Quota(0);

/** What a container of the project belongs to. */
export interface Place {
  readonly persona: Persona;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Among those of the project. */
  readonly index: number;
  readonly project: string;
  readonly network: Network;
  readonly image: Image;
  /** A volume of the project, and where it is in the container. */
  readonly mount: { readonly volume: string; readonly place: string } | undefined;
}

export function runningOf(
  one: RunningContainer,
  { persona, now, index, project, network, image, mount }: Place,
): Container {
  const random = persona.random(`docker/container/${one.name}`);
  const service = one.name.split('-')[1]!;
  const started = Math.max(one.createdAt + 700, persona.bootedAt(now) + 20_000 + index * 1300);
  const inspected = argumentsOf(image.config).join(' ') === one.command.join(' ');
  const endpoint: Endpoint = {
    networkId: network.id,
    endpointId: random.hex(64),
    address: one.address,
    gateway: '172.18.0.1',
    prefix: 16,
    mac: macOf(one.address),
    aliases: [service, one.id.slice(0, 12)],
  };
  const mounts: MountPoint[] =
    mount === undefined
      ? []
      : [
          {
            Type: 'volume',
            Name: mount.volume,
            Source: volumeSource(mount.volume),
            Destination: mount.place,
            Driver: 'local',
            Mode: 'z',
            RW: true,
            Propagation: '',
          },
        ];
  const own = inspected ? {} : commandOf(one, image);
  const ports = Object.fromEntries(one.ports.map(({ inside }) => [`${inside}/tcp`, {}]));
  const bindings = Object.fromEntries(
    one.ports.flatMap(({ inside, host }) =>
      host === undefined ? [] : [[`${inside}/tcp`, [{ HostIp: '', HostPort: String(host) }]]],
    ),
  );
  return {
    id: one.id,
    name: one.name,
    created: { at: one.createdAt, nanoseconds: random.int(0, 999_999) },
    image,
    imageName: one.image,
    cost: 0,
    config: mergeConfig(
      {
        ...own,
        Hostname: one.id.slice(0, 12),
        AttachStdout: true,
        AttachStderr: true,
        ExposedPorts: ports,
        Image: one.image,
        Labels: composeLabels(project, service, image.id, random),
      },
      image.config,
    ),
    hostConfig: hostConfigOf(
      {
        Binds: mount && [`${mount.volume}:${mount.place}:rw`],
        NetworkMode: network.name,
        PortBindings: bindings,
        RestartPolicy: { Name: random.pick(['always', 'unless-stopped']) },
      },
      41,
    ),
    mounts,
    endpoints: new Map([[network.name, endpoint]]),
    status: 'running',
    pid: pidOf(one, persona, now),
    exitCode: 0,
    error: '',
    startedAt: { at: started, nanoseconds: random.int(0, 999_999) },
    finishedAt:
      started > one.createdAt + 60_000
        ? { at: persona.bootedAt(now) - 40_000, nanoseconds: random.int(0, 999_999) }
        : undefined,
    restarts: 0,
    isStopped: false,
    logs: new Logs(noQuota),
    sandbox: random.hex(64),
    execs: new Set(),
    watchers: new Set(),
    isOwn: true,
    isEmulated: false,
  };
}

function commandOf(
  one: RunningContainer,
  image: Image,
): { Entrypoint?: readonly string[]; Cmd: readonly string[] } {
  const entrypoint = image.config.Entrypoint ?? [];
  const isBehind = entrypoint.length > 0 && one.command[0] === entrypoint[0];
  return { Cmd: isBehind ? one.command.slice(entrypoint.length) : one.command };
}

function composeLabels(
  project: string,
  service: string,
  image: string,
  random: Random,
): Record<string, string> {
  return {
    'com.docker.compose.config-hash': random.hex(64),
    'com.docker.compose.container-number': '1',
    'com.docker.compose.depends_on': '',
    'com.docker.compose.image': image,
    'com.docker.compose.oneoff': 'False',
    'com.docker.compose.project': project,
    'com.docker.compose.project.config_files': `/opt/${project}/docker-compose.yml`,
    'com.docker.compose.project.working_dir': `/opt/${project}`,
    'com.docker.compose.service': service,
    'com.docker.compose.version': '2.17.2',
  };
}

/** As the host's process table has it. */
function pidOf(one: RunningContainer, persona: Persona, now: number): number {
  const args = one.processes[0]!.slice(1).join(' ');
  return serverProcesses(persona, now).find((process) => process.args.join(' ') === args)?.pid ?? 0;
}

/** What somebody ran once and left. */
export function endedOf(
  project: string,
  imageFor: (name: string) => Image,
  persona: Persona,
  random: Random,
  now: number,
): Container[] {
  const kinds = [
    { image: 'busybox:latest', cmd: ['df', '-h'] },
    { image: 'alpine:3.18', cmd: ['wget', '-qO-', `http://${project}-api:3000/health`] },
    { image: 'hello-world:latest', cmd: ['/hello'] },
    { image: 'debian:bookworm-slim', cmd: ['bash'] },
  ];
  return random.some(kinds, random.int(1, 2)).map(({ image: name, cmd }): Container => {
    const image = imageFor(name);
    const age = random.int(2 * 1440, 60 * 1440) * minute;
    const at = Math.max(persona.installedAt + 60 * minute, now - age);
    const id = random.hex(64);
    return {
      id,
      name: seededName(random),
      created: { at, nanoseconds: random.int(0, 999_999) },
      image,
      imageName: name,
      cost: 0,
      config: mergeConfig(
        { Hostname: id.slice(0, 12), AttachStdout: true, AttachStderr: true, Cmd: cmd, Image: name },
        image.config,
      ),
      hostConfig: hostConfigOf({}, 41),
      mounts: [],
      endpoints: new Map([['bridge', noEndpoint]]),
      status: 'exited',
      pid: 0,
      exitCode: random.pick([0, 0, 0, 1]),
      error: '',
      startedAt: { at: at + 400, nanoseconds: random.int(0, 999_999) },
      finishedAt: { at: at + 900 + random.int(0, 40_000), nanoseconds: random.int(0, 999_999) },
      restarts: 0,
      isStopped: false,
      logs: new Logs(noQuota),
      sandbox: random.hex(64),
      execs: new Set(),
      watchers: new Set(),
      isOwn: true,
      isEmulated: false,
    };
  });
}

function seededName(random: Random): string {
  return randomName(
    () => false,
    (list) => random.pick(list),
  );
}
