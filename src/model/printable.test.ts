import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { processorTime } from '../../test/fixtures/processor-time.ts';
import { decodeLossless, printable, printablePath } from './printable.ts';

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');

describe('printable text', () => {
  it('has no control characters, no invisible and no bidirectional ones', () => {
    assert.equal(printable('\x1b[2Ja\r\nb\x7f\x9b'), '\\x1b[2Ja\\x0d\\x0ab\\x7f\\xc2\\x9b');
    assert.equal(
      printable('a\u202eb\u200bc\u2028\ufeff'),
      'a\\xe2\\x80\\xaeb\\xe2\\x80\\x8bc\\xe2\\x80\\xa8\\xef\\xbb\\xbf',
    );
    assert.equal(printable('grün 日本 👍'), 'grün 日本 👍');
  });

  it('is cut at its limit, visibly', () => {
    assert.equal(printable('abcdef', 4), 'abc…');
    assert.equal(printable('abcd', 4), 'abcd');
    assert.equal(printable('\0\0', 5), '\\x00…');
  });
});

describe('a printable path', () => {
  it('is the path, where nothing in it has to be escaped', () => {
    for (const path of ['/usr/bin/env', '/srv/ü 日本', '/a\\b', '/a\\x5', '/a\\X41', '/a\\xZZ']) {
      assert.equal(printablePath(Buffer.from(path)), path);
    }
  });

  it('tells a byte from a name that is written like its escape', () => {
    assert.equal(printablePath(bytes('2fff')), '/\\xff');
    assert.equal(printablePath(Buffer.from('/\\xff')), '/\\x5cxff');
    assert.equal(printablePath(Buffer.from('/\\x5cxff')), '/\\x5cx5cxff');
    assert.equal(printablePath(Buffer.from('/\x1b[2J\n::error::')), '/\\x1b[2J\\x0a::error::');
  });

  it('is different for different paths: its escapes undone are its bytes', () => {
    const parts: Uint8Array[] = ['\\', 'x', '5', 'c', 'f', '\x01', '\u202e', 'ü', '/'].map((part) =>
      Buffer.from(part),
    );
    parts.push(bytes('ff'), bytes('c3'));
    for (let number = 0; number < 11 ** 4; number++) {
      const chosen = [0, 1, 2, 3].map((place) => parts[Math.floor(number / 11 ** place) % 11]!);
      const path = Buffer.concat(chosen);
      assert.deepEqual(withoutEscapes(printablePath(path)), path);
    }
  });

  function withoutEscapes(shown: string): Buffer {
    const plain = Buffer.from(shown).toString('latin1');
    const undone = plain.replace(/\\x([0-9a-f]{2})/g, (_, hex) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    return Buffer.from(undone, 'latin1');
  }
});

describe('decoding without loss', () => {
  it('keeps what is valid and shows each byte that is not', () => {
    assert.equal(decodeLossless(Buffer.from('a/ü/日/👍')), 'a/ü/日/👍');
    assert.equal(decodeLossless(bytes('61ff62c3')), 'a\\xffb\\xc3');
    assert.equal(decodeLossless(bytes('c3bcffc3bc')), 'ü\\xffü');
  });

  it('agrees with the decoder of the platform on every sequence of up to four bytes at the edges', () => {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const edges = [
      0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed,
    ];
    edges.push(0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff);
    for (const first of edges) {
      for (const second of edges) {
        for (const third of [0x41, 0x80, 0xbf, 0xc0]) {
          const sequence = Buffer.of(first, second, third, 0xbf);
          let valid: string | undefined;
          try {
            valid = decoder.decode(sequence);
          } catch {
            valid = undefined;
          }
          const shown = decodeLossless(sequence);
          assert.equal(shown.includes('\\x'), valid === undefined, sequence.toString('hex'));
          if (valid !== undefined) assert.equal(shown, valid);
        }
      }
    }
  });

  it('is fast on bytes that are never valid', () => {
    const used = processorTime();
    assert.equal(decodeLossless(Buffer.alloc(1 << 18, 0xf2)).length, 4 * (1 << 18));
    assert.ok(used() < 2500);
  });
});
