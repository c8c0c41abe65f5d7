import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Value } from '../keyspace.ts';
import { outOfMemory } from '../keyspace.ts';
import { SortedSet } from '../sorted-set.ts';
import { dumpValue, isSigned } from './dump.ts';
import { compressLzf, expandLzf } from './lzf.ts';
import { readValue } from './read.ts';
import { BadData } from './reader.ts';

const values: Readonly<Record<string, Value>> = {
  text: { kind: 'string', text: 'ab'.repeat(500) },
  number: { kind: 'string', text: '-70000' },
  list: { kind: 'list', items: ['a', '-1', '4095', '-4097', '8388607', '9999999999', 'x'.repeat(5000)] },
  'long list': { kind: 'list', items: Array.from({ length: 900 }, (_, index) => `item ${index * 7919}`) },
  hash: { kind: 'hash', fields: new Map([['f', 'x'.repeat(200)]]) },
  'small hash': { kind: 'hash', fields: new Map([['f', '12']]) },
  'set of numbers': { kind: 'set', members: new Set(['-3', '1', '9000000000']) },
  set: { kind: 'set', members: new Set(['one', 'two']) },
  'sorted set': new SortedSet([
    ['a', 1],
    ['b', 2.5],
    ['c', Number.NEGATIVE_INFINITY],
  ]),
  'large sorted set': new SortedSet(Array.from({ length: 200 }, (_, index) => [`m${index}`, index / 4])),
};

const nothing = (): void => {};
const bytesOf = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

describe('the reader of dumped values', () => {
  for (const [name, value] of Object.entries(values))
    it(`gives back a ${name}`, () => {
      const payload = Buffer.from(dumpValue(value), 'latin1');
      assert.ok(isSigned(payload));
      assert.deepEqual(readValue(payload, nothing), value);
    });

  it('knows other signatures for what they are', () => {
    const payload = Buffer.from(dumpValue(values.text!), 'latin1');
    payload[3]! ^= 1;
    assert.equal(isSigned(payload), false);
    assert.equal(isSigned(Buffer.alloc(9)), false);
  });

  it('refuses bytes that are no value, and lengths that nothing stands behind', () => {
    for (const hex of [
      '',
      '63',
      '0005 61',
      '0080 ffffffff',
      '0081 ffffffffffffffff',
      '0280 ffffffff 0161',
      '0200',
      '0202 0161 0161',
      '0401 0161',
      '0501 0161 000000000000f87f',
      '0b08 0200000000000000',
      '00c3 05 80ffffffff 6161616161',
      '00c3 05 64 6161616161',
      '1007 07000000 0000 ff',
      '100b 0b000000 0200 8161 02 05 ff',
      '1201 03 0161',
    ])
      assert.throws(() => readValue(bytesOf(hex), nothing), BadData, hex);
  });

  it('stops where there is no room, however little the bytes are', () => {
    const run = compressLzf(Buffer.alloc(1 << 20))!;
    const head = Buffer.alloc(5, 0x80);
    const sizes = [run.length, 1 << 20].map((size) => {
      head.writeUInt32BE(size, 1);
      return Buffer.from(head);
    });
    const text = Buffer.concat([Buffer.of(0xc3), ...sizes, run]);
    const list = Buffer.concat([Buffer.of(1, 60), ...Array.from({ length: 60 }, () => text)]);
    let room = 4 << 20;
    const keep = (length: number): void => {
      room -= length;
      if (room < 0) throw outOfMemory();
    };
    assert.throws(() => readValue(list, keep), /^Error: OOM /);
  });

  it('expands nothing that does not fill its length', () => {
    const run = compressLzf(Buffer.alloc(5000, 'ab'))!;
    assert.deepEqual(expandLzf(run, 5000), Buffer.alloc(5000, 'ab'));
    for (const length of [0, 4999, 5001, 2 ** 32 - 1]) assert.equal(expandLzf(run, length), undefined);
    assert.equal(expandLzf(Buffer.of(0xe0, 0xff, 0x10), 264), undefined);
  });
});
