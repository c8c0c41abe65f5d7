import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Part, partSize, partsOf, type Reading } from './text.ts';

function read(
  text: string,
  reading: Partial<Reading>,
): { readonly parts: readonly Part[]; readonly end: number } {
  const parts: Part[] = [];
  const all = partsOf(text, { as: 'script', hits: [], offset: 0, ...reading });
  let next = all.next();
  for (; next.done !== true; next = all.next()) parts.push(next.value);
  return { parts, end: next.value };
}

/** Where a word of the file is found in what is read. */
function placeOf(parts: readonly Part[], word: string): number {
  for (const part of parts) {
    const at = part.text.indexOf(word);
    if (at >= 0) return part.at(at);
  }
  return -1;
}

test('a small text is one part, comments included', () => {
  const text = '# a comment\nwork\n';
  const { parts, end } = read(text, { offset: 100 });
  assert.deepEqual(
    parts.map((one) => one.text),
    [text],
  );
  assert.equal(parts[0]?.at(3), 103);
  assert.equal(end, text.length);
});

test('comments and blank lines of a large text are left out, and places stay those of the file', () => {
  const padding = '  # nothing\n\n'.repeat(partSize / 8);
  const text = `first\n${padding}second\n${padding}third`;
  const { parts, end } = read(text, { offset: 7 });
  assert.deepEqual(
    parts.map((one) => one.text),
    ['first\nsecond\nthird\n'],
  );
  for (const word of ['first', 'second', 'third', 'ird']) {
    assert.equal(placeOf(parts, word), 7 + text.indexOf(word), word);
  }
  assert.equal(end, text.length);
});

test('behind what is read as it stands, what surrounds an anchor is', () => {
  const line = 'a line of data that means nothing\n';
  const text = `${line.repeat(30_000)}here it is\n${line.repeat(30_000)}`;
  const hit = text.indexOf('here it is');
  const { parts, end } = read(text, { hits: [hit] });
  assert.equal(placeOf(parts, 'here it is'), hit);
  assert.ok(end < hit);
  assert.equal(placeOf(read(text, {}).parts, 'here it is'), -1);
  const plain = read(text, { as: 'text', hits: [hit] });
  assert.equal(plain.end, 0);
  assert.equal(plain.parts.length, 1);
  assert.equal(placeOf(plain.parts, 'here it is'), hit);
});

test('what is read is bounded, whatever the text holds', () => {
  const size = 4_000_000;
  for (const text of ['a\n'.repeat(size / 2), 'a'.repeat(size), '#\nb\n'.repeat(size / 4)]) {
    const hits = Array.from({ length: 10_000 }, (_, index) => index * 400);
    for (const as of ['script', 'text'] as const) {
      const { parts } = read(text, { as, hits });
      assert.ok(parts.reduce((sum, one) => sum + one.text.length, 0) < 2_500_000);
      assert.ok(parts.every((one) => one.text.length <= 2 * partSize));
    }
  }
});
