/**
 * The sample registry in a process of its own, as a registry is on another machine: `node registry.ts COUNT [BYTES]`,
 * with an application of so many bytes in each image.
 */
import { withApplications } from '../../lab/applications.ts';
import { serveRegistry } from '../../lab/registry.ts';
import { sampleImages } from '../../lab/sample-images.ts';

const [count, bytes] = process.argv.slice(2).map(Number);
const images = sampleImages(count ?? 0);
const { host } = await serveRegistry(bytes ? withApplications(images, bytes) : images);
process.stdout.write(`${host}\n`);
