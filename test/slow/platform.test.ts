/** A tenth of the platform's benchmark: what must not depend on how fast a machine is. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { benchPlatform } from '../../src/bench/platform/platform.ts';
import { skipWithoutPostgreSql } from '../fixtures/postgresql.ts';

const scale = 0.1;

/** Goals that are counts: nothing lost, nothing twice, nothing fetched again. */
const counts: ReadonlySet<string> = new Set(['images', 'writes', 'layers', 'rows', 'kB']);

describe('the platform at a tenth of its size', { skip: skipWithoutPostgreSql() }, () => {
  for (const [part, sentence] of [
    ['hunt', 'hunts every image once, reads every layer once, and fetches nothing again'],
    ['again', 'hunts again without fetching anything'],
    ['workers', 'does every image once while its workers are killed'],
    ['lookups', 'finds a value among a million'],
    ['lists', 'gives out every list page by page'],
    ['console', 'is scrolled through in a browser'],
    ['chaos', 'loses and doubles nothing when it is killed'],
  ] as const) {
    it(sentence, { timeout: 900_000 }, async () => {
      const results = await benchPlatform({ runs: 1, scale, parts: [part], say: () => {} });
      assert.ok(results.length > 0);
      for (const one of results) {
        assert.notEqual(one.value, null, one.reason);
        if (counts.has(one.unit)) assert.notEqual(one.holds, false, `${one.metric}: ${one.value}`);
      }
    });
  }
});
