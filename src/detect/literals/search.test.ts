import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { assembleKernel } from '../../../test/assemble-kernel.ts';
import { createRandom, type Random } from '../../../test/fuzz/random.ts';
import { compileLiterals } from './compile.ts';
import { type Literal, literalOf } from './literal.ts';
import { loadLiterals } from './search.ts';

test('kernel.ts is what kernel.wat assembles to', async () => {
  assert.equal(readFileSync(new URL('kernel.ts', import.meta.url), 'utf8'), await assembleKernel());
});

function search(literals: readonly Literal[], once = false) {
  const wanted = literals.map((literal, number) => ({ number, literal, once }));
  const loaded = loadLiterals(compileLiterals(wanted, literals.length));
  return (bytes: Buffer): string[] => {
    const found: string[] = [];
    loaded.search(bytes, (literal, at) => found.push(`${literal}@${at}`));
    return found.sort();
  };
}

/** Place by place, byte by byte. */
function naive(literals: readonly Literal[], bytes: Buffer): string[] {
  const found: string[] = [];
  for (const [number, { bytes: wanted, mask }] of literals.entries()) {
    for (let at = 0; at + wanted.length <= bytes.length; at++) {
      if (wanted.every((one, index) => (((bytes[at + index] ?? 0) ^ one) & (mask[index] ?? 0)) === 0))
        found.push(`${number}@${at}`);
    }
  }
  return found.sort();
}

function text(random: Random, length: number, alphabet: string): Buffer {
  return Buffer.from(
    Array.from({ length }, () => alphabet[random.below(alphabet.length)]).join(''),
    'latin1',
  );
}

test('every place of every literal is found, whatever its length, case, alignment and gaps', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = createRandom(seed, 0, 0);
    const alphabet = random.pick(['ab', 'aAbB ', 'a\0\x20\x80', 'abcdefgh']);
    const literals = Array.from({ length: 1 + random.below(6) }, () => {
      const literal = literalOf(
        text(random, 4 + random.below(random.pick([1, 4, 61])), alphabet),
        random.below(2) === 1,
      );
      // A gap behind the first four bytes, as in `{ 61 62 61 62 ?? 61 }`.
      const gap = random.below(3) === 0 ? 4 + random.below(8) : literal.bytes.length;
      if (gap < literal.bytes.length) [literal.bytes[gap], literal.mask[gap]] = [0, 0];
      return literal;
    });
    const bytes = text(random, random.below(400), alphabet);
    assert.deepEqual(search(literals)(bytes), naive(literals, bytes), `seed ${seed}`);
  }
});

test('what crosses a window is found, and found once', () => {
  const literals = [literalOf(Buffer.from('needle')), literalOf(Buffer.alloc(64, 'long thread '))];
  const find = search(literals);
  for (let at = 128 * 1024 - 70; at < 128 * 1024 + 70; at++) {
    const bytes = Buffer.alloc(300_000, '.');
    literals[0]?.bytes.copy(bytes, at);
    literals[1]?.bytes.copy(bytes, at + 128 * 1024);
    assert.deepEqual(find(bytes), [`0@${at}`, `1@${at + 128 * 1024}`].sort());
  }
});

test('a file ends where it ends: what an earlier one left in memory is not seen', () => {
  const find = search([literalOf(Buffer.from('needle')), literalOf(Buffer.from('need'))]);
  assert.deepEqual(find(Buffer.from('.needle')), ['0@1', '1@1']);
  for (const rest of ['.needl', '.need', '.nee', 'need', 'nee', 'n', '']) {
    const bytes = Buffer.from(rest);
    assert.deepEqual(
      find(bytes),
      naive([literalOf(Buffer.from('needle')), literalOf(Buffer.from('need'))], bytes),
    );
  }
});

test('a literal that is wanted once is told once a file', () => {
  const find = search([literalOf(Buffer.from('needle'))], true);
  const bytes = Buffer.from('needle '.repeat(50_000));
  assert.deepEqual(find(bytes), ['0@0']);
  assert.deepEqual(find(bytes), ['0@0']);
});

test('more hits than the memory for them holds are all told', () => {
  const bytes = Buffer.alloc(100_000, 'a');
  assert.equal(
    search([literalOf(Buffer.from('aaaa')), literalOf(Buffer.from('aaaaa'))])(bytes).length,
    2 * 100_000 - 7,
  );
});
