import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keywordPlaces } from './keyword-places.ts';

const keywords = [
  { text: 'pass', nocase: true },
  { text: 'password', nocase: true },
  { text: 'aaa', nocase: true },
  { text: 'AWS', nocase: false },
];

test('a text is searched alike whether it is short or long', () => {
  const text = 'Password=1 aws AWS pass aaaaa\n';
  const find = keywordPlaces(keywords);
  const short = find(Buffer.from(text));
  const long = find(Buffer.from(text + ' '.repeat(20_000)));
  for (const [index, places] of [[0, 19], [0], [24, 25, 26], [15]].entries()) {
    const keyword = keywords[index] ?? { text: '', nocase: true };
    assert.deepEqual(short?.(keyword), places, keyword.text);
    assert.deepEqual(long?.(keyword), places, keyword.text);
  }
});

test('where no keyword stands nothing is said', () => {
  for (const size of [0, 10, 20_000]) {
    assert.equal(keywordPlaces(keywords)(Buffer.alloc(size, ' ')), undefined);
    assert.equal(keywordPlaces([])(Buffer.alloc(size, 'pass')), undefined);
  }
});
