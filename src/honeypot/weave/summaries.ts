/** One node as Scope sums it up, in the form of `render/detailed` of 1.13. */
import { loadOf, memoryOf, processorTimeOf, uptimeOf } from '../world/systems/machine.ts';
import { now, type Process } from '../world/world.ts';
import { Float } from './encode.ts';
import { containerNode, type Estate, hostNode, type Seen } from './estate.ts';

export interface Summary {
  readonly id: string;
  readonly label: string;
  readonly labelMinor: string;
  readonly rank: string;
  readonly shape: string;
  readonly stack?: true;
  readonly metadata?: readonly unknown[];
  readonly parents?: readonly Parent[];
  readonly metrics?: readonly unknown[];
  readonly adjacency?: readonly string[];
}

interface Parent {
  readonly id: string;
  readonly label: string;
  readonly topologyId: string;
}

export const version = '1.13.2';

/** A line of a node's details. */
export function row(
  id: string,
  label: string,
  value: string,
  priority: number,
  more: { dataType?: string; truncate?: number } = {},
) {
  return { id, label, value, priority: new Float(priority), ...more };
}

function metric(
  id: string,
  label: string,
  value: number,
  max: number,
  priority: number,
  more: { format?: string; group?: string } = {},
) {
  const { format, group } = more;
  return {
    id,
    label,
    ...(format !== undefined && { format }),
    ...(group !== undefined && { group }),
    value: new Float(value),
    priority: new Float(priority),
    samples: null,
    min: new Float(0),
    max: new Float(max),
    url: '',
  };
}

export function containerSummary(estate: Estate, container: Seen): Summary {
  const { host } = estate;
  const { id, name, image, state, restarts, createdAt, startedAt, address, ports } = container;
  const [repository = image, tag = 'latest'] = image.split(':');
  const uptime = Math.max(0, Math.floor((now(host) - startedAt) / 1000));
  const random = host.persona.random(`weave/usage/${id}`);
  const memory = random.int(8, 180) * 1_048_576 + random.int(0, 1_048_575);
  return {
    id: containerNode(id),
    label: name,
    labelMinor: host.hostname,
    rank: repository,
    shape: 'hexagon',
    metadata: [
      row('docker_image_name', 'Image name', repository, 1),
      row('docker_image_tag', 'Image tag', tag, 2),
      row('docker_container_id', 'ID', id, 3, { truncate: 12 }),
      row('docker_container_state_human', 'State', stateText(state, uptime), 4),
      row('docker_container_command', 'Command', container.command.join(' '), 5),
      ...(state === 'exited'
        ? []
        : [row('docker_container_uptime', 'Uptime', String(uptime), 12, { dataType: 'duration' })]),
      row('docker_container_restart_count', 'Restart #', String(restarts), 13),
      row('docker_container_networks', 'Networks', `${name.split('-')[0]}_default`, 14),
      row('docker_container_ips', 'IPs', address, 15),
      ...(ports.length === 0
        ? []
        : [row('docker_container_ports', 'Ports', ports.map(portText).join(', '), 16)]),
      row('docker_container_created', 'Created', goTime(createdAt), 17, { dataType: 'datetime' }),
    ],
    parents: [
      { id: `${repository};<container_image>`, label: repository, topologyId: 'containers-by-image' },
      { id: hostNode(estate), label: host.hostname, topologyId: 'hosts' },
    ],
    ...(state !== 'exited' && {
      metrics: [
        metric(
          'docker_cpu_total_usage',
          'CPU',
          random.int(1, 4000) / 1000,
          100 * host.persona.machine.cores,
          1,
          { format: 'percent' },
        ),
        metric('docker_memory_usage', 'Memory', memory, host.persona.machine.memoryKiB * 1024, 2, {
          format: 'filesize',
        }),
      ],
    }),
  };
}

function portText({ host, inside }: Seen['ports'][number]): string {
  return host === undefined ? `${inside}/tcp` : `0.0.0.0:${host}->${inside}/tcp`;
}

/** As Docker's own words for a state. */
function stateText(state: Seen['state'], seconds: number): string {
  if (state === 'exited') return 'Exited (0) Less than a second ago';
  const days = Math.floor(seconds / 86_400);
  const text =
    days >= 14
      ? `${Math.floor(days / 7)} weeks`
      : days >= 2
        ? `${days} days`
        : seconds >= 7200
          ? `${Math.floor(seconds / 3600)} hours`
          : seconds >= 120
            ? `${Math.floor(seconds / 60)} minutes`
            : 'About a minute';
  return state === 'paused' ? `Up ${text} (Paused)` : `Up ${text}`;
}

function goTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.?0*Z$/, 'Z');
}

export function hostSummary(estate: Estate): Summary {
  const { host } = estate;
  const { persona } = host;
  const [label = host.hostname, ...domain] = host.hostname.split('.');
  const memory = memoryOf(host);
  const { busy, idle } = processorTimeOf(host);
  const { address, prefix } = persona.network;
  // Of the last second, which nothing else shows.
  const share = (100 * busy * (0.6 + 0.8 * Math.random())) / (busy + idle);
  return {
    id: hostNode(estate),
    label,
    labelMinor: domain.join('.'),
    rank: domain.join('.'),
    shape: 'circle',
    metadata: [
      row('kernel_version', 'Kernel version', `${persona.kernel.release} ${persona.kernel.version}`, 1),
      row('uptime', 'Uptime', String(Math.floor(uptimeOf(host))), 2, { dataType: 'duration' }),
      row('host_name', 'Hostname', host.hostname, 11),
      row('os', 'OS', 'linux', 12),
      row(
        'local_networks',
        'Local networks',
        `127.0.0.0/8, 172.17.0.0/16, 172.18.0.0/16, ${networkOf(address, prefix)}`,
        13,
      ),
      row('host_scope_version', 'Scope version', version, 14),
    ],
    metrics: [
      metric('host_cpu_usage_percent', 'CPU', share, 100, 1, { format: 'percent' }),
      metric(
        'host_mem_usage_bytes',
        'Memory',
        (memory.total - memory.free - memory.buffers - memory.cached) * 1024,
        memory.total * 1024,
        2,
        { format: 'filesize' },
      ),
      metric('load1', 'Load (1m)', loadOf(host)[0], Math.max(1, loadOf(host)[0]), 11, { group: 'load' }),
    ],
  };
}

function networkOf(address: string, prefix: number): string {
  const whole = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const first = Math.floor(whole / 2 ** (32 - prefix)) * 2 ** (32 - prefix);
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${prefix}`;
}

export function nameOf({ args: [program = ''] }: Process): string {
  return program.startsWith('[')
    ? program.slice(1, -1)
    : program.replace(/^.*\/(?=[^/ ]*(?: |$))/, '').split(/[: ]/)[0]!;
}

export function processSummary(estate: Estate, process: Process): Summary {
  const { host } = estate;
  const { pid, ppid, args, memory, cpu } = process;
  return {
    id: `${host.hostname};${pid}`,
    label: nameOf(process),
    labelMinor: `${host.hostname} (${pid})`,
    rank: nameOf(process),
    shape: 'square',
    metadata: [
      row('pid', 'PID', String(pid), 1, { dataType: 'number' }),
      ...(args[0]?.startsWith('[') ? [] : [row('cmdline', 'Command', args.join(' '), 2)]),
      row('ppid', 'Parent PID', String(ppid), 3, { dataType: 'number' }),
    ],
    parents: [{ id: hostNode(estate), label: host.hostname, topologyId: 'hosts' }],
    metrics: [
      metric(
        'process_cpu_usage_percent',
        'CPU',
        Math.min(2, cpu / 10_000),
        100 * host.persona.machine.cores,
        1,
        { format: 'percent' },
      ),
      metric('process_memory_usage_bytes', 'Memory', memory * 1024, 1.844674407370955e19, 2, {
        format: 'filesize',
      }),
      metric('open_files_count', 'Open files', 3 + (pid % 17), 1_048_576, 3, { format: 'integer' }),
    ],
  };
}
