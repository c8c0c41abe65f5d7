import assert from 'node:assert/strict';
import { it } from 'node:test';
import { resourceOf } from './resources.ts';

/** As API servers tell them. */
const known: readonly (readonly [group: string, plural: string, hash: string])[] = [
  ['', 'pods', 'xPOwRZ+Yhw8='],
  ['', 'namespaces', 'Q3oi5N2YM8M='],
  ['', 'secrets', 'S6u1pOWzb84='],
  ['', 'nodes', 'XwShjMxG9Fs='],
  ['apps', 'deployments', '8aSe+NMegvE='],
  ['apps', 'daemonsets', 'dd7pWHUlMKQ='],
  ['batch', 'jobs', 'mudhfqk/qZY='],
];

it('resources are told with the hashes that real servers have', () => {
  for (const [group, plural, hash] of known)
    assert.equal(resourceOf(group, 'v1', plural)?.storageHash, hash, plural);
});
