import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { processorTime } from '../../test/fixtures/processor-time.ts';
import type { EntryType } from './entry.ts';
import { EntryTable } from './entry-table.ts';
import { type FileSystemView, mergeLayers } from './filesystem.ts';

/** `path` a file with itself as content, `path=text` with that content, `path/` a directory, `path -> link`,
 *  `path => hard link`, `-path` a whiteout, `!path` an opaque directory. */
function layer(...lines: readonly (string | Buffer)[]): EntryTable {
  const table = new EntryTable();
  const add = (path: string | Buffer, type: EntryType, link?: string, content?: string): void => {
    const sha256 = content === undefined ? undefined : createHash('sha256').update(content).digest();
    const bytes = Buffer.from(path);
    const entry = { path: bytes, type, mode: 0, uid: 0, gid: 0, size: content?.length ?? 0 };
    table.append(link === undefined ? entry : { ...entry, link: Buffer.from(link) }, sha256);
  };
  for (const line of lines) {
    if (typeof line !== 'string') add(line, 'file', undefined, 'bytes');
    else if (line.includes(' -> ')) add(line.split(' -> ')[0]!, 'symlink', line.split(' -> ')[1]!);
    else if (line.includes(' => ')) add(line.split(' => ')[0]!, 'hardlink', line.split(' => ')[1]!);
    else if (line.startsWith('-')) add(line.slice(1), 'whiteout');
    else if (line.startsWith('!')) add(line.slice(1), 'opaque');
    else if (line.endsWith('/')) add(line.slice(0, -1) || '/', 'directory');
    else add(line.split('=')[0]!, 'file', undefined, line.split('=')[1] ?? line);
  }
  return table;
}

function where(view: FileSystemView, path: string, cwd?: string): string | undefined {
  const found = view.resolve(path, cwd);
  return found === undefined ? undefined : `${found.layer}:${found.ordinal} ${found.path}`;
}

describe('the merged file system', () => {
  it('has a file present, shadowed or deleted', () => {
    const view = mergeLayers([layer('/a', '/b', '/c'), layer('/b=new', '-/c')]);
    assert.deepEqual(
      ['/a', '/b', '/c'].map((path) => view.state(0, path)),
      ['present', 'shadowed', 'deleted'],
    );
    assert.equal(view.state(1, '/b'), 'present');
    assert.equal(view.state(0, 1), 'shadowed');
    assert.deepEqual(view.list('/'), ['a', 'b']);
  });

  it('applies whiteouts to lower layers only, wherever they stand in their own', () => {
    const lower = layer('/d/', '/d/old');
    for (const upper of [
      layer('!/d', '/d/', '/d/new'),
      layer('/d/new', '/d/', '!/d'),
      layer('/d/new', '-/d'),
    ]) {
      const view = mergeLayers([lower, upper]);
      assert.deepEqual(view.list('/d'), ['new']);
      assert.equal(view.state(0, '/d/old'), 'deleted');
    }
  });

  it('deletes a whole tree with its directory, and shows a directory that is made again', () => {
    const view = mergeLayers([layer('/d/', '/d/e/', '/d/e/f'), layer('-/d'), layer('/d/', '/d/g')]);
    assert.equal(view.state(0, '/d/e/f'), 'deleted');
    assert.deepEqual(view.list('/d'), ['g']);
    assert.equal(where(view, '/d'), '2:0 /d');
  });

  it('removes a tree when a file takes the place of its directory, and the other way round', () => {
    const replaced = mergeLayers([layer('/d/', '/d/f'), layer('/d=file')]);
    assert.equal(replaced.state(0, '/d/f'), 'deleted');
    assert.equal(where(replaced, '/d'), '1:0 /d');
    const back = mergeLayers([layer('/d=file'), layer('/d/f')]);
    assert.equal(back.state(0, '/d'), 'shadowed');
    assert.deepEqual(back.list('/d'), ['f']);
    const again = mergeLayers([layer('/d/', '/d/f'), layer('/d=file'), layer('/d/')]);
    assert.deepEqual(again.list('/d'), []);
  });

  it('keeps what a directory holds when an upper layer has the directory as well', () => {
    const view = mergeLayers([layer('/d/', '/d/f'), layer('/d/')]);
    assert.deepEqual(view.list('/d'), ['f']);
    assert.equal(where(view, '/d'), '1:0 /d');
  });

  it('takes the last of duplicates', () => {
    const view = mergeLayers([layer('/a=first', '/a=second')]);
    assert.equal(view.state(0, 0), 'shadowed');
    assert.equal(view.state(0, 1), 'present');
    assert.equal(view.state(0, '/a'), 'present');
  });

  it('finds deleted content present when a copy remains under another path', () => {
    const view = mergeLayers([
      layer('/a=malware', '/b=other'),
      layer('-/a', '-/b'),
      layer('/hidden/x=malware'),
    ]);
    assert.equal(view.state(0, '/a'), 'present');
    assert.equal(view.state(0, '/b'), 'deleted');
  });

  it('keeps content alive through a hard link, also into a lower layer, and loses it with the last one', () => {
    const lower = layer('/a');
    const linked = layer('/b => /a', '-/x');
    assert.equal(where(mergeLayers([lower, linked]), '/b'), '0:0 /b');
    assert.equal(mergeLayers([lower, linked, layer('-/a')]).state(0, '/a'), 'present');
    assert.equal(mergeLayers([lower, linked, layer('-/a', '-/b')]).state(0, '/a'), 'deleted');
    assert.equal(mergeLayers([lower, linked, layer('/a=new')]).state(0, '/a'), 'present');
  });

  it('knows the content of hard links to hard links, and of those in front of their target', () => {
    const view = mergeLayers([layer('/c => /b', '/b => /a', '/a', '/loop => /loop', '/none => /nowhere')]);
    assert.equal(where(view, '/b'), '0:2 /b');
    assert.equal(where(view, '/loop'), '0:3 /loop');
    assert.equal(where(view, '/none'), '0:4 /none');
  });

  it('does not put a late hard link over a directory that took its place', () => {
    const view = mergeLayers([layer('/c => /c/d', '/c/d')]);
    assert.deepEqual(view.list('/c'), ['d']);
  });

  it('follows symbolic links in every component, never out of the root', () => {
    const view = mergeLayers([
      layer(
        '/usr/',
        '/usr/bin/',
        '/usr/bin/sh',
        '/bin -> usr/bin',
        '/x -> /bin/../../../../bin/sh',
        '/usr/y -> ../x',
      ),
      layer('/abs -> /usr', '/dangling -> nowhere'),
    ]);
    for (const path of ['/bin/sh', '/x', '/usr/y', '/abs/bin/sh', '/../../bin/sh', '//bin/./sh']) {
      assert.equal(where(view, path), '0:2 /usr/bin/sh', path);
    }
    assert.equal(where(view, 'sh', '/bin'), '0:2 /usr/bin/sh');
    assert.equal(where(view, '../x', '/bin'), undefined);
    assert.equal(where(view, '../../x', '/bin'), '0:2 /usr/bin/sh');
    for (const path of ['/dangling', '/usr/bin/sh/', '/usr/bin/sh/..', '/no'])
      assert.equal(where(view, path), undefined, path);
    assert.deepEqual(view.list('/bin'), ['sh']);
    assert.equal(view.lookup('/x')?.ordinal, 4);
    assert.equal(view.lookup('/bin/sh')?.path, '/usr/bin/sh');
  });

  it('ends loops of links', () => {
    const view = mergeLayers([
      layer('/a -> b', '/b -> a', '/self -> self', '/deep -> deep/x', '/d/up -> ..'),
    ]);
    for (const path of ['/a', '/self', '/deep', '/a/x']) assert.equal(where(view, path), undefined);
    assert.equal(where(view, `/${'d/up/'.repeat(30)}d`), '0:-1 /d');
    assert.equal(where(view, `/${'d/up/'.repeat(41)}d`), undefined);
  });

  it('puts entries below a link where runtimes put them: behind it', () => {
    const view = mergeLayers([
      layer('/usr/lib/', '/lib -> usr/lib'),
      layer('/lib/evil', '/dangling -> x'),
      layer('-/lib/evil'),
    ]);
    assert.equal(view.state(1, '/lib/evil'), 'deleted');
    const kept = mergeLayers([layer('/usr/lib/', '/lib -> usr/lib'), layer('/lib/evil')]);
    assert.equal(where(kept, '/usr/lib/evil'), '1:0 /usr/lib/evil');
    assert.equal(kept.lookup('/lib')?.path, '/lib');
  });

  it('takes names that are not UTF-8 as bytes or in their printed form', () => {
    const name = Buffer.from('/d/\xff', 'latin1');
    const view = mergeLayers([layer(name)]);
    assert.equal(view.resolve(name)?.path, '/d/\\xff');
    assert.equal(view.resolve('/d/\\xff')?.path, '/d/\\xff');
    assert.equal(view.state(0, '/d/\\xff'), 'present');
    assert.deepEqual(view.list('/d'), ['\\xff']);
  });

  it('answers for nothing at all', () => {
    const view = mergeLayers([]);
    assert.equal(view.state(0, 0), 'deleted');
    assert.deepEqual(view.list('/'), []);
    assert.equal(view.resolve('/')?.path, '/');
    assert.equal(mergeLayers([layer('-/', '!/', '/a')]).state(0, '/a'), 'present');
  });

  it('merges deep chains of links in bounded time', () => {
    const lines = ['/l0 -> .'];
    for (let i = 1; i < 39; i++) lines.push(`/l${i} -> ${`l${i - 1}/`.repeat(2)}`);
    const many = Array.from({ length: 3000 }, (_, i) => `/l38/d${i}/f`);
    const used = processorTime();
    mergeLayers([layer(...lines), layer(...many)]);
    assert.ok(used() < 5000);
  });
});
