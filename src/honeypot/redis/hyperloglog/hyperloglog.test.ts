import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { placeOf } from './hash.ts';
import { HyperLogLog } from './hyperloglog.ts';

function withElements(count: number): HyperLogLog {
  const all = new HyperLogLog();
  for (let index = 0; index < count; index += 1) all.raise(placeOf(`e${index}`));
  all.touch();
  return all;
}

const digest = ({ text }: HyperLogLog): string => createHash('sha256').update(text, 'latin1').digest('hex');

/** Encoding, count and digest after PFADD of `e0`, `e1` and so on, by redis-server 7.0.15 (26 November 2026). */
const known = [
  [0, 'sparse', 0, 'a548e8daa487445abcc90ca3151b4a3d7d0bdd6282090ac09e86de8355deaad8'],
  [1, 'sparse', 1, 'b0e9338b711c718f8c660c838331c48590e4ecac97391cb8408bdd5bec28776d'],
  [100, 'sparse', 100, '53986fa020104b2d94c131f7d7b840674634568242921d84d01b767289a56a1d'],
  [1000, 'sparse', 1008, '519a7f0764d633e025ff9f8cdeb30cd2f452e2ad37f729f6b9ea7a4699791162'],
  [20000, 'dense', 19901, 'f491acb3b4a2b5308b23aba4dc292ccc3905e92ecc131f8f368334741fdc3dc7'],
] as const;

describe('a HyperLogLog', () => {
  for (const [elements, encoding, count, sha] of known)
    it(`of ${elements} elements has the bytes and the count of Redis`, () => {
      const all = withElements(elements);
      assert.equal(all.encoding, encoding);
      assert.equal(digest(all), sha);
      assert.equal(all.keptCount, undefined);
      assert.equal(all.count(), count);
      assert.equal(all.keptCount, BigInt(count));
    });

  it('tells of the same registers when it is made dense', () => {
    const all = withElements(100);
    const { registers } = all;
    assert.equal(all.makeDense(), true);
    assert.equal(all.makeDense(), false);
    assert.deepEqual(all.registers, registers);
  });

  it('refuses what is none, and runs of too few or too many registers', () => {
    const head = `HYLL\x01${'\0'.repeat(11)}`;
    for (const text of [
      '',
      'HYLL',
      `HYLX${head.slice(4)}`,
      `HYLL\x02${head.slice(5)}`,
      `HYLL\0${head.slice(5)}`,
    ])
      assert.throws(() => new HyperLogLog(text), /^Error: WRONGTYPE Key is not a valid HyperLogLog/);
    for (const runs of ['\x00', '\x7f\xff\x00', '\x7f'])
      assert.throws(() => new HyperLogLog(head + runs).count(), /^Error: INVALIDOBJ /);
  });

  it('does not look through many runs for many elements', () => {
    const all = new HyperLogLog(`HYLL\x01${'\0'.repeat(11)}${'\xf8\xfc'.repeat(8192)}`);
    assert.throws(() => {
      for (let index = 0; index < 10_000; index += 1) all.raise(placeOf(`e${index}`));
    }, /OOM command not allowed/);
  });
});
