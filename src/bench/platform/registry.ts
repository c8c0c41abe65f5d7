/** The sample registry in a process of its own, as a registry is on another machine: `node registry.ts COUNT`. */
import { serveRegistry } from '../../lab/registry.ts';
import { sampleImages } from '../../lab/sample-images.ts';

const { host } = await serveRegistry(sampleImages(Number(process.argv[2])));
process.stdout.write(`${host}\n`);
