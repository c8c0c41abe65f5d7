/** `/api/topology`: the topologies with their filters and sizes (`MakeRegistry` of 1.13). */
import type { Estate } from './estate.ts';
import { topologies } from './topology.ts';

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly rank: number;
  readonly hide?: true;
  readonly options?: readonly unknown[];
  readonly sub?: readonly Listed[];
}

function option(id: string, initial: string, ...choices: readonly (readonly [string, string])[]) {
  return { defaultValue: initial, id, options: choices.map(([value, label]) => ({ label, value })) };
}

const unmanaged = option('pseudo', 'hide', ['show', 'Show unmanaged'], ['hide', 'Hide unmanaged']);
const unconnected = option('unconnected', 'hide', ['show', 'Show unconnected'], ['hide', 'Hide unconnected']);
const containerOptions = [
  option(
    'system',
    'application',
    ['all', 'All'],
    ['system', 'System containers'],
    ['application', 'Application containers'],
  ),
  option(
    'stopped',
    'running',
    ['stopped', 'Stopped containers'],
    ['running', 'Running containers'],
    ['both', 'Both'],
  ),
  option('pseudo', 'hide', ['show', 'Show uncontained'], ['hide', 'Hide uncontained']),
];

/** Sorted by name, as they are registered (`MakeRegistry`). */
const listed: readonly Listed[] = [
  {
    id: 'containers',
    name: 'Containers',
    rank: 2,
    options: containerOptions,
    sub: [
      { id: 'containers-by-hostname', name: 'by DNS name', rank: 0, options: containerOptions },
      { id: 'containers-by-image', name: 'by image', rank: 0, options: containerOptions },
    ],
  },
  { id: 'hosts', name: 'Hosts', rank: 4, sub: [{ id: 'weave', name: 'Weave Net', rank: 0 }] },
  {
    id: 'pods',
    name: 'Pods',
    rank: 3,
    hide: true,
    options: [
      option('snapshot', 'hide', ['show', 'Show snapshots'], ['hide', 'Hide snapshots']),
      option('storage', 'hide', ['show', 'Show storage'], ['hide', 'Hide storage']),
      unmanaged,
    ],
    sub: [
      { id: 'kube-controllers', name: 'Controllers', rank: 0, hide: true, options: [unmanaged] },
      { id: 'services', name: 'Services', rank: 0, hide: true, options: [unmanaged] },
    ],
  },
  {
    id: 'processes',
    name: 'Processes',
    rank: 1,
    hide: true,
    options: [unconnected],
    sub: [{ id: 'processes-by-name', name: 'by name', rank: 0, hide: true, options: [unconnected] }],
  },
  { id: 'swarm-services', name: 'Services', rank: 3, hide: true, options: [unmanaged] },
  {
    id: 'ecs-tasks',
    name: 'Tasks',
    rank: 3,
    hide: true,
    options: [unmanaged],
    sub: [{ id: 'ecs-services', name: 'Services', rank: 0, hide: true, options: [unmanaged] }],
  },
];

/** `/api/topology`. */
export function topologyList(estate: Estate, options: URLSearchParams): unknown {
  const described = ({ id, name, rank, hide, options: filters, sub }: Listed): unknown => {
    const count = topologies[id]!(estate, options).length;
    return {
      hide_if_empty: hide === true,
      name,
      options: filters ?? null,
      rank,
      stats: { edge_count: 0, filtered_nodes: 0, node_count: count, nonpseudo_node_count: count },
      ...(sub !== undefined && { sub_topologies: sub.map(described) }),
      url: `/api/topology/${id}`,
    };
  };
  return listed.map(described);
}
