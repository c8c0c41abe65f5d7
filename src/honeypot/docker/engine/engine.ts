/** The daemon as one source sees it: containers, images, networks and volumes that it made, beside the persona's own. */
import { createHash } from 'node:crypto';
import type { Persona } from '../../persona/persona.ts';
import { FileError } from '../../world/files/node.ts';
import { Quota } from '../../world/files/quota.ts';
import type { World } from '../../world/world.ts';
import { type Moment, momentOf } from '../json/encode.ts';
import { type Base, copyOf } from './base.ts';
import type { Container, Exec } from './container.ts';
import { EventLog } from './events.ts';
import { broken, diskFull, noSuchContainer, noSuchImage, notFound } from './failure.ts';
import type { Image } from './image.ts';
import type { Network } from './networks.ts';
import type { Runtime } from './process.ts';
import { familiar, familiarName, parseReference, type Reference, withDefaultTag } from './reference.ts';
import type { Swarm } from './swarm.ts';
import type { Volume } from './volumes.ts';

export interface Engine {
  readonly persona: Persona;
  readonly runtime: Runtime;
  /** The host that the source sees. */
  host(): World;
  /** By id, the oldest first. */
  readonly containers: Map<string, Container>;
  readonly execs: Map<string, Exec>;
  readonly images: Map<string, Image>;
  /** `alpine:latest` and `alpine@sha256:…` to ids. */
  readonly tags: Map<string, string>;
  /** When an image was given a name here last, by its id. */
  readonly taggedAt: Map<string, Moment>;
  /** For what visitors make: configs, logs, files of images. */
  readonly quota: Quota;
  readonly networks: Map<string, Network>;
  readonly volumes: Map<string, Volume>;
  readonly events: EventLog;
  swarm: Swarm | undefined;
}

/** What one source may make, in bytes. */
const share = 8 << 20;
/** Names of images. */
const mostTags = 2000;

/** @param quota of all engines */
export function createEngine(base: Base, runtime: Runtime, host: () => World, quota: Quota): Engine {
  const own = new Quota(share, quota);
  return {
    ...copyOf(base, own),
    runtime,
    host,
    execs: new Map(),
    taggedAt: new Map(),
    quota: own,
    events: new EventLog(),
    swarm: undefined,
  };
}

/** 64 hex digits that nobody can foretell. */
export function newId(): string {
  return createHash('sha256').update(`${Math.random()}${performance.now()}`).digest('hex');
}

/** By id, by the beginning of it, or by name. @throws DockerError 404 */
export function containerOf(engine: Engine, name: string): Container {
  const exact = engine.containers.get(name);
  if (exact !== undefined) return exact;
  const plain = name.replace(/^\//, '');
  let found: Container | undefined;
  for (const container of engine.containers.values()) {
    if (container.name === plain) return container;
    if (plain !== '' && container.id.startsWith(plain)) {
      if (found !== undefined) throw notFound(`Multiple IDs found with provided prefix: ${plain}`);
      found = container;
    }
  }
  if (found === undefined) throw noSuchContainer(name);
  return found;
}

export function containerNamed(engine: Engine, name: string): Container | undefined {
  for (const container of engine.containers.values()) if (container.name === name) return container;
  return undefined;
}

/** By id, by the beginning of it, or by reference. @throws DockerError 400 or 404 */
export function imageOf(engine: Engine, name: string): Image {
  const id = /^sha256:[0-9a-f]{64}$/.test(name) ? name : `sha256:${name}`;
  const exact = engine.images.get(id);
  if (exact !== undefined) return exact;
  const reference = withDefaultTag(parseReference(name));
  const tagged = engine.tags.get(familiar(reference)) ?? engine.tags.get(familiarDigest(reference));
  if (tagged !== undefined) return engine.images.get(tagged)!;
  if (/^(sha256:)?[0-9a-f]{1,64}$/.test(name))
    for (const image of engine.images.values()) if (image.id.startsWith(id)) return image;
  throw noSuchImage(familiar(reference));
}

function familiarDigest(reference: Reference): string {
  return `${familiarName(reference)}@${reference.digest ?? ''}`;
}

/** Tags and digests of an image, each sorted. */
export function namesOf(engine: Engine, id: string): { readonly tags: string[]; readonly digests: string[] } {
  const tags: string[] = [];
  const digests: string[] = [];
  for (const [name, image] of engine.tags) if (image === id) (name.includes('@') ? digests : tags).push(name);
  return { tags: tags.sort(), digests: digests.sort() };
}

/** Takes room for what a visitor makes. @param bytes @throws DockerError 500 where none is left */
export function charge({ quota }: Engine, bytes: number): void {
  try {
    quota.take(bytes);
  } catch (error) {
    throw error instanceof FileError ? broken(diskFull) : error;
  }
}

/** Gives an image a name, which another may have had. */
export function tag(engine: Engine, name: string, image: Image): void {
  if (engine.tags.size >= mostTags) throw broken(diskFull);
  engine.tags.set(name, image.id);
  engine.taggedAt.set(image.id, momentOf(Date.now()));
  engine.events.ofImage('tag', image.id, name);
}
