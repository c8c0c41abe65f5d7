/** How a pull looks: lines of progress as of a real one, paced, and the image is there afterwards. */
import type { AnswerStream } from '../../http/serve.ts';
import { progressMessage, statusMessage } from '../json/progress.ts';
import type { Engine } from './engine.ts';
import { broken } from './failure.ts';
import { type Image, pulledImage } from './image.ts';
import { addImage } from './images.ts';
import { familiar, familiarName, type Reference } from './reference.ts';

/** A registry on the machine itself is not there. */
export function requireReachable({ domain }: Reference): void {
  const loopback = /^(localhost|127(\.\d{1,3}){3})(:(\d{1,5}))?$/.exec(domain);
  if (loopback === null) return;
  const port = loopback[4];
  const address = loopback[1] === 'localhost' ? '127.0.0.1' : loopback[1];
  throw broken(`Get "http://${domain}/v2/": dial tcp ${address}:${port ?? 80}: connect: connection refused`);
}

/** Layers that are loaded at the same time (`max-concurrent-downloads`). */
const parallel = 3;
/** Between two lines of progress, in milliseconds. */
const beat = 100;

/** @returns false where the client has gone, and the image is not there */
export async function sendPull(
  stream: Pick<AnswerStream, 'write'>,
  engine: Engine,
  reference: Reference,
  isKnown: boolean,
): Promise<boolean> {
  const shown = reference.digest === undefined ? reference.tag! : familiar(reference);
  if (!(await stream.write(statusMessage(`Pulling from ${reference.path}`, shown)))) return false;
  const label = familiar(reference);
  const random = engine.persona.random(`docker/image/${label}`);
  const known = isKnown ? engine.images.get(engine.tags.get(label)!) : undefined;
  const image = known ?? pulledImage(reference, random, Date.now());
  const digest = reference.digest ?? `sha256:${engine.persona.random(`docker/digest/${label}`).hex(64)}`;
  if (known === undefined && !(await sendLayers(stream, image))) return false;
  keep(engine, image, reference, digest);
  const verdict = known === undefined ? 'Downloaded newer image for' : 'Image is up to date for';
  await stream.write(statusMessage(`Digest: ${digest}`));
  await stream.write(statusMessage(`Status: ${verdict} ${label}`));
  return true;
}

function keep(engine: Engine, image: Image, reference: Reference, digest: string): void {
  addImage(engine, image);
  if (reference.tag !== undefined) engine.tags.set(familiar(reference), image.id);
  engine.tags.set(`${familiarName(reference)}@${digest}`, image.id);
  engine.events.ofImage('pull', familiar(reference), familiarName(reference));
}

async function sendLayers(stream: Pick<AnswerStream, 'write'>, { layers }: Image): Promise<boolean> {
  const parts = layers.map(({ digest, compressed }) => ({
    id: digest.slice(7, 19),
    total: compressed,
    done: 0,
  }));
  for (const { id } of parts)
    if (!(await stream.write(progressMessage('Pulling fs layer', id)))) return false;
  for (const { id } of parts.slice(parallel)) await stream.write(progressMessage('Waiting', id));
  await wait(beat * 2);
  const total = parts.reduce((sum, part) => sum + part.total, 0);
  // Large ones come faster, so that nobody waits for longer than a few seconds.
  const each = Math.max(400_000, total / 40);
  let complete = 0;
  for (;;) {
    const loading = parts.filter((part) => part.done < part.total).slice(0, parallel);
    if (loading.length === 0) break;
    for (const part of loading) {
      part.done = Math.min(
        part.total,
        part.done + Math.round((each / loading.length) * (0.6 + Math.random() * 0.8)),
      );
      if (!(await stream.write(progressMessage('Downloading', part.id, part.done, part.total)))) return false;
      if (part.done < part.total) continue;
      await stream.write(progressMessage('Verifying Checksum', part.id));
      await stream.write(progressMessage('Download complete', part.id));
    }
    complete = await extractReady(stream, parts, complete);
    await wait(beat);
  }
  return true;
}

/** Layers are unpacked in their order, as soon as those below are. */
async function extractReady(
  stream: Pick<AnswerStream, 'write'>,
  parts: readonly { readonly id: string; readonly total: number; readonly done: number }[],
  from: number,
): Promise<number> {
  let at = from;
  while (at < parts.length && parts[at]!.done >= parts[at]!.total) {
    const { id, total } = parts[at]!;
    const steps = total > 2_000_000 ? 4 : 1;
    for (let step = 1; step <= steps; step++)
      await stream.write(progressMessage('Extracting', id, Math.round((total * step) / steps), total));
    await stream.write(progressMessage('Extracting', id, total, total));
    await stream.write(progressMessage('Pull complete', id));
    at += 1;
  }
  return at;
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
