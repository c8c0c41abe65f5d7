/**
 * What one source sees of the machine through Scope: its probe, the containers that run on it, and what became of them
 * since. The containers are those that the process table and the Docker daemon show.
 */
import { type Kept, perWorld } from '../per-world.ts';
import { createContainer } from '../world/systems/container.ts';
import { type RunningContainer, runningContainers } from '../world/systems/running-containers.ts';
import { now, type World } from '../world/world.ts';
import type { Pipe } from './pipe.ts';

export type State = 'running' | 'paused' | 'exited';

export interface Seen extends RunningContainer {
  state: State;
  restarts: number;
  /** Milliseconds since 1970. */
  startedAt: number;
  world?: World;
}

export interface Estate extends Kept {
  readonly host: World;
  /** Of the app, of its one probe. */
  readonly appId: string;
  readonly probeId: string;
  /** By node: `ID;<container>`. */
  readonly containers: Map<string, Seen>;
  readonly pipes: Map<string, Pipe>;
  /** The container from inside; made when somebody first looks. */
  worldOf(container: Seen): World;
  visitors: number;
}

export const estateOf = perWorld(createEstate);

export function hostNode({ host }: Pick<Estate, 'host'>): string {
  return `${host.hostname};<host>`;
}

export function containerNode(id: string): string {
  return `${id};<container>`;
}

function createEstate(host: World): Estate {
  const { persona } = host;
  const random = persona.random('weave/ids');
  // They come back with the machine.
  const restartedAt = persona.bootedAt(now(host)) + random.int(9000, 25_000);
  const containers = runningContainers(persona, now(host)).map((one): [string, Seen] => [
    containerNode(one.id),
    { ...one, state: 'running', restarts: 0, startedAt: Math.max(one.createdAt + 700, restartedAt) },
  ]);
  return {
    host,
    // Positive numbers of 63 bits, in hexadecimal.
    appId: `${random.int(1, 7)}${random.hex(15)}`,
    probeId: `${random.int(1, 7)}${random.hex(15)}`,
    containers: new Map(containers),
    pipes: new Map(),
    visitors: 0,
    worldOf(container) {
      container.world ??= createContainer(host, {
        image: container.image,
        id: container.id,
        command: container.processes[0]!.slice(1),
      });
      return container.world;
    },
    get isInUse() {
      return this.visitors > 0;
    },
    get size() {
      return 16_384 * (1 + this.pipes.size);
    },
    close() {
      for (const pipe of this.pipes.values()) pipe.close();
      for (const { world } of this.containers.values()) world?.close();
    },
  };
}
