/** Which images a source keeps: so many, and of the files that it put into them so many bytes. */
import { FileError, type Node } from '../../world/files/node.ts';
import type { Engine } from './engine.ts';
import { broken, diskFull } from './failure.ts';
import type { Image } from './image.ts';

/** Beside the persona's. */
const mostImages = 200;

/** Keeps an image; without its files where they would be too many. @throws DockerError 500 */
export function addImage(engine: Engine, image: Image): Image {
  if (engine.images.has(image.id)) return image;
  makeRoom(engine);
  let kept = image;
  try {
    engine.quota.take(bytesOf(image.files));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    kept = { ...image, files: new Map() };
  }
  engine.images.set(kept.id, kept);
  return kept;
}

export function forgetImage(engine: Engine, { id, files }: Image): void {
  if (!engine.images.delete(id)) return;
  engine.quota.take(-bytesOf(files));
  engine.taggedAt.delete(id);
  for (const [name, tagged] of engine.tags) if (tagged === id) engine.tags.delete(name);
}

/** The oldest that no container has goes. */
function makeRoom(engine: Engine): void {
  if (engine.images.size < mostImages) return;
  const used = new Set([...engine.containers.values()].map(({ image }) => image.id));
  for (const image of engine.images.values()) {
    if (used.has(image.id)) continue;
    forgetImage(engine, image);
    return;
  }
  throw broken(diskFull);
}

/** What an entry costs beside its content. */
const entryCost = 256;

function bytesOf(files: ReadonlyMap<string, Node>): number {
  let bytes = 0;
  for (const node of files.values())
    bytes +=
      entryCost + (node.kind === 'file' && typeof node.content !== 'function' ? node.content.length : 0);
  return bytes;
}
