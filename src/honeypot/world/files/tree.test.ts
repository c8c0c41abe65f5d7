import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { contentOf, type Directory, type Node } from './node.ts';
import { Quota } from './quota.ts';
import { Tree } from './tree.ts';

const attributes = { uid: 0, gid: 0, mode: 0o755, mtime: 0 };
const plenty = 1 << 20;

function file(text: string): Node {
  return { kind: 'file', ...attributes, size: text.length, content: Buffer.from(text) };
}

function directory(entries: Readonly<Record<string, Node>> = {}): Directory {
  return { kind: 'directory', ...attributes, entries: new Map(Object.entries(entries)) };
}

function textAt(tree: Tree, path: string): string | undefined {
  const node = tree.get(path);
  return node?.kind === 'file' ? Buffer.from(contentOf(node)).toString() : undefined;
}

/** What still fits, in bytes. */
function roomIn(quota: Quota, most: number): number {
  let room = most;
  for (;;) {
    try {
      quota.take(room);
      quota.take(-room);
      return room;
    } catch {
      room -= 1;
    }
  }
}

describe('a tree of files', () => {
  const base = directory({ etc: directory({ motd: file('welcome'), ssh: directory({ key: file('k') }) }) });

  it('keeps what one visitor writes from all others', () => {
    const [mine, yours] = [new Tree(base, new Quota(plenty)), new Tree(base, new Quota(plenty))];
    mine.put('/etc/motd', file('owned'));
    mine.put('/etc/ssh/authorized_keys', file('theirs'));
    mine.remove('/etc/ssh/key');
    assert.equal(textAt(mine, '/etc/motd'), 'owned');
    assert.equal(textAt(mine, '/etc/ssh/key'), undefined);
    assert.equal(textAt(yours, '/etc/motd'), 'welcome');
    assert.equal(textAt(yours, '/etc/ssh/key'), 'k');
    assert.equal(yours.get('/etc/ssh/authorized_keys'), undefined);
    assert.equal(textAt(new Tree(base, new Quota(plenty)), '/etc/motd'), 'welcome');
  });

  it('tells when a directory changed only where its entries did', () => {
    const tree = new Tree(base, new Quota(plenty));
    tree.put('/etc/motd', file('other'), 5);
    assert.equal(tree.get('/etc')?.mtime, 0);
    tree.put('/etc/new', file('n'), 6);
    assert.equal(tree.get('/etc')?.mtime, 6);
    tree.remove('/etc/new', 7);
    assert.equal(tree.get('/etc')?.mtime, 7);
    assert.equal(base.mtime, 0);
  });

  it('answers as the kernel does where there is no such directory', () => {
    const tree = new Tree(base, new Quota(plenty));
    assert.throws(() => tree.put('/nowhere/x', file('')), { code: 'ENOENT' });
    assert.throws(() => tree.put('/etc/motd/x', file('')), { code: 'ENOTDIR' });
    assert.throws(() => tree.put(`/etc/${'n'.repeat(256)}`, file('')), { code: 'ENAMETOOLONG' });
    assert.throws(() => tree.put('/', directory()), { code: 'EBUSY' });
    assert.throws(() => tree.remove('/etc/nothing'), { code: 'ENOENT' });
  });

  it('takes nothing into a directory that is made at each reading', () => {
    const proc: Directory = { kind: 'directory', ...attributes, entries: () => new Map() };
    const tree = new Tree(directory({ proc }), new Quota(plenty));
    assert.throws(() => tree.put('/proc/x', file('')), { code: 'EROFS' });
  });
});

describe('the quota of a tree', () => {
  it('refuses what does not fit, and changes nothing then', () => {
    const tree = new Tree(directory({ tmp: directory() }), new Quota(10_000));
    tree.put('/tmp/a', file('a'.repeat(4000)));
    assert.throws(() => tree.put('/tmp/b', file('b'.repeat(8000))), { code: 'ENOSPC' });
    assert.equal(tree.get('/tmp/b'), undefined);
    tree.put('/tmp/b', file('b'.repeat(4000)));
    assert.equal(textAt(tree, '/tmp/a')?.length, 4000);
  });

  it('gives back what is removed or replaced', () => {
    const tree = new Tree(directory({ tmp: directory() }), new Quota(10_000));
    for (let round = 0; round < 20; round++) {
      tree.put('/tmp/a', file('a'.repeat(5000 + round)));
      if (round % 3 === 0) tree.remove('/tmp/a');
    }
    assert.equal(textAt(tree, '/tmp/a')?.length, 5019);
  });

  it('gives nothing for removing what all share', () => {
    const quota = new Quota(20_000);
    const tree = new Tree(directory({ big: file('b'.repeat(8000)) }), quota);
    tree.put('/mine', file('m'.repeat(10_000)));
    const before = roomIn(quota, 20_000);
    tree.remove('/big');
    assert.equal(roomIn(quota, 20_000), before);
  });

  it('counts against the one around it, until its world is closed', () => {
    const outer = new Quota(10_000);
    const [mine, yours] = [
      new Tree(directory(), new Quota(8000, outer)),
      new Tree(directory(), new Quota(8000, outer)),
    ];
    mine.put('/a', file('a'.repeat(6000)));
    assert.throws(() => yours.put('/a', file('a'.repeat(6000))), { code: 'ENOSPC' });
    mine.close();
    yours.put('/a', file('a'.repeat(6000)));
    yours.close();
    assert.equal(roomIn(outer, 10_000), 10_000);
  });
});
