import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBeginning } from './beginning.ts';

test('so many bytes are kept, over the borders of pieces, and no more', () => {
  const beginning = createBeginning(5);
  assert.equal(beginning.bytes().length, 0);
  for (const piece of ['abc', '', 'def', 'ghi']) beginning.add(Buffer.from(piece));
  assert.deepEqual([beginning.text(), beginning.bytes()], ['abcde', Buffer.from('abcde')]);
});

test('a character in two pieces is whole', () => {
  const beginning = createBeginning(10);
  const [first, ...rest] = Buffer.from('é!');
  beginning.add(Buffer.of(first!));
  beginning.add(Buffer.from(rest));
  assert.equal(beginning.text(), 'é!');
});

test('what was kept stays as it was when the memory that it came in is used again', () => {
  const beginning = createBeginning(10);
  const memory = Buffer.from('first');
  beginning.add(memory);
  memory.fill('x');
  assert.equal(beginning.text(), 'first');
});
