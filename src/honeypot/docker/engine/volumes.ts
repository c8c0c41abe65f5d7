/** Volumes of the local driver. */

import type { Engine } from './engine.ts';
import { newId } from './engine.ts';
import { badRequest, broken, conflict, diskFull, notFound } from './failure.ts';
import { isVolumeName, nameRefusal, volumeSource } from './mounts.ts';

export interface Volume {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly labels: Readonly<Record<string, string>> | null;
  readonly options: Readonly<Record<string, string>> | null;
}

const mostVolumes = 500;

/** The one of that name, made where there is none. @throws DockerError 400 */
export function volumeFor(engine: Engine, told: Partial<Volume>): Volume {
  const name = told.name || newId();
  const known = engine.volumes.get(name);
  if (known !== undefined) return known;
  if (!isVolumeName(name)) throw badRequest(nameRefusal(name));
  if (engine.volumes.size >= mostVolumes) throw broken(diskFull);
  const volume = { name, createdAt: Date.now(), labels: told.labels ?? null, options: told.options ?? null };
  engine.volumes.set(name, volume);
  engine.events.add({ type: 'volume', action: 'create', id: name, attributes: { driver: 'local' } });
  return volume;
}

export function volumeOf(engine: Engine, name: string): Volume {
  const volume = engine.volumes.get(name);
  if (volume === undefined) throw notFound(`get ${name}: no such volume`);
  return volume;
}

export function removeVolume(engine: Engine, name: string): void {
  volumeOf(engine, name);
  for (const { id, mounts } of engine.containers.values())
    if (mounts.some((mount) => mount.Name === name))
      throw conflict(`remove ${name}: volume is in use - [${id}]`);
  engine.volumes.delete(name);
  engine.events.add({ type: 'volume', action: 'destroy', id: name, attributes: { driver: 'local' } });
}

export function volumeJson({ name, createdAt, labels, options }: Volume): object {
  return {
    CreatedAt: `${new Date(createdAt).toISOString().slice(0, 19)}Z`,
    Driver: 'local',
    Labels: labels,
    Mountpoint: volumeSource(name),
    Name: name,
    Options: options,
    Scope: 'local',
  };
}
