/**
 * Applications of people's kind and size for the sample images: what `npm install` puts into a layer. They are the
 * packages that Waterguard runs with, so code, maps, types and data as others have them.
 */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SampleImage } from './sample-images.ts';
import { file, type TarEntry } from './tar-builder.ts';

/** Larger files, which are programs, would be a whole application by themselves. */
const largest = 4 * 2 ** 20;

/**
 * Each image with one more layer of at least `bytes`, in which no file is one of another image: a line at its end says
 * whose it is. Images are made when they are asked for, as all of them together are large.
 */
export function* withApplications(images: Iterable<SampleImage>, bytes: number): Generator<SampleImage> {
  const files = endlessly(packageFiles());
  let number = 0;
  for (const image of images) {
    const layer = applicationOf(number++, bytes, files);
    const { layers, history = [] } = image.spec;
    yield {
      ...image,
      spec: { ...image.spec, layers: [...layers, layer], history: [...history, 'RUN npm ci # buildkit'] },
    };
  }
}

function applicationOf(number: number, bytes: number, files: Iterator<string>): TarEntry[] {
  const entries: TarEntry[] = [];
  for (let size = 0; size < bytes; ) {
    const path = files.next().value as string;
    const mark = Buffer.from(`\n// ${number} ${entries.length}\n`);
    const content = Buffer.concat([readFileSync(join(packages, path)), mark]);
    entries.push(file(`srv/service/node_modules/${path}`, content));
    size += content.length;
  }
  return entries;
}

function* endlessly<Item>(items: readonly Item[]): Generator<Item> {
  if (items.length === 0) throw new Error('no packages beside this one');
  for (;;) yield* items;
}

const packages = packagesFolder();

function packagesFolder(): string {
  const one = fileURLToPath(import.meta.resolve('commander'));
  return one.slice(0, one.lastIndexOf('node_modules') + 'node_modules'.length);
}

/** In an order that every machine has, and without the caches that tools keep there. */
function packageFiles(): string[] {
  return readdirSync(packages, { recursive: true, encoding: 'utf8' })
    .filter((path) => !path.startsWith('.') && isWanted(join(packages, path)))
    .sort();
}

function isWanted(path: string): boolean {
  const found = lstatSync(path);
  return found.isFile() && found.size <= largest;
}
