/** Containers that run on the server: what its processes, its /var/lib/docker and `docker ps` agree on. */
import type { Persona } from '../../persona/persona.ts';

export interface RunningContainer {
  /** 64 hex digits. */
  readonly id: string;
  readonly name: string;
  readonly image: string;
  /** As `docker ps` quotes it, without its arguments' end. */
  readonly command: readonly string[];
  readonly ports: readonly { readonly host?: number; readonly inside: number }[];
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly address: string;
  /** User, as the server calls its number, and arguments of its processes; the first is the parent of the others. */
  readonly processes: readonly (readonly [user: string, ...args: string[]])[];
}

type Kind = Pick<RunningContainer, 'image' | 'command' | 'ports' | 'processes'> & { readonly what: string };

const kinds: readonly Kind[] = [
  {
    what: 'web',
    image: 'nginx:1.25-alpine',
    command: ['/docker-entrypoint.sh', 'nginx', '-g', 'daemon off;'],
    ports: [{ host: 80, inside: 80 }],
    processes: [
      ['root', 'nginx: master process nginx -g daemon off;'],
      ['_chrony', 'nginx: worker process'],
      ['_chrony', 'nginx: worker process'],
    ],
  },
  {
    what: 'api',
    image: 'node:20-slim',
    command: ['docker-entrypoint.sh', 'node', 'server.js'],
    ports: [{ host: 3000, inside: 3000 }],
    processes: [['1000', 'node', 'server.js']],
  },
  {
    what: 'db',
    image: 'postgres:15',
    command: ['docker-entrypoint.sh', 'postgres'],
    ports: [{ inside: 5432 }],
    processes: [
      ['999', 'postgres'],
      ['999', 'postgres: checkpointer '],
      ['999', 'postgres: background writer '],
      ['999', 'postgres: walwriter '],
    ],
  },
  {
    what: 'cache',
    image: 'redis:7-alpine',
    command: ['docker-entrypoint.sh', 'redis-server'],
    ports: [{ inside: 6379 }],
    processes: [['999', 'redis-server *:6379']],
  },
  {
    what: 'worker',
    image: 'python:3.11-slim',
    command: ['python', '-m', 'celery', '-A', 'tasks', 'worker'],
    ports: [],
    processes: [
      ['root', 'python', '-m', 'celery', '-A', 'tasks', 'worker'],
      ['root', 'python', '-m', 'celery', '-A', 'tasks', 'worker'],
    ],
  },
];

/** @param now milliseconds since 1970 */
export function runningContainers(persona: Persona, now: number): readonly RunningContainer[] {
  const random = persona.random('running-containers');
  const oldest = Math.max(persona.installedAt, persona.bootedAt(now) - 20 * 86_400_000);
  return random.some(kinds, random.int(2, 4)).map(({ what, ...kind }, index) => ({
    ...kind,
    processes: kind.processes.map(([user, ...args]) => [user === '1000' ? persona.account : user, ...args]),
    id: random.hex(64),
    name: `${persona.project}-${what}-1`,
    createdAt: oldest + random.int(3_600, 500_000) * 1000 + index * 1_700,
    address: `172.18.0.${index + 2}`,
  }));
}
