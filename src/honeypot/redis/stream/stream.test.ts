import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { boundId, greatestId, idIn, idOf, idText, newId } from './id.ts';
import { advance, lagOf } from './progress.ts';
import { radixNodes } from './radix-tree.ts';
import { Stream } from './stream.ts';
import { trim } from './trim.ts';

/** With entries `1-0` to `n-0`. */
function streamOf(count: number, parts: readonly string[] = ['f', 'v']): Stream {
  const stream = new Stream();
  for (let at = 1; at <= count; at += 1) stream.append(idOf(BigInt(at)), parts);
  return stream;
}

const texts = (stream: Stream, from = 0n, to = greatestId, isReversed = false): string[] =>
  [...stream.range(from, to, isReversed)].map(({ id }) => idText(id));

describe('ids of streams', () => {
  it('are read as strtoull reads them, blanks, signs and zeros included', () => {
    for (const [text, id] of [
      ['5', '5-0'],
      ['5-7', '5-7'],
      [' +05-007', '5-7'],
      ['1--05', '1-18446744073709551611'],
      ['1\0-9', '1-0'],
    ] as const)
      assert.equal(idText(idIn(text)!), id, text);
    for (const text of ['', '-', 'x', '5-', '5-x', '1--5', '18446744073709551616', '5'.padStart(128, '0')])
      assert.equal(idIn(text), undefined, text);
    assert.equal(idText(boundId('5', 'highest')), '5-18446744073709551615');
    assert.equal(newId('5-*').isWhole, false);
    assert.throws(() => newId('*-5'), /Invalid stream ID/);
  });
});

describe('a stream', () => {
  it('gives what lies between two ids, from either end, and nothing that was deleted', () => {
    const stream = streamOf(250);
    assert.deepEqual(texts(stream, idOf(99n), idOf(102n)), ['99-0', '100-0', '101-0', '102-0']);
    stream.delete(idOf(100n));
    assert.deepEqual(texts(stream, idOf(99n), idOf(101n)), ['99-0', '101-0']);
    assert.deepEqual(texts(stream, idOf(99n), idOf(102n), true), ['102-0', '101-0', '99-0']);
    assert.deepEqual(texts(stream, idOf(251n)), []);
    assert.deepEqual(texts(new Stream()), []);
    assert.equal(stream.delete(idOf(100n)), false);
  });

  it('keeps a hundred entries in a node, or what comes to 4096 bytes', () => {
    assert.deepEqual(
      streamOf(250).nodes.map(({ live }) => live),
      [100, 100, 50],
    );
    assert.deepEqual(
      streamOf(4, ['f', 'v'.repeat(1500)]).nodes.map(({ live }) => live),
      [2, 2],
    );
  });

  it('lets go of whole nodes where it is trimmed roughly, and of single entries where exactly', () => {
    const stream = streamOf(250);
    assert.equal(trim(stream, { bound: { kind: 'length', most: 149 }, isRough: true, limit: 0 }), 100);
    assert.equal(trim(stream, { bound: { kind: 'length', most: 149 }, isRough: false, limit: 0 }), 1);
    assert.equal(idText(stream.firstId), '102-0');
    assert.equal(trim(stream, { bound: { kind: 'id', least: idOf(240n) }, isRough: true, limit: 50 }), 0);
    assert.equal(trim(stream, { bound: { kind: 'id', least: idOf(240n) }, isRough: false, limit: 0 }), 138);
    assert.equal(stream.length, 11);
    assert.equal(stream.entriesAdded, 250n);
  });

  it('is copied with its groups, and goes its own way then', () => {
    const stream = streamOf(3);
    stream.addGroup('g', 0n, undefined);
    const group = stream.group('g')!;
    group.deliver(idOf(1n), group.addConsumer('c'));
    const copy = stream.copy();
    assert.deepEqual(copy, stream);
    copy.delete(idOf(1n));
    copy.group('g')!.forget(idOf(1n));
    assert.deepEqual([stream.length, group.pending.size], [3, 1]);
  });

  it('counts every byte that it keeps, and those of its groups', () => {
    const stream = streamOf(2, ['f', 'x'.repeat(1000)]);
    assert.ok(stream.size > 2000);
    const before = stream.size;
    stream.addGroup('g'.repeat(500), 0n, undefined);
    const group = stream.groups[0]!;
    group.deliver(idOf(1n), group.addConsumer('c'.repeat(300)));
    assert.ok(stream.size > before + 800);
  });
});

describe('a group', () => {
  it('knows how far it is behind, unless a gap lies ahead', () => {
    const stream = streamOf(5);
    stream.addGroup('g', 0n, undefined);
    const group = stream.group('g')!;
    assert.equal(lagOf(stream, group), 5n);
    for (const entry of [...stream.range(0n, idOf(2n))]) advance(stream, group, entry);
    assert.deepEqual([group.entriesRead, lagOf(stream, group)], [2n, 3n]);
    stream.delete(idOf(4n));
    assert.equal(lagOf(stream, group), undefined);
  });

  it('gives what was handed out to whom it is handed next', () => {
    const stream = streamOf(2);
    stream.addGroup('g', 0n, undefined);
    const group = stream.group('g')!;
    const [one, other] = [group.addConsumer('one'), group.addConsumer('other')];
    group.deliver(idOf(2n), one);
    group.deliver(idOf(1n), one);
    group.deliver(idOf(2n), other);
    assert.deepEqual(
      group.pending.all.map(({ id, consumer }) => [idText(id), consumer.name]),
      [
        ['1-0', 'one'],
        ['2-0', 'other'],
      ],
    );
    assert.deepEqual([one.pending.size, other.pending.size], [1, 1]);
    group.deleteConsumer(one);
    assert.equal(group.pending.size, 1);
    assert.equal(group.forget(idOf(1n)), false);
    assert.equal(group.forget(idOf(2n)), true);
  });
});

describe('the radix tree', () => {
  it('has as many nodes as that of Redis', () => {
    // XINFO STREAM of redis-server 7.0.15 (26 November 2026).
    assert.equal(radixNodes([]), 1);
    assert.equal(radixNodes([idOf(1n, 1n)]), 2);
    assert.equal(radixNodes([idOf(1n, 1n), idOf(2n, 1n)]), 6);
  });
});
