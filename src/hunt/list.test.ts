import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { serveRegistry } from '../lab/registry.ts';
import { sampleImages } from '../lab/sample-images.ts';
import { listInto } from './list.ts';
import type { HuntStore } from './port.ts';
import { parseSource } from './source/source.ts';

const registry = await serveRegistry(sampleImages(8));
after(() => registry.close());

/** What the store heard. */
async function listed(source: string, options: { since?: Date; limit?: number } = {}) {
  const names: string[] = [];
  let whole: string | undefined;
  const store: Pick<HuntStore, 'known' | 'add' | 'listed'> = {
    known: { get: async () => undefined, put: async () => {} },
    add: async (_, images) => void names.push(...images.map((one) => one.reference)),
    listed: async (_, problems, below) => {
      assert.deepEqual(problems, []);
      whole = below;
    },
  };
  const base = { platform: 'linux/amd64', insecure: true, env: {} };
  await listInto(store as HuntStore, 1, parseSource(source), { ...base, ...options });
  return { names: names.length, whole };
}

test('a registry that was listed to its end tells of everything below it', async () => {
  assert.deepEqual(await listed(`registry:${registry.host}`), { names: 8, whole: registry.host });
  const shop = `${registry.host}/shop`;
  assert.deepEqual(await listed(`registry:${shop}`), { names: 1, whole: shop });
});

test('a listing with a date or a limit does not', async () => {
  const source = `registry:${registry.host}`;
  assert.deepEqual(await listed(source, { limit: 3 }), { names: 3, whole: undefined });
  assert.equal((await listed(source, { since: new Date(0) })).whole, undefined);
});
