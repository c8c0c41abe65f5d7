/** docker, docker-compose, ctr, kubectl: clients of the engine on the machine itself. */
import { View } from '../../files/view.ts';
import type { Run } from '../../program.ts';
import { createContainer } from '../../systems/container.ts';
import { type RunningContainer, runningContainers } from '../../systems/running-containers.ts';
import { now } from '../../world.ts';
import { Fault, type Tool } from '../tool.ts';

const unreachable =
  'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n';

/** Whether the engine can be reached: on its machine, or through its socket. */
function hasEngine(run: Run): boolean {
  if (run.world.container === undefined)
    return run.world.processes.some(({ args }) => args[0] === '/usr/sbin/dockerd');
  return run.files.exists('/var/run/docker.sock') || run.files.exists('/run/docker.sock');
}

export const docker: Tool = async (run) => {
  const rest = run.args.slice(1);
  while (rest[0]?.startsWith('-') && !/^(-v|--version)$/.test(rest[0])) {
    const option = rest.shift()!;
    if (/^(-H|--host|-c|--context|--config|-l|--log-level)$/.test(option)) {
      const value = rest.shift() ?? '';
      const remote = /^tcp:\/\/([^:/]+)(?::(\d+))?/.exec(value);
      if (remote !== null) {
        run.note({ kind: 'connect', tool: 'docker', host: remote[1]!, port: Number(remote[2] ?? 2375) });
        if (!/^(127\.|localhost)/.test(remote[1]!)) {
          await run.sleep(30_000);
          throw new Fault(
            `error during connect: Get "http://${remote[1]}:${remote[2] ?? 2375}/v1.24/containers/json": dial tcp ${remote[1]}:${remote[2] ?? 2375}: i/o timeout\n`,
            1,
          );
        }
      }
    }
  }
  const [first = '', ...others] = rest;
  const [verb, args] = /^(container|image|volume|network|system)$/.test(first)
    ? [`${others[0] === 'ls' ? (first === 'image' ? 'images' : 'ps') : others[0]}`, others.slice(1)]
    : [first, others];
  if (verb === '-v' || verb === '--version') {
    await run.stdout.write('Docker version 20.10.24+dfsg1, build 297e128\n');
    return 0;
  }
  if (verb === '') {
    await run.stdout.write(
      '\nUsage:  docker [OPTIONS] COMMAND\n\nA self-sufficient runtime for containers\n',
    );
    return 0;
  }
  if (!hasEngine(run)) throw new Fault(unreachable, 1);
  if (run.user.uid !== 0 && run.user.name !== run.world.persona.account)
    throw new Fault(
      'Got permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.24/containers/json": dial unix /var/run/docker.sock: connect: permission denied\n',
      1,
    );
  const list = runningContainers(run.world.persona, now(run.world));
  switch (verb) {
    case 'ps':
      return shown(run, list, args);
    case 'images':
      return images(run, list, args);
    case 'version':
    case 'info':
      return about(run, verb, list);
    case 'pull':
      return pull(run, args.find((arg) => !arg.startsWith('-')) ?? '');
    case 'run':
    case 'create':
      return start(run, args, verb);
    case 'exec':
      return inside(run, args, list);
    case 'stop':
    case 'rm':
    case 'kill':
    case 'restart':
    case 'start':
    case 'rmi':
    case 'pause':
    case 'unpause':
      return named(run, args, list);
    case 'logs':
    case 'network':
    case 'volume':
    case 'system':
    case 'prune':
    case 'login':
    case 'tag':
    case 'build':
    case 'cp':
    case 'stats':
    case 'top':
    case 'inspect':
    case 'save':
    case 'load':
    case 'push':
      return 0;
    default:
      throw new Fault(`docker: '${verb}' is not a docker command.\nSee 'docker --help'\n`, 1);
  }
};

function ago(milliseconds: number): string {
  const hours = Math.floor(milliseconds / 3_600_000);
  if (hours < 1) return `${Math.max(1, Math.floor(milliseconds / 60_000))} minutes`;
  if (hours < 48) return hours === 1 ? 'About an hour' : `${hours} hours`;
  const days = Math.floor(hours / 24);
  return days < 14
    ? `${days} days`
    : days < 60
      ? `${Math.floor(days / 7)} weeks`
      : `${Math.floor(days / 30)} months`;
}

async function shown(run: Run, list: readonly RunningContainer[], args: readonly string[]): Promise<number> {
  if (args.some((arg) => /^-\w*q/.test(arg))) {
    await run.stdout.write(
      list.map(({ id }) => `${args.includes('--no-trunc') ? id : id.slice(0, 12)}\n`).join(''),
    );
    return 0;
  }
  const rows = list.map(({ id, image, command, createdAt, ports, name }) => {
    const line = command.join(' ');
    const age = ago(now(run.world) - createdAt);
    return [
      id.slice(0, 12),
      image,
      `"${line.length > 20 ? `${line.slice(0, 19)}…` : line}"`,
      `${age} ago`,
      `Up ${age}`,
      ports
        .map(({ host, inside }) => (host === undefined ? `${inside}/tcp` : `0.0.0.0:${host}->${inside}/tcp`))
        .join(', '),
      name,
    ];
  });
  await run.stdout.write(
    table([['CONTAINER ID', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'PORTS', 'NAMES'], ...rows]),
  );
  return 0;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, index) => Math.max(...rows.map((row) => row[index]!.length)));
  return rows
    .map(
      (row) =>
        `${row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index]! + 3))).join('')}\n`,
    )
    .join('');
}

async function images(run: Run, list: readonly RunningContainer[], args: readonly string[]): Promise<number> {
  const rows = list.map(({ image }) => {
    const [repository = '', tag = 'latest'] = image.split(':');
    const random = run.world.persona.random(`image/${image}`);
    return [repository, tag, random.hex(12), `${random.int(2, 11)} months ago`, `${random.int(7, 420)}MB`];
  });
  if (args.some((arg) => /^-\w*q/.test(arg)))
    await run.stdout.write(rows.map((row) => `${row[2]}\n`).join(''));
  else await run.stdout.write(table([['REPOSITORY', 'TAG', 'IMAGE ID', 'CREATED', 'SIZE'], ...rows]));
  return 0;
}

async function about(run: Run, verb: string, list: readonly RunningContainer[]): Promise<number> {
  const { kernel, machine, hostname } = run.world.persona;
  if (verb === 'version')
    await run.stdout.write(
      'Client:\n Version:           20.10.24+dfsg1\n API version:       1.41\n Go version:        go1.19.8\n Git commit:        297e128\n Built:             Thu May 18 08:38:34 2023\n OS/Arch:           linux/amd64\n Context:           default\n Experimental:      true\n\nServer:\n Engine:\n  Version:          20.10.24+dfsg1\n  API version:      1.41 (minimum version 1.12)\n  Go version:       go1.19.8\n  Git commit:       5d6db84\n  Built:            Thu May 18 08:38:34 2023\n  OS/Arch:          linux/amd64\n  Experimental:     false\n',
    );
  else
    await run.stdout.write(
      `Client:\n Context:    default\n Debug Mode: false\n\nServer:\n Containers: ${list.length}\n  Running: ${list.length}\n  Paused: 0\n  Stopped: 0\n Images: ${list.length}\n Server Version: 20.10.24+dfsg1\n Storage Driver: overlay2\n Cgroup Driver: systemd\n Cgroup Version: 2\n Kernel Version: ${kernel.release}\n Operating System: Debian GNU/Linux 12 (bookworm)\n OSType: linux\n Architecture: x86_64\n CPUs: ${machine.cores}\n Total Memory: ${(machine.memoryKiB / 1_048_576).toFixed(3)}GiB\n Name: ${hostname}\n Docker Root Dir: /var/lib/docker\n`,
    );
  return 0;
}

async function pull(run: Run, reference: string): Promise<number> {
  if (reference === '')
    throw new Fault('"docker pull" requires exactly 1 argument.\nSee \'docker pull --help\'.\n', 1);
  run.note({ kind: 'image', tool: 'docker', reference });
  await run.sleep(1800);
  const [, tag] = /:([\w.-]+)$/.exec(reference) ?? [];
  const whole = tag === undefined ? `${reference}:latest` : reference;
  const random = run.world.persona.random(`pull/${whole}`);
  await run.stdout.write(
    `${tag === undefined ? 'Using default tag: latest\n' : ''}${tag ?? 'latest'}: Pulling from ${reference.includes('/') ? reference.replace(/:[\w.-]+$/, '') : `library/${reference.replace(/:[\w.-]+$/, '')}`}\n${random.hex(12)}: Pull complete\nDigest: sha256:${random.hex(64)}\nStatus: Downloaded newer image for ${whole}\n${reference.includes('/') ? (reference.split('/')[0]!.includes('.') ? whole : `docker.io/${whole}`) : `docker.io/library/${whole}`}\n`,
  );
  return 0;
}

const withValue =
  /^(-v|--volume|-e|--env|-p|--publish|--name|-h|--hostname|-w|--workdir|-u|--user|--net|--network|--pid|--ipc|--uts|--cap-add|--entrypoint|--restart|-m|--memory|--cpus|--mount|--label|-l|--add-host|--dns|--security-opt|--device|--env-file|--platform|--pull|--log-driver|--log-opt|--tmpfs|--ulimit)$/;

/** Another container, beside the visitor. */
async function start(run: Run, args: readonly string[], verb: string): Promise<number> {
  const rest = [...args];
  const given = new Map<string, string[]>();
  const flags = new Set<string>();
  while (rest[0]?.startsWith('-')) {
    const option = rest.shift()!;
    const [name = '', inline] = option.split(/=(.*)/s);
    const value = withValue.test(name) ? (inline ?? rest.shift() ?? '') : '';
    if (withValue.test(name)) given.set(name, [...(given.get(name) ?? []), value]);
    else flags.add(name);
  }
  const [image, ...command] = rest;
  if (image === undefined)
    throw new Fault('"docker run" requires at least 1 argument.\nSee \'docker run --help\'.\n', 1);
  run.note({ kind: 'image', tool: 'docker', reference: image });
  const id = run.world.persona.random(`docker-run/${run.pid}/${image}`).hex(64);
  const isDetached = [...flags].some((flag) => /^-\w*d|^--detach$/.test(flag)) || verb === 'create';
  if (isDetached) await run.stdout.write(`${id}\n`);
  if (verb === 'create') return 0;
  const server = run.world.host ?? run.world;
  const volumes = [...(given.get('-v') ?? []), ...(given.get('--volume') ?? [])].map((text) =>
    text.split(':'),
  );
  const container = createContainer(server, {
    image,
    id,
    privileged: flags.has('--privileged'),
    hostPid: [...(given.get('--pid') ?? [])].includes('host'),
    hostNetwork: [...(given.get('--net') ?? []), ...(given.get('--network') ?? [])].includes('host'),
    binds: volumes
      .filter((parts) => parts.length > 1)
      .map(([source = '', target = '', mode]) => ({ source, target, readOnly: mode === 'ro' })),
  });
  const words = command.length > 0 ? command : ['/bin/sh'];
  return run.exec(words, {
    world: container,
    files: new View(container.files),
    user: { name: 'root', uid: 0, gid: 0, home: '/root' },
    ...(isDetached && { isDetached: true, stdout: nowhere, stderr: nowhere }),
  });
}

const nowhere = { isTerminal: false, write: () => Promise.resolve() };

async function inside(run: Run, args: readonly string[], list: readonly RunningContainer[]): Promise<number> {
  const rest = [...args];
  while (rest[0]?.startsWith('-'))
    if (/^(-e|-u|-w|--env|--user|--workdir)$/.test(rest.shift()!)) rest.shift();
  const [name = '', ...command] = rest;
  const found = list.find((one) => one.name === name || (name.length > 1 && one.id.startsWith(name)));
  if (found === undefined) throw new Fault(`Error: No such container: ${name}\n`, 1);
  const container = createContainer(run.world.host ?? run.world, {
    image: found.image,
    id: found.id,
    command: found.processes[0]!.slice(1),
  });
  return run.exec(command.length > 0 ? command : ['/bin/sh'], {
    world: container,
    files: new View(container.files),
    user: { name: 'root', uid: 0, gid: 0, home: '/root' },
  });
}

async function named(run: Run, args: readonly string[], list: readonly RunningContainer[]): Promise<number> {
  let exitCode = 0;
  for (const name of args.filter((arg) => !arg.startsWith('-'))) {
    if (list.some((one) => one.name === name || one.id.startsWith(name))) await run.stdout.write(`${name}\n`);
    else {
      exitCode = 1;
      await run.stderr.write(`Error: No such container: ${name}\n`);
    }
  }
  return exitCode;
}

export const kubectl: Tool = async (run) => {
  if (run.args.includes('version')) {
    await run.stdout.write('Client Version: v1.32.3\nKustomize Version: v5.5.0\n');
    return 0;
  }
  const server = /--server[= ](\S+)|-s[= ](https?:\S+)/.exec(run.args.join(' '));
  const url = server?.[1] ?? server?.[2];
  if (url !== undefined) run.note({ kind: 'request', tool: 'kubectl', url });
  throw new Fault(
    url === undefined
      ? 'The connection to the server localhost:8080 was refused - did you specify the right host or port?\n'
      : `Unable to connect to the server: dial tcp: i/o timeout\n`,
    1,
  );
};
