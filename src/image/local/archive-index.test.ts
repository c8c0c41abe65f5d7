import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildTar, directory, file, hardlink, paxHeader, symlink, tarEntry } from '../../lab/tar-builder.ts';
import { followLinks, indexMembers } from './archive-index.ts';

/** A reader over bytes in memory. */
function readerOf(bytes: Buffer) {
  let at = 0;
  return {
    get position() {
      return at;
    },
    take: async (count: number) => {
      const piece = bytes.subarray(at, at + count);
      at += piece.length;
      return piece;
    },
    skipTo: async (position: number) => {
      at = position;
    },
  };
}

const index = (bytes: Buffer) => indexMembers(readerOf(bytes), 'docker-archive:x.tar');

describe('the index of an outer archive', () => {
  it('knows each member by its plain name, with the place of its content', async () => {
    const bytes = buildTar([
      directory('./d/'),
      file('./d/a', 'hello'),
      file('/abs', 'x'),
      file('../../up', 'y'),
    ]);
    const members = await index(bytes);
    assert.deepEqual([...members.keys()], ['d/', 'd/a', 'abs', 'up']);
    const found = members.get('d/a');
    assert.equal(bytes.subarray(found?.start, found?.end).toString(), 'hello');
  });

  it('takes the last of several members with one name, as unpacking would', async () => {
    const bytes = buildTar([file('a', 'first'), file('b'), file('a', 'second')]);
    const found = (await index(bytes)).get('a');
    assert.equal(bytes.subarray(found?.start, found?.end).toString(), 'second');
  });

  it('reads long names of GNU and of pax, and sizes of pax', async () => {
    const long = `blobs/${'x'.repeat(200)}`;
    const short = tarEntry({ ...file('short', 'content'), claimedSize: 0 });
    const bytes = Buffer.concat([
      tarEntry(file(long, '1')),
      paxHeader({ comment: 'of all' }, 'g'),
      paxHeader({ path: 'pax/name', size: '7', mtime: '1.5' }),
      short,
      tarEntry(file('after', '2')),
      Buffer.alloc(1024),
    ]);
    const members = await index(bytes);
    assert.deepEqual([...members.keys()], [long, 'pax/name', 'after']);
    const found = members.get('pax/name');
    assert.equal(bytes.subarray(found?.start, found?.end).toString(), 'content');
  });

  it('follows links to where they lead, and circles to nothing', async () => {
    const members = await index(
      buildTar([
        file('x/layer.tar', 'z'),
        symlink('y/layer.tar', '../x/layer.tar'),
        hardlink('h', './y/layer.tar'),
        symlink('one', 'two'),
        symlink('two', 'one'),
        symlink('absolute', '/x/layer.tar'),
      ]),
    );
    for (const name of ['y/layer.tar', 'h', 'absolute']) {
      assert.equal(followLinks(members, name)?.name, 'x/layer.tar', name);
    }
    assert.equal(followLinks(members, 'one'), undefined);
  });

  it('ends without an error where the closing blocks are missing, and with one inside of a header', async () => {
    const bytes = tarEntry(file('a', '1'));
    assert.equal((await index(bytes)).size, 1);
    await assert.rejects(index(Buffer.concat([bytes, bytes.subarray(0, 100)])), { code: 'truncated' });
  });

  it('refuses what would cost memory without end', async () => {
    const many = Buffer.concat(Array.from({ length: 20_001 }, () => tarEntry(file('a'))));
    await assert.rejects(index(many), { code: 'limit', message: /more than 20000 members/ });
    const header = tarEntry(file('n'.repeat(101), '1')).subarray(0, 512);
    header.write('77777777777', 124);
    header.fill(0x20, 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    await assert.rejects(index(header), { code: 'limit', message: /8589934591 bytes/ });
    assert.equal((await index(buildTar([file('n'.repeat(2_000), '1'), file('b')]))).size, 1);
  });
});
