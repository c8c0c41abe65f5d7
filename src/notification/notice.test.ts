import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findingKey, noticeOf, shortened, verdictKey } from './notice.ts';

const draft = { key: 'k', at: new Date(0), type: 'image.malicious', severity: 'high', title: 't' } as const;

describe('a notice', () => {
  it('has only printable text, whatever the draft quotes', () => {
    const notice = noticeOf({
      ...draft,
      title: 'miner\r\nBcc: all@example.org\x1b[2J\u202etxt',
      reference: 'evil/\u200bimage',
      lines: ['a\0b'],
    });
    assert.equal(notice.title, 'miner\\x0d\\x0aBcc: all@example.org\\x1b[2J\\xe2\\x80\\xaetxt');
    assert.equal(notice.reference, 'evil/\\xe2\\x80\\x8bimage');
    assert.deepEqual(notice.lines, ['a\\x00b']);
  });

  it('is bounded in every part', () => {
    const long = 'x'.repeat(100_000);
    const notice = noticeOf({ ...draft, title: long, reference: long, lines: Array(1000).fill(long) });
    assert.ok(JSON.stringify(notice).length < 10_000);
    assert.equal(notice.lines.length, 20);
    const { title } = noticeOf({ ...draft, title: '😀'.repeat(1000) });
    assert.equal(title, `${'😀'.repeat(149)}…`);
  });

  it('keeps a plain key and replaces any other by its sum, so that no two become one', () => {
    assert.equal(noticeOf({ ...draft, key: 'finding/1/docker.io/a' }).key, 'finding/1/docker.io/a');
    const long = [`${'a'.repeat(300)}1`, `${'a'.repeat(300)}2`, 'a\nb', 'a\\x0ab', ''];
    const keys = long.map((key) => noticeOf({ ...draft, key }).key);
    assert.equal(new Set(keys).size, long.length);
    for (const key of keys) assert.match(key, /^sha256:[0-9a-f]{64}$/);
  });

  it('has a link only where that is a web address', () => {
    assert.equal(noticeOf({ ...draft, link: 'https://wg.example/a b' }).link, 'https://wg.example/a%20b');
    for (const link of ['javascript:alert(1)', '/images/7', 'ftp://a/', undefined]) {
      assert.equal(noticeOf({ ...draft, link }).link, undefined);
    }
  });

  it('has the key of its fact', () => {
    assert.equal(verdictKey('malicious', 'sha256:a', 'sha256:b'), 'image.malicious/sha256:a/sha256:b');
    assert.equal(findingKey('00ff', 'docker.io/library/x'), 'finding/00ff/docker.io/library/x');
  });
});

describe('shortened text', () => {
  it('is not cut inside a character', () => {
    assert.equal(shortened('a😀b', 3), 'a…');
    assert.equal(shortened('abc', 3), 'abc');
  });
});
