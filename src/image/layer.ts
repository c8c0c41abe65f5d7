/**
 * Walks a layer: unpacks its blob, pushes the entries of its tar into a sink, and takes the digest of what was
 * unpacked. The twin of `directory.ts`. Nothing is unpacked to disk.
 */
import { createHash } from 'node:crypto';
import { decompress } from './decompress.ts';
import type { EntrySink } from './entry.ts';
import type { LayerSource } from './image.ts';
import { createTarWalker } from './tar/walker.ts';
import { algorithmOf } from './verify.ts';

export interface LayerOptions {
  /** Resolves when the sink welcomes more. */
  readonly ready: () => Promise<void>;
  readonly signal?: AbortSignal;
}

export interface WalkedLayer {
  /** Of what was unpacked, by the algorithm of the diffID that the configuration states, else SHA-256. */
  readonly diffId: string;
  /** What ended the walk early; the sink has all entries before it. Then `diffId` is that of a part. */
  readonly fault?: unknown;
}

/** Never rejects: whatever fails on the way is the `fault`. */
export async function walkLayer(
  source: LayerSource,
  sink: EntrySink,
  { ready, signal }: LayerOptions,
): Promise<WalkedLayer> {
  const algorithm = source.diffId === '' ? 'sha256' : algorithmOf(source.diffId);
  const digest = createHash(algorithm);
  const walker = createTarWalker(sink, undefined, source.digest);
  let fault: unknown;
  try {
    for await (const chunk of decompress(source.open(signal), undefined, 'passing')) {
      digest.update(chunk);
      walker.push(chunk);
      await ready();
      signal?.throwIfAborted();
    }
  } catch (error) {
    fault = error;
  }
  walker.finish();
  const diffId = `${algorithm}:${digest.digest('hex')}`;
  return fault === undefined ? { diffId } : { diffId, fault };
}
