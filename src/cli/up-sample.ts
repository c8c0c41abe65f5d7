/** The first thing to see: a hunt over a registry of harmless samples that this process serves itself. */
import { serveRegistry } from '../lab/registry.ts';
import { sampleImages } from '../lab/sample-images.ts';
import { queueListing } from '../store/hunts.ts';
import type { Started } from './serve.ts';

/** The same at every start, so that the second one finds nothing new. */
const port = 8788;

/** Enough to follow it for a while, few enough to be done soon. */
const images = 120;

export async function huntSamples({ hunts, queue, ruleset, signal }: Started): Promise<void> {
  const registry = await serveRegistry(sampleImages(images), port);
  signal.addEventListener('abort', () => registry.close(), { once: true });
  const source = `registry:${registry.host}`;
  const { id } = await hunts.begin({
    source,
    platform: 'linux/amd64',
    insecure: true,
    ruleset,
    isLocal: false,
    startedBy: 'the sample registry',
    restart: false,
  });
  await queueListing(queue, id, ruleset);
  process.stderr.write(`waterguard: hunting the built-in sample registry at ${registry.host}\n`);
}
