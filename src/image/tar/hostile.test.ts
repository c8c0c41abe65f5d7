import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { walkTar } from '../../../test/fixtures/walk-recorder.ts';
import { buildTar, checksummed, file, symlink, tarEntry } from '../../lab/tar-builder.ts';
import { defaultTarLimits } from './walker.ts';

const end = Buffer.alloc(1024);

function changed(entry: Buffer, change: (header: Buffer) => void): Buffer {
  change(entry);
  checksummed(entry.subarray(0, 512));
  return entry;
}

function withType(flag: string, body: Buffer | string): Buffer {
  return changed(tarEntry(file('x', body)), (header) => header.write(flag, 156, 'latin1'));
}

/** An old GNU sparse file: `pairs` of offset and length, and the content that is stored. */
function sparse(
  name: string,
  size: number,
  pairs: readonly (readonly [number, number])[],
  stored: string,
): Buffer {
  return changed(tarEntry(file(name, stored)), (header) => {
    header.write('S', 156);
    header.write('ustar  \0', 257, 'latin1');
    for (const [index, pair] of pairs.entries()) {
      for (const [half, value] of pair.entries()) {
        header.write(value.toString(8).padStart(11, '0'), 386 + index * 24 + half * 12);
      }
    }
    header.write(size.toString(8).padStart(11, '0'), 483);
  });
}

describe('a hostile tar', () => {
  it('cannot leave the root: the name is listed, its content delivered inside', () => {
    const walk = walkTar(
      buildTar([
        file('../../etc/shadow', 'a'),
        file('/a/../../b', 'b'),
        file('c/../d', 'd'),
        file('..', 'e'),
      ]),
    );
    assert.deepEqual(walk.entries, ['file /etc/shadow', 'file /b', 'file /d', 'file /']);
    assert.deepEqual(walk.skipped, [
      'unsupported /etc/shadow: entry name leaves the root: ../../etc/shadow',
      'unsupported /b: entry name leaves the root: /a/../../b',
      'unsupported /: entry name leaves the root: ..',
    ]);
  });

  it('cannot bring escape sequences or broken UTF-8 into a detail', () => {
    const walk = walkTar(buildTar([file(Buffer.from('../\x1b[2J\xff', 'latin1'), '')]));
    assert.deepEqual(walk.skipped, [
      'unsupported /\\x1b[2J\\xff: entry name leaves the root: ../\\x1b[2J\\xff',
    ]);
  });

  it('is delivered under shortened names where it has names of 64 KiB', () => {
    const deep = 'd/'.repeat(32_768);
    const walk = walkTar(
      buildTar([file('n'.repeat(65_536), 'one'), file(deep + 'f', 'two'), symlink('l', 't'.repeat(9000))]),
    );
    assert.deepEqual(
      walk.entries.map((line) => line.length),
      [5 + 1 + 255, 5 + 4096, 'symlink /l -> '.length + 4096],
    );
    assert.deepEqual([...walk.contents.values()].map(String), ['one', 'two']);
    assert.deepEqual(
      walk.skipped.map((line) => line.split(' ')[0]),
      ['name-limit', 'name-limit', 'name-limit'],
    );
  });

  it('ends at a header that is none, says where, and keeps what came before', () => {
    const broken = tarEntry(file('b', 'x'));
    broken[0] = 0x63;
    const walk = walkTar(Buffer.concat([tarEntry(file('a', 'kept')), broken, tarEntry(file('c')), end]));
    assert.deepEqual(walk.entries, ['file /a']);
    assert.deepEqual(walk.skipped, [
      'truncated layer: a header has a wrong checksum, after /a; the rest is not read',
    ]);
  });

  it('cannot have a negative or endless size', () => {
    for (const bytes of [
      'ffffffffffffffffffffffff',
      'c00000000000000000000001',
      '80ffffffffffffffffffffff',
      '3739393939393939',
    ]) {
      const entry = changed(tarEntry(file('a', 'x')), (header) => header.write(bytes, 124, 'hex'));
      const walk = walkTar(Buffer.concat([entry, end]));
      assert.deepEqual(walk.entries, [], bytes);
      assert.match(
        walk.skipped.join(),
        /^truncated layer: a header has an impossible size, at the beginning/,
      );
    }
  });

  it('leaves a file incomplete where the archive breaks off', () => {
    const tar = buildTar([file('a', 'x'.repeat(2000))]);
    const inContent = walkTar(tar.subarray(0, 1500));
    assert.deepEqual(inContent.incomplete, ['/a']);
    assert.equal(inContent.contents.get('/a')?.length, 988);
    assert.deepEqual(inContent.skipped, ['truncated /a: the archive ends in the content']);
    assert.match(
      walkTar(tar.subarray(0, 300)).skipped.join(),
      /^truncated layer: the archive ends in a header/,
    );
    assert.deepEqual(walkTar(tar.subarray(0, 512 + 2000)).incomplete, []);
  });

  it('may end without closing blocks, or with padding, but not with anything else', () => {
    const entry = tarEntry(file('a', 'x'));
    assert.deepEqual(walkTar(entry).skipped, []);
    assert.deepEqual(walkTar(Buffer.concat([entry, Buffer.alloc(20_000)])).skipped, []);
    assert.deepEqual(walkTar(Buffer.concat([entry, end, entry])).skipped, [
      'unsupported layer: bytes after the end of the archive',
    ]);
    assert.match(
      walkTar(Buffer.concat([entry, Buffer.alloc(512), entry])).skipped.join(),
      /^truncated layer: a single zero block/,
    );
    assert.deepEqual(walkTar(Buffer.alloc(0)).skipped, []);
  });

  it('cannot make the walker hold long extended headers or believe broken ones', () => {
    const long = changed(tarEntry({ path: 'x', claimedSize: 2 ** 31 }), (header) => header.write('x', 156));
    assert.match(walkTar(Buffer.concat([long, end])).skipped.join(), /longer than 1 MiB/);
    for (const body of [
      '6 path',
      '99 path=x\n',
      '-1 path=x\n',
      '0 a=b\n',
      '5 a=b\n',
      '3 =\n',
      '9 size=-1\n',
      '11 path=a\0b\n',
    ]) {
      const walk = walkTar(Buffer.concat([withType('x', body), tarEntry(file('a')), end]));
      assert.match(walk.skipped.join(), /^truncated layer: a.* pax record/, JSON.stringify(body));
    }
  });

  it('ends where it has more entries or names than allowed', () => {
    const tar = buildTar([file('a'), file('b'), file('c')]);
    const few = walkTar(tar, 512, { ...defaultTarLimits, maxEntries: 2 });
    assert.deepEqual(few.entries, ['file /a', 'file /b']);
    assert.deepEqual(few.skipped, ['entry-limit layer: more than 2 entries; the rest is not read']);
    const short = walkTar(tar, 512, { ...defaultTarLimits, maxNameBytes: 1 });
    assert.deepEqual([short.entries, short.skipped.length], [['file /a'], 1]);
  });

  it('has its sparse files written out', () => {
    const walk = walkTar(
      Buffer.concat([
        sparse(
          's',
          20,
          [
            [4, 3],
            [10, 2],
            [20, 0],
          ],
          'abcde',
        ),
        tarEntry(file('n')),
        end,
      ]),
      100,
    );
    assert.equal(walk.contents.get('/s')?.toString('latin1'), '\0\0\0\0abc\0\0\0de' + '\0'.repeat(8));
    assert.deepEqual([walk.skipped, walk.incomplete], [[], []]);
    assert.equal(walk.entries.at(-1), 'file /n');
  });

  it('cannot blow up by holes: beyond the limit only what is stored is delivered, and listed', () => {
    const bomb = sparse(
      's',
      2 ** 32,
      [
        [0, 3],
        [2 ** 31, 2],
      ],
      'abcde',
    );
    const walk = walkTar(Buffer.concat([bomb, bomb, tarEntry(file('n')), end]), 512);
    assert.equal(walk.contents.get('/s')?.toString().replaceAll('\0', ''), 'abcde');
    assert.equal(walk.contents.get('/s')?.length, 5 + 2 * 4096);
    assert.deepEqual([walk.incomplete, walk.skipped.length], [['/s', '/s'], 2]);
    assert.match(walk.skipped.join(), /^ratio-limit \/s: holes of 4294967291 bytes/);
    assert.equal(walk.entries.at(-1), 'file /n');
  });

  it('cannot have a sparse map that overlaps, leaves the file or lacks content', () => {
    const maps: [number, [number, number][]][] = [
      [
        20,
        [
          [4, 3],
          [5, 2],
        ],
      ],
      [20, [[18, 5]]],
      [20, [[0, 6]]],
    ];
    for (const [size, pairs] of maps) {
      const walk = walkTar(Buffer.concat([sparse('s', size, pairs, 'abcde'), end]));
      assert.deepEqual(walk.entries, []);
      assert.match(walk.skipped.join(), /^truncated layer: the map of a sparse file/);
    }
  });

  it('has bytes listed that its sparse map does not name', () => {
    const walk = walkTar(Buffer.concat([sparse('s', 3, [[0, 3]], 'abcHIDDEN'), tarEntry(file('n')), end]));
    assert.equal(walk.contents.get('/s')?.toString(), 'abc');
    assert.match(walk.skipped.join(), /^unsupported \/s: 6 bytes/);
    assert.equal(walk.entries.at(-1), 'file /n');
  });
});
