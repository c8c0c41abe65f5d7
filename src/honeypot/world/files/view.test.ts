import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Directory, Node } from './node.ts';
import { Quota } from './quota.ts';
import { Tree } from './tree.ts';
import { View } from './view.ts';

const attributes = { uid: 0, gid: 0, mode: 0o755, mtime: 0 };
const guest = { uid: 1000, gid: 1000 };

function file(text: string, mode = 0o644): Node {
  return { kind: 'file', ...attributes, mode, size: text.length, content: Buffer.from(text) };
}

function link(target: string): Node {
  return { kind: 'link', ...attributes, mode: 0o777, target };
}

function directory(entries: Readonly<Record<string, Node>> = {}, mode = 0o755): Directory {
  return { kind: 'directory', ...attributes, mode, entries: new Map(Object.entries(entries)) };
}

function machine(): Tree {
  return new Tree(
    directory({
      bin: link('usr/bin'),
      usr: directory({ bin: directory({ ls: file('ls', 0o755), again: link('../../bin/ls') }) }),
      etc: directory({
        motd: file('welcome'),
        shadow: file('secret', 0o640),
        self: link('/etc'),
        loop: link('loop'),
      }),
      root: directory({ notes: file('n') }, 0o700),
      tmp: directory({}, 0o1777),
      home: directory({ guest: { ...directory(), ...guest } }),
      mnt: directory(),
    }),
    new Quota(1 << 20),
  );
}

function text(view: View, path: string): string {
  return Buffer.from(view.read(path)).toString();
}

describe('paths', () => {
  const view = new View(machine());

  it('follow links, dots and the working directory', () => {
    assert.equal(text(view, '/bin/ls'), 'ls');
    assert.equal(text(view, '/usr/bin/again'), 'ls');
    assert.equal(text(view.in('/usr/bin'), '../../etc/./motd'), 'welcome');
    assert.equal(text(view, '/../../etc/self/self/motd'), 'welcome');
    assert.equal(view.in('/bin').cwd, '/usr/bin');
    assert.equal(view.realpath('/usr/bin/again'), '/usr/bin/ls');
    assert.equal(view.readlink('/bin'), 'usr/bin');
  });

  it('end as in the kernel where they lead nowhere', () => {
    assert.throws(() => view.stat(''), { code: 'ENOENT' });
    assert.throws(() => view.stat('/etc/nothing'), { code: 'ENOENT' });
    assert.throws(() => view.stat('/etc/motd/x'), { code: 'ENOTDIR' });
    assert.throws(() => view.stat('/etc/motd/'), { code: 'ENOTDIR' });
    assert.throws(() => view.stat('/etc/loop'), { code: 'ELOOP' });
    assert.throws(() => view.stat(`/${'x/'.repeat(3000)}`), { code: 'ENAMETOOLONG' });
    assert.throws(() => view.read('/etc'), { code: 'EISDIR' });
    assert.throws(() => view.readlink('/etc/motd'), { code: 'EINVAL' });
  });
});

describe('what a user may do', () => {
  const view = new View(machine(), { user: guest });

  it('is what the modes say', () => {
    assert.equal(text(view, '/etc/motd'), 'welcome');
    assert.throws(() => view.read('/etc/shadow'), { code: 'EACCES' });
    assert.throws(() => view.read('/root/notes'), { code: 'EACCES' });
    assert.throws(() => view.list('/root'), { code: 'EACCES' });
    assert.throws(() => view.write('/etc/motd', Buffer.from('x')), { code: 'EACCES' });
    assert.throws(() => view.write('/etc/new', Buffer.from('x')), { code: 'EACCES' });
    assert.throws(() => view.chroot('/etc'), { code: 'EPERM' });
    assert.throws(() => view.change('/etc/motd', { mode: 0o777 }), { code: 'EPERM' });
    view.write('/home/guest/mine', Buffer.from('m'));
    assert.deepEqual([view.stat('/home/guest/mine').uid, view.stat('/home/guest/mine').gid], [1000, 1000]);
    assert.throws(() => view.change('/home/guest/mine', { uid: 0 }), { code: 'EPERM' });
  });

  it('leaves what others put into /tmp', () => {
    const root = view.as({ uid: 0, gid: 0 });
    root.write('/tmp/theirs', Buffer.from('t'), { mode: 0o666 });
    assert.throws(() => view.unlink('/tmp/theirs'), { code: 'EPERM' });
    view.write('/tmp/mine', Buffer.from('m'));
    view.unlink('/tmp/mine');
    root.unlink('/tmp/theirs');
    assert.deepEqual(view.list('/tmp'), []);
  });
});

describe('changes', () => {
  it('keep mode and owner of a file that is written again', () => {
    const view = new View(machine());
    view.write('/etc/shadow', Buffer.from('+'), { append: true, now: 7 });
    const { mode, mtime } = view.stat('/etc/shadow');
    assert.deepEqual([text(view, '/etc/shadow'), mode, mtime], ['secret+', 0o640, 7]);
  });

  it('take what is made only when it is read', () => {
    const view = new View(machine());
    let made = 0;
    const content = (): Buffer => {
      made += 1;
      return Buffer.from('large');
    };
    view.write('/tmp/blob', { size: 400 << 20, content });
    const node = view.stat('/tmp/blob');
    assert.equal(node.kind === 'file' && node.size, 400 << 20);
    assert.equal(made, 0);
    assert.equal(text(view, '/tmp/blob'), 'large');
  });

  it('stop at the largest file', () => {
    const view = new View(new Tree(directory(), new Quota(64 << 20)));
    assert.throws(() => view.write('/x', Buffer.alloc((8 << 20) + 1)), { code: 'ENOSPC' });
    view.write('/x', Buffer.alloc(5 << 20));
    assert.throws(() => view.write('/x', Buffer.alloc(4 << 20), { append: true }), { code: 'ENOSPC' });
  });

  it('rename files and directories, and refuse as the kernel does', () => {
    const view = new View(machine());
    view.mkdir('/tmp/a');
    view.write('/tmp/a/x', Buffer.from('x'));
    view.rename('/tmp/a', '/tmp/b');
    assert.equal(text(view, '/tmp/b/x'), 'x');
    assert.equal(view.exists('/tmp/a'), false);
    assert.throws(() => view.rename('/tmp/b', '/tmp/b/inside'), { code: 'EINVAL' });
    assert.throws(() => view.rename('/etc/motd', '/tmp/b'), { code: 'EISDIR' });
    assert.throws(() => view.rename('/tmp/b', '/etc/motd'), { code: 'ENOTDIR' });
    assert.throws(() => view.rename('/tmp/b', '/etc'), { code: 'ENOTEMPTY' });
    assert.throws(() => view.rmdir('/tmp/b'), { code: 'ENOTEMPTY' });
    assert.throws(() => view.unlink('/tmp/b'), { code: 'EISDIR' });
    assert.throws(() => view.mkdir('/tmp/b'), { code: 'EEXIST' });
  });

  it('do not reach what chattr protects, not even for root', () => {
    const view = new View(machine());
    view.change('/etc/motd', { flags: 'i' });
    for (const change of [
      () => view.write('/etc/motd', Buffer.from('x')),
      () => view.unlink('/etc/motd'),
      () => view.rename('/etc/motd', '/etc/old'),
      () => view.change('/etc/motd', { mode: 0o777 }),
      () => view.link('/etc/motd', '/etc/other'),
    ])
      assert.throws(change, { code: 'EPERM' });
    view.change('/etc/motd', { flags: 'a' });
    view.write('/etc/motd', Buffer.from('!'), { append: true });
    assert.throws(() => view.write('/etc/motd', Buffer.from('x')), { code: 'EPERM' });
    view.change('/etc/motd', { flags: '' });
    view.unlink('/etc/motd');
    view.change('/tmp', { flags: 'i' });
    assert.throws(() => view.write('/tmp/x', Buffer.from('x')), { code: 'EPERM' });
  });

  it('are told to who watches, by the path outside of any chroot', () => {
    const seen: string[] = [];
    const view = new View(machine()).watchedBy((path) => seen.push(path));
    view.write('/tmp/a', Buffer.from('a'));
    view.rename('/tmp/a', '/tmp/b');
    view.chroot('/tmp').write('/c', Buffer.from('c'));
    assert.deepEqual(seen, ['/tmp/a', '/tmp/b', '/tmp/c']);
  });
});

describe('another root', () => {
  it('is all that is seen', () => {
    const view = new View(machine()).chroot('/usr');
    assert.equal(text(view, '/bin/ls'), 'ls');
    assert.equal(text(view, '/../../bin/ls'), 'ls');
    assert.equal(view.exists('/etc/motd'), false);
    assert.equal(view.in('/bin').cwd, '/bin');
    assert.equal(view.outsidePath('/bin/ls'), '/usr/bin/ls');
  });
});

describe('mounts', () => {
  function container(readOnly = false): { readonly view: View; readonly host: Tree } {
    const host = machine();
    const tree = machine();
    tree.mounts.set('/mnt', { tree: host, path: '/', readOnly });
    return { view: new View(tree), host };
  }

  it('show and change the other tree', () => {
    const { view, host } = container();
    view.write('/mnt/etc/motd', Buffer.from('from inside'));
    assert.equal(text(new View(host), '/etc/motd'), 'from inside');
    assert.equal(text(view, '/etc/motd'), 'welcome');
    assert.equal(view.in('/mnt/etc').cwd, '/mnt/etc');
    assert.equal(text(view.in('/mnt/etc'), '../../etc/motd'), 'welcome');
    assert.equal(text(view.chroot('/mnt'), '/etc/self/motd'), 'from inside');
  });

  it('are busy, read-only where they are, and another device', () => {
    const { view } = container(true);
    assert.throws(() => view.write('/mnt/etc/motd', Buffer.from('x')), { code: 'EROFS' });
    assert.throws(() => view.unlink('/mnt/etc/motd'), { code: 'EROFS' });
    assert.throws(() => view.rmdir('/mnt'), { code: 'EBUSY' });
    assert.throws(() => view.rename('/mnt', '/tmp/m'), { code: 'EBUSY' });
    assert.throws(() => view.rename('/mnt/etc/motd', '/tmp/m'), { code: 'EXDEV' });
  });

  it('hold mounts of their own, and never themselves for ever', () => {
    const { view, host } = container();
    const proc = new Tree(directory({ version: file('Linux') }), new Quota(1000));
    host.mounts.set('/mnt', { tree: proc, path: '/', readOnly: true });
    assert.equal(text(view, '/mnt/mnt/version'), 'Linux');
    const [entry] = view.list('/mnt').filter(({ name }) => name === 'mnt');
    assert.ok(
      entry?.node.kind === 'directory' && (entry.node.entries as ReadonlyMap<string, Node>).has('version'),
    );
    assert.throws(() => view.write('/mnt/mnt/new', Buffer.from('x')), { code: 'EROFS' });
    const own = machine();
    own.mounts.set('/mnt', { tree: own, path: '/mnt', readOnly: false });
    assert.deepEqual(new View(own).list('/mnt'), []);
  });
});
