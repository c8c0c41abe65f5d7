/** Which cluster a persona runs: its nodes, name spaces and applications. The persona's own host is the control plane. */

import { type Release, releaseOf } from '../persona/kubernetes-release.ts';
import type { Persona } from '../persona/persona.ts';
import type { Random } from '../persona/random.ts';

export interface Node {
  readonly name: string;
  readonly address: string;
  readonly isControlPlane: boolean;
  /** Of its pods: the third number of 10.244.x.0/24. */
  readonly subnet: number;
}

export interface App {
  readonly name: string;
  readonly namespace: string;
  readonly image: string;
  readonly port: number;
  readonly replicas: number;
  readonly isStateful: boolean;
  /** The secret whose values are its environment. */
  readonly secret?: string;
  readonly args?: readonly string[];
}

export interface Plan {
  readonly persona: Persona;
  readonly release: Release;
  /** When kubeadm set it up, in milliseconds since 1970. */
  readonly createdAt: number;
  readonly nodes: readonly Node[];
  /** Beside those of Kubernetes. */
  readonly namespaces: readonly string[];
  readonly apps: readonly App[];
  /** `orders`, `shop`: what the applications belong to. */
  readonly project: string;
}

const day = 86_400_000;

const stages = ['production', 'prod', 'staging', 'live', 'apps', 'backend'] as const;

interface Kind {
  readonly role: string;
  readonly image: string;
  readonly port: number;
  readonly isStateful?: boolean;
  readonly hasSecret?: boolean;
  readonly args?: readonly string[];
}

const kinds: readonly Kind[] = [
  { role: 'web', image: 'nginx:1.25.3', port: 80 },
  { role: 'frontend', image: 'nginx:1.25-alpine', port: 80 },
  { role: 'api', image: 'node:18-slim', port: 3000, hasSecret: true, args: ['node', 'server.js'] },
  {
    role: 'backend',
    image: 'python:3.11-slim',
    port: 8000,
    hasSecret: true,
    args: ['gunicorn', 'app:app', '-b', '0.0.0.0:8000'],
  },
  {
    role: 'worker',
    image: 'python:3.11-slim',
    port: 9100,
    hasSecret: true,
    args: ['celery', '-A', 'tasks', 'worker'],
  },
  { role: 'postgres', image: 'postgres:15.4', port: 5432, isStateful: true, hasSecret: true },
  { role: 'redis', image: 'redis:7.0-alpine', port: 6379, isStateful: true },
  { role: 'rabbitmq', image: 'rabbitmq:3.12-management', port: 5672, isStateful: true, hasSecret: true },
];

export function planOf(persona: Persona): Plan {
  const random = persona.random('kubernetes/plan');
  const release = releaseOf(persona);
  const createdAt = Math.max(
    persona.installedAt + 3 * 3_600_000,
    Date.parse(release.built) + random.int(3, 40) * day,
  );
  const { project } = persona;
  const stage = random.pick(stages);
  const namespaces = [
    stage,
    ...random.some(['monitoring', 'ingress-nginx', 'default'], random.int(0, 1)),
  ].filter((name) => name !== 'default');
  const chosen = [
    kinds[random.int(0, 1)]!,
    kinds[random.int(2, 3)]!,
    kinds[5]!,
    ...random.some([kinds[4]!, kinds[6]!, kinds[7]!], random.int(1, 2)),
  ];
  const apps = chosen.map((kind): App => {
    const name = `${project}-${kind.role}`;
    return {
      name,
      namespace: stage,
      image: kind.image,
      port: kind.port,
      replicas: kind.isStateful === true ? 1 : random.int(1, 3),
      isStateful: kind.isStateful === true,
      ...(kind.hasSecret === true && { secret: `${name}-credentials` }),
      ...(kind.args !== undefined && { args: kind.args }),
    };
  });
  return { persona, release, createdAt, nodes: nodesOf(persona, random), namespaces, apps, project };
}

/** Workers have names after the manner of the host's. */
function nodesOf(persona: Persona, random: Random): Node[] {
  const { hostname, network } = persona;
  const nodes: Node[] = [{ name: hostname, address: network.address, isControlPlane: true, subnet: 0 }];
  const [a, b, c, d] = network.address.split('.').map(Number) as [number, number, number, number];
  const count = random.int(1, 2);
  for (let index = 1; index <= count; index++) {
    const address = `${a}.${b}.${(c & 0xf0) + random.int(0, 15)}.${((d + index * random.int(11, 60)) % 245) + 5}`;
    const name = hostname.startsWith('ip-')
      ? `ip-${address.replaceAll('.', '-')}`
      : hostname.replace(/(?:-?\d+|-[a-z0-9]{5})$/, '') + `-${index + 1}`;
    if (nodes.some((one) => one.name === name || one.address === address)) continue;
    nodes.push({ name, address, isControlPlane: false, subnet: index });
  }
  return nodes;
}
