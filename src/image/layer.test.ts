import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { recordWalk } from '../../test/fixtures/walk-recorder.ts';
import { buildTar, file } from '../lab/tar-builder.ts';
import type { LayerSource } from './image.ts';
import { walkLayer } from './layer.ts';

const tar = buildTar([file('a', 'one'), file('b', 'x'.repeat(3000))]);
const digestOf = (algorithm: string): string =>
  `${algorithm}:${createHash(algorithm).update(tar).digest('hex')}`;

/** @param failure ends the blob */
function layerOf(blob: Buffer, diffId: string, failure?: Error): LayerSource {
  return {
    index: 0,
    digest: 'sha256:blob',
    digestFrom: 'manifest',
    diffId,
    size: blob.length,
    mediaType: '',
    createdBy: '',
    async *open() {
      for (let at = 0; at < blob.length; at += 700) yield blob.subarray(at, at + 700);
      if (failure !== undefined) throw failure;
    },
  };
}

const ready = (): Promise<void> => Promise.resolve();

test('a layer gives its entries and the digest of what was unpacked, by the algorithm of its diffID', async () => {
  for (const algorithm of ['sha256', 'sha384', 'sha512']) {
    const sink = recordWalk();
    const walked = await walkLayer(layerOf(gzipSync(tar), digestOf(algorithm)), sink, { ready });
    assert.deepEqual(walked, { diffId: digestOf(algorithm) });
    assert.deepEqual(sink.entries, ['file /a', 'file /b']);
  }
  const unstated = await walkLayer(layerOf(tar, ''), recordWalk(), { ready });
  assert.deepEqual(unstated, { diffId: digestOf('sha256') });
});

test('what fails on the way is told, and what was read before is there', async () => {
  const failure = new Error('gone');
  const sink = recordWalk();
  const { fault } = await walkLayer(layerOf(tar.subarray(0, 2048), '', failure), sink, { ready });
  assert.equal(fault, failure);
  assert.deepEqual([sink.entries, sink.incomplete], [['file /a', 'file /b'], ['/b']]);
  const full = new Error('full');
  const { fault: refused } = await walkLayer(layerOf(tar, ''), recordWalk(), {
    ready: () => Promise.reject(full),
  });
  assert.equal(refused, full);
});

test('a walk ends with its signal', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  const { fault } = await walkLayer(layerOf(tar, ''), recordWalk(), { ready, signal });
  assert.equal(fault, signal.reason);
});
