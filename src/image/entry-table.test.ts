import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { WaterguardError } from '../model/error.ts';
import type { Entry } from './entry.ts';
import { EntryTable } from './entry-table.ts';

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function entry(path: string | Buffer, more: Partial<Entry> = {}): Entry {
  return { path: Buffer.from(path), type: 'file', mode: 0o644, uid: 0, gid: 0, size: 0, ...more };
}

function sample(): EntryTable {
  const table = new EntryTable();
  table.append(entry('/'), undefined);
  table.append(entry('/a', { mode: 0o4755, uid: 4_000_000_000, gid: 7, size: 2 ** 40 }), sha256('one'));
  table.append(entry('/l', { type: 'symlink', link: Buffer.from('../x') }));
  table.append(entry(Buffer.from('/\xff', 'latin1'), { type: 'whiteout' }));
  const last = table.append(entry('/a', { size: 3 }));
  table.setContent(last, sha256('two'));
  table.append(entry('/b', { size: 3 }), sha256('two'));
  return table;
}

describe('an entry table', () => {
  it('gives back what was appended', () => {
    const table = sample();
    assert.equal(table.count, 6);
    assert.deepEqual(table.get(1), entry('/a', { mode: 0o4755, uid: 4_000_000_000, gid: 7, size: 2 ** 40 }));
    assert.deepEqual(table.get(2), entry('/l', { type: 'symlink', link: Buffer.from('../x') }));
    assert.deepEqual(table.sha256(1), sha256('one'));
    assert.equal(table.sha256(2), undefined);
  });

  it('knows equal contents by one id', () => {
    const table = sample();
    assert.equal(table.contentId(4), table.contentId(5));
    assert.notEqual(table.contentId(1), table.contentId(4));
    assert.equal(table.contentCount, 2);
  });

  it('finds the last of several entries by its exact path, and lists the others', () => {
    const table = sample();
    assert.equal(table.lookup(Buffer.from('/a')), 4);
    assert.equal(table.lookup(Buffer.from('/')), 0);
    assert.equal(table.lookup(Buffer.from('/a/')), -1);
    assert.equal(table.lookup(Buffer.from('/\xff', 'latin1')), -1, 'a whiteout is not an entry at its path');
    assert.deepEqual(table.duplicates(), [1]);
    table.append(entry('/new'));
    assert.equal(table.lookup(Buffer.from('/new')), 6);
  });

  it('is the same after a round trip, and can go on from there', () => {
    const table = EntryTable.load(sample().serialise());
    for (let i = 0; i < 6; i++) {
      assert.deepEqual(table.get(i), sample().get(i));
      assert.deepEqual(table.sha256(i), sample().sha256(i));
    }
    table.append(entry('/more'), sha256('two'));
    assert.equal(table.contentCount, 2);
    assert.equal(EntryTable.load(new EntryTable().serialise()).count, 0);
  });

  it('loads from memory of any alignment', () => {
    const bytes = sample().serialise();
    const shifted = Buffer.concat([Buffer.alloc(3), bytes]).subarray(3);
    assert.equal(EntryTable.load(shifted).lookup(Buffer.from('/b')), 5);
  });

  it('refuses every damaged file that would lead outside of it', () => {
    const bytes = sample().serialise();
    const corrupt = (error: unknown): boolean => error instanceof WaterguardError && error.code === 'corrupt';
    for (let length = 0; length < bytes.length; length += 7) {
      assert.throws(() => EntryTable.load(bytes.subarray(0, length)), corrupt);
    }
    assert.throws(() => EntryTable.load(Buffer.concat([bytes, Buffer.alloc(1)])), corrupt);
    let refused = 0;
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes);
      damaged[at] = damaged[at]! ^ 0xff;
      try {
        const table = EntryTable.load(damaged);
        for (let i = 0; i < table.count; i++) assert.ok(table.get(i).path.length > 0);
        table.lookup(Buffer.from('/a'));
      } catch (error) {
        assert.ok(corrupt(error));
        refused++;
      }
    }
    assert.ok(refused > 50, `${refused} damaged bytes were noticed`);
  });

  it('holds a hundred thousand entries with 40-byte paths in 12 MB', () => {
    const table = new EntryTable();
    for (let i = 0; i < 100_000; i++) {
      table.append(entry(`/usr/share/some/package/files/${String(i).padStart(10, '0')}`), sha256(String(i)));
    }
    assert.ok(table.serialise().length < 12e6);
    assert.equal(table.lookup(Buffer.from('/usr/share/some/package/files/0000099999')), 99_999);
  });
});
