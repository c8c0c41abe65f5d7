import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remembered } from './remembered.ts';

test('work is done once for each text, also where it finds nothing, until too many are known', () => {
  const asked: string[] = [];
  const upper = remembered(
    (text) => {
      asked.push(text);
      return text === 'none' ? undefined : text.toUpperCase();
    },
    { most: 3, longest: 8 },
  );
  for (const text of ['a', 'none', 'a', 'none', 'much too long', 'much too long'])
    assert.equal(upper(text), text === 'none' ? undefined : text.toUpperCase());
  assert.deepEqual(asked.splice(0), ['a', 'none', 'much too long', 'much too long']);
  for (const text of ['b', 'c', 'a']) upper(text);
  assert.deepEqual(asked, ['b', 'c', 'a']);
});
