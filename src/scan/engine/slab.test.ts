import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openSlab, readSlab, type Slab } from './slab.ts';

const folder = mkdtempSync(join(tmpdir(), 'waterguard-slab-'));
after(() => rmSync(folder, { recursive: true }));

const MiB = 1024 * 1024;

function opened(): Slab {
  const slab = openSlab(folder);
  assert.ok(slab !== undefined);
  return slab;
}

test('what is written is read by place, and the file has no name', () => {
  const slab = opened();
  const first = slab.write(Buffer.from('first'));
  const second = slab.write(Buffer.alloc(3 * MiB, 'b'));
  const back = Buffer.alloc(5);
  readSlab(slab.fd, back, first ?? -1);
  assert.equal(back.toString(), 'first');
  readSlab(slab.fd, back, (second ?? -1) + 3 * MiB - 5);
  assert.equal(back.toString(), 'bbbbb');
  assert.deepEqual(readdirSync(folder), []);
  slab.close();
});

test('freed places are used again, and without room the bytes take another way', () => {
  const slab = opened();
  const places = Array.from({ length: 56 }, () => slab.write(Buffer.alloc(10)));
  assert.equal(new Set(places).size, 56);
  assert.ok(!places.includes(undefined));
  assert.equal(slab.write(Buffer.alloc(1)), undefined);
  for (const at of [3, 4, 6]) slab.free(at * MiB);
  assert.equal(slab.write(Buffer.alloc(3 * MiB)), undefined);
  assert.equal(slab.write(Buffer.alloc(2 * MiB)), 3 * MiB);
  assert.equal(slab.write(Buffer.alloc(1)), 6 * MiB);
  slab.close();
});

test('an empty batch has no place, and without the folder there is no slab', () => {
  const slab = opened();
  assert.equal(slab.write(Buffer.alloc(0)), undefined);
  slab.close();
  assert.equal(openSlab(join(folder, 'absent')), undefined);
});

test('a memory file system that takes nothing more is no fault', () => {
  const slab = opened();
  slab.close();
  // The descriptor is gone, so that each write fails.
  assert.equal(slab.write(Buffer.alloc(10)), undefined);
});
