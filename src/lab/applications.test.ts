import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withApplications } from './applications.ts';
import { buildImage } from './image-builder.ts';
import { sampleImages } from './sample-images.ts';

test('each image has an application of the size, with no file of another, and always the same one', () => {
  const bytes = 200_000;
  const make = () => [...withApplications(sampleImages(4), bytes)];
  const images = make();
  const seen = new Set<string>();
  for (const { spec } of images) {
    const layer = spec.layers.at(-1);
    assert.ok(Array.isArray(layer) && spec.history?.length === spec.layers.length);
    const contents = layer.flatMap((one) => (one.content === undefined ? [] : [Buffer.from(one.content)]));
    assert.ok(contents.reduce((sum, one) => sum + one.length, 0) >= bytes);
    for (const one of contents) {
      const key = one.toString('latin1');
      assert.ok(!seen.has(key));
      seen.add(key);
    }
  }
  const digests = (all: typeof images) => all.map(({ spec }) => buildImage(spec).manifest.digest);
  assert.deepEqual(digests(make()), digests(images));
});
