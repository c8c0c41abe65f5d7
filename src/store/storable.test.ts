import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { storable, storableJson, storableName, storableValue } from './storable.ts';

describe('text for the database', () => {
  it('has neither NUL nor half a pair, and is otherwise as it was', () => {
    assert.equal(storable('a\0b\0'), 'a\\x00b\\x00');
    assert.equal(storable('\ud83d \ude00 \u{1f600}'), '\ufffd \ufffd \u{1f600}');
    assert.equal(storable('\u0001\u2028\\u0000 “x”'), '\u0001\u2028\\u0000 “x”');
  });

  it('is the same in JSON, at any depth', () => {
    const value = { a: ['x\0', { b: '\ud800' }], c: 'plain \\u0000', d: 1, e: null, f: undefined };
    assert.deepEqual(JSON.parse(storableJson(value)), {
      a: ['x\\x00', { b: '\ufffd' }],
      c: 'plain \\u0000',
      d: 1,
      e: null,
    });
  });

  it('in JSON that has nothing of the kind is what JSON says', () => {
    const value = { text: 'ü \u{1f600} "\n', at: new Date(0), list: [1.5, true] };
    assert.equal(storableJson(value), JSON.stringify(value));
  });

  it('among the values of a statement is made so, and nothing else is touched', () => {
    const bytes = Buffer.from([0, 1]);
    const date = new Date();
    const given = ['a\0', ['b\0', ['c\0']], 1, null, undefined, bytes, date, true];
    assert.deepEqual(given.map(storableValue), [
      'a\\x00',
      ['b\\x00', ['c\\x00']],
      1,
      null,
      undefined,
      bytes,
      date,
      true,
    ]);
    assert.equal(storableValue(bytes), bytes);
  });
});

describe('a name for an index', () => {
  it('is kept where it is short', () => {
    const name = 'registry.example.invalid/team/app:1';
    assert.equal(storableName(name), name);
    assert.equal(storableName('x'.repeat(400)), 'x'.repeat(400));
  });

  it('is cut where it is long, told from others, and the same next time', () => {
    const [one, two] = ['a', 'b'].map((end) => storableName('é'.repeat(5000) + end));
    assert.notEqual(one, two);
    assert.equal(one, storableName(`${'é'.repeat(5000)}a`));
    assert.ok(one!.startsWith('é'.repeat(380)));
    assert.ok(Buffer.byteLength(storableName('\0'.repeat(5000))) < 2000);
    assert.ok(storableName('\u{1f600}'.repeat(5000)).isWellFormed());
    assert.ok(storableName(`x${'\u{1f600}'.repeat(5000)}`).isWellFormed());
  });
});
