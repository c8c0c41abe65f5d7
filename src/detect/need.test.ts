import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom, type Random } from '../../test/fuzz/random.ts';
import { literalOf } from './literals/literal.ts';
import {
  all,
  always,
  any,
  frequencyOf,
  headOf,
  isMet,
  isMetBare,
  literal,
  type Need,
  never,
  signsOf,
  some,
} from './need.ts';

const words = ['aaaa', 'bbbbb', 'cccccc', 'ddddddd', 'eeeeeeee', 'http://', 'gggg', 'hhhhhhhhh'];

function word(index: number): Need {
  return literal(literalOf(Buffer.from(words[index] ?? '')), () => index);
}

function anyNeed(random: Random, depth: number): Need {
  if (depth === 0 || random.below(4) === 0)
    return random.below(6) === 0
      ? random.pick<Need>([always, never, { kind: 'smaller', than: 10 }, { kind: 'foreign' }])
      : word(random.below(words.length));
  const of = Array.from({ length: 1 + random.below(4) }, () => anyNeed(random, depth - 1));
  return some(1 + random.below(of.length), of);
}

test('whatever meets a need has one of its signs, or the need is met bare', () => {
  for (let seed = 1; seed <= 400; seed++) {
    const need = anyNeed(createRandom(seed, 0, 0), 3);
    const signs = signsOf(need);
    assert.equal(signs.size > 0 && isMetBare(need), false, `seed ${seed}`);
    if (isMetBare(need)) continue;
    for (let there = 0; there < 1 << words.length; there++) {
      const seen = Uint8Array.from(words, (_, index) => (there >> index) & 1);
      const isAsked = [...signs].some((one) => seen[one] === 1);
      for (const size of [5, 20])
        if (isMet(need, { seen, size, isElf: false, head: 0 })) assert.ok(isAsked, `seed ${seed}, ${there}`);
    }
  }
});

test('the signs of a need are those of its rarest parts', () => {
  assert.deepEqual([...signsOf(all([word(0), word(4), word(2)]))], [4]);
  assert.deepEqual([...signsOf(any([word(0), word(4)]))].sort(), [0, 4]);
  assert.deepEqual([...signsOf(some(2, [word(0), word(2), word(4)]))].sort(), [2, 4]);
  assert.deepEqual([...signsOf(all([word(5), word(0)]))], [0], 'a scheme says nothing');
});

test('a rule is told often, rare or bare by the weakest way to meet it', () => {
  assert.equal(frequencyOf(word(4)), 'rare');
  assert.equal(frequencyOf(any([word(4), word(0)])), 'often');
  assert.equal(frequencyOf(all([word(4), word(0)])), 'rare');
  assert.equal(frequencyOf(word(5)), 'often');
  assert.equal(frequencyOf(any([word(4), { kind: 'smaller', than: 9 }])), 'bare');
});

test('what a file begins with is read little endian, and what is not there is no zero', () => {
  const begins = (value: number, bytes: 1 | 2 | 4): Need => ({ kind: 'begins', value, bytes });
  const seen = new Uint8Array();
  const meets = (need: Need, content: string): boolean => {
    const bytes = Buffer.from(content, 'latin1');
    return isMet(need, { seen, size: bytes.length, isElf: false, head: headOf(bytes) });
  };
  assert.ok(meets(begins(0x5a4d, 2), 'MZ'));
  assert.ok(meets(begins(0x00905a4d, 4), 'MZ\x90\0\x03'));
  assert.ok(meets(begins(0xfeedface, 4), '\xce\xfa\xed\xfe'));
  assert.ok(!meets(begins(0x4d, 2), 'M'));
  assert.ok(meets(begins(0x4d, 1), 'M'));
  assert.ok(!meets(begins(0, 1), ''));
});
