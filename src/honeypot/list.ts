/** All decoys. A new one is a folder and a line here; `docs/adding-a-decoy.md` tells how. */
import type { Decoy } from './decoy.ts';

export interface Listed {
  /** By the name that the command line knows them by: where the real service listens. */
  readonly ports: Readonly<Record<string, number>>;
  /** Each is loaded in a process of its own. */
  readonly load: () => Promise<{ readonly decoy: Decoy }>;
}

export const decoys: Readonly<Record<string, Listed>> = {
  docker: { ports: { docker: 2375, 'docker-tls': 2376 }, load: () => import('./docker/decoy.ts') },
  kubelet: { ports: { kubelet: 10250, 'kubelet-ro': 10255 }, load: () => import('./kubelet/decoy.ts') },
  kubernetes: { ports: { kubernetes: 6443 }, load: () => import('./kubernetes/decoy.ts') },
  postgres: { ports: { postgres: 5432 }, load: () => import('./postgres/decoy.ts') },
  redis: { ports: { redis: 6379 }, load: () => import('./redis/decoy.ts') },
  ssh: { ports: { ssh: 22 }, load: () => import('./ssh/decoy.ts') },
  etcd: { ports: { etcd: 2379 }, load: () => import('./etcd/decoy.ts') },
  jupyter: { ports: { jupyter: 8888 }, load: () => import('./jupyter/decoy.ts') },
  imds: { ports: { imds: 80 }, load: () => import('./imds/decoy.ts') },
  weave: { ports: { weave: 4040 }, load: () => import('./weave/decoy.ts') },
  http: { ports: { http: 8080 }, load: () => import('./http-applications/decoy.ts') },
};

/** @throws Error for a name that is not in the list */
export async function loadDecoy(name: string): Promise<Decoy> {
  const listed = decoys[name];
  if (listed === undefined) throw new Error(`there is no decoy ${name}`);
  return (await listed.load()).decoy;
}
