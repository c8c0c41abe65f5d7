import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { type Detection, nothing } from '../../detect/detector.ts';
import type { FileCache } from '../collector.ts';
import { createDigestSet, withMemory } from './memory-cache.ts';

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');
const something: Detection = { findings: [], observables: [], start: { refs: ['/x'], commands: [] } };

test('what was found in a file is known again, opened and closed apart', () => {
  const cache = withMemory(undefined);
  cache.put(digest('a'), true, something);
  cache.put(digest('b'), false, nothing);
  assert.equal(cache.get(digest('a'), true), something);
  assert.equal(cache.get(digest('a'), false), undefined);
  assert.equal(cache.get(digest('b'), false), nothing);
  assert.equal(cache.get(digest('b'), true), undefined);
  assert.equal(cache.get(digest('c'), true), undefined);
});

test('the cache behind it is told of everything and asked for the rest', () => {
  const told: string[] = [];
  const behind: FileCache = {
    get: (sha256) => (sha256.equals(digest('old')) ? something : undefined),
    put: (sha256) => told.push(sha256.toString('hex')),
  };
  const cache = withMemory(behind);
  cache.put(digest('new'), true, nothing);
  assert.deepEqual(told, [digest('new').toString('hex')]);
  assert.equal(cache.get(digest('old'), true), something);
});

test('a set of digests keeps as many as it may and no more', () => {
  const set = createDigestSet(1000);
  for (let at = 0; at < 1500; at++) set.add(digest(`${at % 1200}`));
  const known = Array.from({ length: 1500 }, (_, at) => at).filter((at) => set.has(digest(`${at}`)));
  assert.deepEqual(
    known,
    Array.from({ length: 1000 }, (_, at) => at),
  );
});
