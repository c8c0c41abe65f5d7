import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PgError } from '../failure.ts';
import { query, startup } from '../fixtures/client.ts';
import { Body, MessageReader } from './messages.ts';
import { parseStartup } from './startup.ts';

const isFatal = (error: unknown): boolean => error instanceof PgError && error.severity === 'FATAL';

function readerOf(...chunks: readonly (Buffer | string)[]): MessageReader {
  const reader = new MessageReader();
  for (const chunk of chunks) reader.push(Buffer.from(chunk as string, 'latin1'));
  return reader;
}

describe('messages', () => {
  it('are whole, however they come in pieces', () => {
    const bytes = Buffer.concat([query('select 1'), query('select 2')]);
    for (const size of [1, 3, 100]) {
      const reader = new MessageReader();
      const found: string[] = [];
      for (let at = 0; at < bytes.length; at += size) {
        reader.push(bytes.subarray(at, at + size));
        for (let one = reader.next(); one !== undefined; one = reader.next())
          found.push(new Body(one.body).string());
      }
      assert.deepEqual(found, ['select 1', 'select 2']);
      assert.equal(reader.isPartial, false);
    }
  });

  it('are refused by their lengths before any of them is kept', () => {
    for (const head of ['Q\x3b\x9a\xca\0', 'Q\xff\xff\xff\xff', 'Q\0\0\0\0', 'Q\0\0\0\x03', 'S\0\x01\0\0'])
      assert.throws(() => readerOf(head).next(), RangeError, JSON.stringify(head));
  });

  it('are refused where nobody knows their kind', () => {
    assert.throws(() => readerOf('y\0\0\0\x04').next(), isFatal);
  });

  it('begin with a packet of at most ten thousand bytes', () => {
    for (const head of ['\x3b\x9a\xca\0', '\0\0\0\x07', '\xff\xff\xff\xff', 'GET '])
      assert.throws(() => readerOf(head).nextStartup(), RangeError, JSON.stringify(head));
    assert.equal(readerOf('\0\0\0\x08\0\x03').nextStartup(), undefined);
  });

  it('end where their bodies say that they go on', () => {
    const body = (bytes: string): Body => new Body(Buffer.from(bytes, 'latin1'));
    assert.throws(() => body('abc').string(), PgError);
    assert.throws(() => body('\0').int16(), PgError);
    assert.throws(() => body('ab').take(3), PgError);
    assert.throws(() => body('ab').take(-1), PgError);
  });
});

describe('the first packet', () => {
  const parsed = (bytes: Buffer) => parseStartup(bytes.subarray(4));

  it('tells who wants in', () => {
    const found = parsed(startup({ user: 'a', database: 'b', '_pq_.x': '1' }, (3 << 16) | 2));
    assert.ok(found.kind === 'session');
    assert.deepEqual(
      [...found.parameters],
      [
        ['user', 'a'],
        ['database', 'b'],
        ['_pq_.x', '1'],
      ],
    );
    assert.equal(found.minor, 2);
    assert.deepEqual(found.unknown, ['_pq_.x']);
  });

  it('is refused where it is older, newer, or cut', () => {
    assert.equal(parsed(startup({}, 2 << 16)).kind, 'old');
    assert.throws(() => parsed(startup({}, 4 << 16)), isFatal);
    assert.throws(() => parsed(startup({ user: 'a' }).subarray(0, -1)), isFatal);
    assert.throws(() => parsed(Buffer.from('\0\0\0\x0b\0\x03\0\0abc', 'latin1')), isFatal);
  });
});
