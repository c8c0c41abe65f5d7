/** The files and processes of containers. */

import { FileError } from '../../world/files/node.ts';
import { View } from '../../world/files/view.ts';
import { now, type Process, type World } from '../../world/world.ts';
import { makeFolder } from '../archive/extract.ts';
import type { Container } from './container.ts';
import type { Engine } from './engine.ts';

/** Made when it is first needed. */
export function worldOf(engine: Engine, container: Container): World {
  if (container.world !== undefined) return container.world;
  const { hostConfig, image, config } = container;
  const world = engine.runtime.createContainer(engine.host(), {
    id: container.id,
    ...(hostConfig.NetworkMode !== 'host' && { hostname: config.Hostname }),
    image: image.origin,
    isForeign: !image.isKnown,
    privileged: hostConfig.Privileged,
    hostNetwork: hostConfig.NetworkMode === 'host',
    hostPid: hostConfig.PidMode === 'host',
    env: config.Env ?? [],
    binds: container.mounts.flatMap(({ Type, Source, Destination, RW }) =>
      Type === 'tmpfs' ? [] : [{ source: Source, target: Destination, readOnly: !RW }],
    ),
  });
  container.world = world;
  const inside = new View(world.files);
  for (const [path, node] of image.files) {
    try {
      makeFolder(inside, path.slice(0, path.lastIndexOf('/')) || '/');
      world.files.put(path, node);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
    }
  }
  makeFolder(inside, container.config.WorkingDir || '/');
  return world;
}

/** Puts a process that is only said to run among those that `ps` shows, if it is not there. @returns takes it out again */
export function showProcess(world: World, args: readonly string[]): () => void {
  const line = args.join(' ');
  if (world.processes.some((one) => one.args.join(' ') === line)) return () => {};
  const shown: Process = {
    pid: world.nextPid,
    ppid: 0,
    user: 'root',
    args,
    startedAt: now(world),
    memory: 4200,
    cpu: 0,
  };
  world.processes.push(shown);
  world.nextPid += 6;
  return () => hideProcesses(world, [shown]);
}

export function hideProcesses(world: World | undefined, some: readonly Process[]): void {
  for (const one of some) {
    const at = world?.processes.indexOf(one) ?? -1;
    if (at >= 0) world!.processes.splice(at, 1);
  }
}
