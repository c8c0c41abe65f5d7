/** Scope's topologies of the machine: which nodes they have, and all that is known of one. */
import type { Process } from '../world/world.ts';
import { type Control, controlsOf, hostControls } from './controls.ts';
import type { Estate, Seen } from './estate.ts';
import { containerSummary, hostSummary, nameOf, processSummary, row, type Summary } from './summaries.ts';

/** Topologies by name; each makes its nodes. */
export const topologies: Readonly<
  Record<string, (estate: Estate, options: URLSearchParams) => readonly Summary[]>
> = {
  processes: (estate, options) => processesOf(estate, options).map((one) => processSummary(estate, one)),
  'processes-by-name': (estate, options) => {
    const groups = grouped(processesOf(estate, options), nameOf);
    return [...groups].map(([name, list]) => ({
      id: name,
      label: name,
      labelMinor: counted(list.length, 'process', 'processes'),
      rank: name,
      shape: 'square',
      stack: true,
    }));
  },
  containers: (estate, options) => shown(estate, options).map((one) => containerSummary(estate, one)),
  'containers-by-hostname': (estate, options) =>
    shown(estate, options).map(({ id }) => ({
      id: id.slice(0, 12),
      label: id.slice(0, 12),
      labelMinor: '1 container',
      rank: id.slice(0, 12),
      shape: 'hexagon',
      stack: true,
    })),
  'containers-by-image': (estate, options) => {
    const groups = grouped(shown(estate, options), ({ image }) => image.split(':')[0]!);
    return [...groups].map(([name, list]) => ({
      id: `${name};<container_image>`,
      label: name,
      labelMinor: counted(list.length, 'container', 'containers'),
      rank: name,
      shape: 'hexagon',
      stack: true,
      metadata: [row('container', '# Containers', String(list.length), 2, { dataType: 'number' })],
    }));
  },
  hosts: (estate) => [hostSummary(estate)],
  pods: () => [],
  'kube-controllers': () => [],
  services: () => [],
  'ecs-tasks': () => [],
  'ecs-services': () => [],
  'swarm-services': () => [],
  weave: () => [],
};

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

function grouped<T>(list: readonly T[], name: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of list) groups.set(name(one), [...(groups.get(name(one)) ?? []), one]);
  return groups;
}

/** As the filters choose them; those of the system are none of them. */
function shown({ containers }: Estate, options: URLSearchParams): readonly Seen[] {
  const stopped = options.get('stopped') ?? 'running';
  const isWanted = ({ state }: Seen): boolean =>
    stopped === 'both' || (state === 'exited') === (stopped === 'stopped');
  return options.get('system') === 'system' ? [] : [...containers.values()].filter(isWanted);
}

/** Processes shown at once. */
const mostProcesses = 500;

/** Without a filter, those that talk to others. */
function processesOf({ host }: Estate, options: URLSearchParams): readonly Process[] {
  const isConnected = ({ args: [program = ''] }: Process): boolean =>
    /dockerd|sshd|redis-server|postgres|docker-proxy|nginx|node/.test(program);
  return host.processes
    .filter((one) => options.get('unconnected') === 'show' || isConnected(one))
    .slice(0, mostProcesses);
}

/** All that Scope knows of one node; undefined for a node that is not there. */
export function nodeOf(estate: Estate, topology: string, id: string): unknown {
  const everything = new URLSearchParams({ stopped: 'both', unconnected: 'show' });
  const summary = topologies[topology]?.(estate, everything).find((one) => one.id === id);
  if (summary === undefined) return undefined;
  const container = estate.containers.get(id);
  const controls = topology === 'hosts' ? hostControls : container === undefined ? [] : controlsOf(container);
  const children = topology === 'hosts' ? topologies.containers!(estate, everything) : [];
  return {
    ...summary,
    controls: controls.map((control) => wired(estate, id, control)),
    ...(children.length > 0 && {
      children: [
        {
          id: '',
          label: 'Containers',
          nodes: children,
          topologyId: 'containers',
          columns: [
            { id: 'docker_cpu_total_usage', label: 'CPU', defaultSort: false, dataType: 'number' },
            { id: 'docker_memory_usage', label: 'Memory', defaultSort: false, dataType: 'number' },
          ],
        },
      ],
    }),
    connections: ['incoming', 'outgoing'].map((way) => ({
      id: `${way}-connections`,
      topologyId: topology,
      label: way === 'incoming' ? 'Inbound' : 'Outbound',
      columns: [
        { id: 'port', label: 'Port', defaultSort: false, dataType: 'number' },
        { id: 'count', label: 'Count', defaultSort: true, dataType: 'number' },
      ],
      connections: [],
    })),
  };
}

function wired(estate: Estate, node: string, { confirmation, ...control }: Control) {
  const { id, human, icon, rank } = control;
  return {
    probeId: estate.probeId,
    nodeId: node,
    id,
    human,
    icon,
    ...(confirmation !== undefined && { confirmation }),
    rank,
  };
}
