import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { recordWalk, walkTar } from '../../../test/fixtures/walk-recorder.ts';
import {
  buildTar,
  checksummed,
  directory,
  file,
  hardlink,
  symlink,
  tarEntry,
} from '../../lab/tar-builder.ts';
import { createTarWalker } from './walker.ts';

const end = Buffer.alloc(1024);

/** An entry whose header is changed by `change` before the checksum is taken. */
function changed(entry: Buffer, change: (header: Buffer) => void): Buffer {
  const copy = Buffer.from(entry);
  change(copy);
  checksummed(copy.subarray(0, 512));
  return copy;
}

function ofType(flag: string, name: string, content = ''): Buffer {
  return changed(tarEntry(file(name, content)), (header) => header.write(flag, 156, 'latin1'));
}

function pax(flag: 'x' | 'g', records: Readonly<Record<string, string>>): Buffer {
  let body = '';
  for (const [key, value] of Object.entries(records)) {
    const rest = ` ${key}=${value}\n`;
    let length = Buffer.byteLength(rest) + 1;
    while (String(length).length + Buffer.byteLength(rest) !== length) length++;
    body += length + rest;
  }
  return ofType(flag, 'PaxHeader', body);
}

describe('the tar walker', () => {
  it('delivers every type of entry with its normalised path', () => {
    const walk = walkTar(
      buildTar([
        directory('./'),
        directory('etc/'),
        file('./etc/passwd', 'root:x'),
        symlink('etc/link', '../bin/sh'),
        hardlink('etc/hard', './etc/passwd'),
        { path: 'dev/null', type: 'chardev' },
        { path: 'dev/sda', type: 'blockdev' },
        { path: 'run/pipe', type: 'fifo' },
        file('/absolute//x/./y', ''),
      ]),
    );
    assert.deepEqual(walk.entries, [
      'directory /',
      'directory /etc',
      'file /etc/passwd',
      'symlink /etc/link -> ../bin/sh',
      'hardlink /etc/hard -> /etc/passwd',
      'device /dev/null',
      'device /dev/sda',
      'fifo /run/pipe',
      'file /absolute/x/y',
    ]);
    assert.equal(walk.contents.get('/etc/passwd')?.toString(), 'root:x');
    assert.deepEqual(walk.skipped, ['device /dev/null: ', 'device /dev/sda: ']);
  });

  it('gives the same wherever the chunks end', () => {
    const tar = buildTar([
      file('a'.repeat(150), 'x'.repeat(1500)),
      file('empty'),
      file('full', 'y'.repeat(512)),
      symlink('l', 'b'.repeat(200)),
    ]);
    const whole = walkTar(tar);
    assert.equal(whole.entries.length, 4);
    for (const chunkSize of [1, 7, 511, 512, 513, 1000]) {
      const cut = walkTar(tar, chunkSize);
      assert.deepEqual(
        [cut.entries, cut.contents, cut.skipped],
        [whole.entries, whole.contents, whole.skipped],
      );
    }
  });

  it('hands on content as slices of the chunk', () => {
    const tar = buildTar([file('a', 'zero-copy')]);
    let memory: ArrayBufferLike | undefined;
    const walker = createTarWalker({ ...recordWalk(), data: (bytes) => (memory = bytes.buffer) });
    walker.push(tar);
    assert.equal(memory, tar.buffer);
  });

  it('keeps mode, owner and size, also in base 256', () => {
    const big = changed(tarEntry(file('a', 'abc', { mode: 0o4755, uid: 7, gid: 9 })), (header) => {
      header.fill(0, 124, 136);
      header[124] = 0x80;
      header[135] = 3;
    });
    let seen: unknown;
    const walker = createTarWalker({ ...recordWalk(), entry: (entry) => (seen = entry) });
    walker.push(Buffer.concat([big, end]));
    assert.deepEqual(seen, { path: Buffer.from('/a'), type: 'file', mode: 0o4755, uid: 7, gid: 9, size: 3 });
  });

  it('lets a pax header override name, link and size, and passes over other keys', () => {
    const name = 'ä'.repeat(80);
    const walk = walkTar(
      Buffer.concat([
        pax('x', { path: name, size: '4', 'SCHILY.xattr.user.x': 'path=evil\n', mtime: '1.5' }),
        changed(tarEntry(file('short', 'four')), (header) => header.write('00000000000', 124)),
        pax('x', { linkpath: 'far/away' }),
        tarEntry(symlink('link', 'near')),
        tarEntry(file('plain', 'p')),
        end,
      ]),
    );
    assert.deepEqual(walk.entries, [`file /${name}`, 'symlink /link -> far/away', 'file /plain']);
    assert.equal(walk.contents.get(`/${name}`)?.toString(), 'four');
    assert.deepEqual(walk.skipped, []);
  });

  it('ignores global pax headers as runtimes do, and lists one that would rename or resize', () => {
    const harmless = walkTar(Buffer.concat([pax('g', { comment: 'git' }), tarEntry(file('a', 'x')), end]));
    assert.deepEqual([harmless.entries, harmless.skipped], [['file /a'], []]);
    const moving = walkTar(
      Buffer.concat([pax('g', { path: 'b', size: '0' }), tarEntry(file('a', 'x')), end]),
    );
    assert.deepEqual(moving.entries, ['file /a']);
    assert.match(moving.skipped.join(), /^unsupported layer: a global pax header/);
  });

  it('reads names that a ustar prefix begins, and old tars that end directories with a slash', () => {
    const prefixed = changed(tarEntry(file('name', 'p')), (header) => header.write('some/prefix', 345));
    const old = changed(tarEntry(file('olddir/')), (header) => {
      header.fill(0, 156, 157);
      header.fill(0, 257, 265);
    });
    const walk = walkTar(
      Buffer.concat([prefixed, old, ofType('0', 'dir/'), ofType('7', 'contiguous', 'c'), end]),
    );
    assert.deepEqual(walk.entries, [
      'file /some/prefix/name',
      'directory /olddir',
      'directory /dir',
      'file /contiguous',
    ]);
  });

  it('reads an unknown type as a file, so that nothing hides in it', () => {
    const walk = walkTar(Buffer.concat([ofType('Z', 'odd', 'content'), end]));
    assert.equal(walk.contents.get('/odd')?.toString(), 'content');
  });

  it('delivers the content that pax allows behind a hard link, and none where a header follows', () => {
    const link = changed(tarEntry({ ...hardlink('h', 'a'), content: 'own' }), () => {});
    const withContent = walkTar(Buffer.concat([link, tarEntry(file('next')), end]));
    assert.deepEqual(withContent.entries, ['file /h', 'file /next']);
    assert.equal(withContent.contents.get('/h')?.toString(), 'own');
    const lying = tarEntry({ ...hardlink('h', 'a'), claimedSize: 700 });
    const without = walkTar(Buffer.concat([lying, tarEntry(file('next', 'seen')), end]));
    assert.deepEqual(without.entries, ['hardlink /h -> /a', 'file /next']);
    assert.equal(without.contents.get('/next')?.toString(), 'seen');
    assert.deepEqual(without.skipped, []);
  });

  it('turns whiteout files into what they hide', () => {
    const walk = walkTar(
      buildTar([
        file('a/.wh.gone'),
        file('a/.wh..wh..opq'),
        file('.wh..wh..opq'),
        file('.wh.top'),
        file('.wh..wh.aufs'),
        directory('.wh..wh.plnk/'),
        directory('.wh.dir/'),
        file('.wh....x'),
      ]),
    );
    assert.deepEqual(walk.entries, [
      'whiteout /a/gone',
      'opaque /a',
      'opaque /',
      'whiteout /top',
      'whiteout /dir',
      'whiteout /...x',
    ]);
    assert.deepEqual(walk.skipped, []);
  });

  it('refuses whiteouts without a name, and delivers what hides in a marker', () => {
    const walk = walkTar(
      buildTar([
        file('a/.wh.'),
        file('a/.wh..'),
        file('a/.wh...'),
        file('.wh.x', 'hidden'),
        file('.wh..wh.plnk/1', 'linked'),
      ]),
    );
    assert.deepEqual(walk.entries, ['whiteout /x', 'file /.wh.x', 'file /.wh..wh.plnk/1']);
    assert.equal(walk.contents.get('/.wh.x')?.toString(), 'hidden');
    assert.equal(walk.skipped.filter((line) => line.startsWith('unsupported /a/.wh.')).length, 3);
  });

  it('keeps an error of the sink apart from a broken archive', () => {
    const walker = createTarWalker({
      ...recordWalk(),
      entry() {
        throw new RangeError('the sink is full');
      },
    });
    assert.throws(() => walker.push(buildTar([file('a')])), new RangeError('the sink is full'));
    walker.finish();
  });
});
