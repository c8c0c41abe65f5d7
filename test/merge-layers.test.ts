/** The merged view is held against what umoci unpacks from the same layers. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { walkDirectory } from '../src/image/directory.ts';
import type { EntrySink } from '../src/image/entry.ts';
import { EntryTable } from '../src/image/entry-table.ts';
import { type FileSystemView, mergeLayers } from '../src/image/filesystem.ts';
import { createTarWalker } from '../src/image/tar/walker.ts';
import {
  buildOciLayout,
  buildTar,
  directory,
  file,
  hardlink,
  opaque,
  symlink,
  type TarEntry,
  whiteout,
} from '../src/lab/image-builder.ts';

const absent = spawnSync('umoci', ['--version']).error !== undefined;
const skip = absent && !process.env.WATERGUARD_REQUIRE_ALL ? 'umoci not installed' : false;

/** Fills a table from a walk, with the SHA-256 of each file. */
function tableSink(table: EntryTable): EntrySink {
  let ordinal = -1;
  let hash = createHash('sha256');
  return {
    entry(entry) {
      ordinal = table.append(entry);
      hash = createHash('sha256');
    },
    data: (bytes) => hash.update(bytes),
    end: () => table.setContent(ordinal, hash.digest()),
    skip: (path, reason, detail) => assert.fail(`${reason} ${path} ${detail}`),
  };
}

/** Every path with what is there: a directory, a link's target, or the beginning of the content's hash. */
function tree(view: FileSystemView, tables: readonly EntryTable[], folder = ''): string[] {
  return view.list(folder || '/').flatMap((name) => {
    const path = `${folder}/${name}`;
    const found = view.lookup(path);
    assert.ok(found, path);
    const table = tables[found.layer]!;
    const type = found.ordinal < 0 ? 'directory' : table.type(found.ordinal);
    if (type === 'directory') return [`${path}/`, ...tree(view, tables, path)];
    if (type === 'symlink') return [`${path} -> ${table.link(found.ordinal)}`];
    return [`${path} ${table.sha256(found.ordinal)?.toString('hex', 0, 6)}`];
  });
}

const images: Readonly<Record<string, readonly (readonly TarEntry[])[]>> = {
  'whiteouts of files, trees and what is not there': [
    [directory('a/'), file('a/x', '1'), directory('a/b/'), file('a/b/y', '2'), file('z', '3')],
    [whiteout('a/b'), whiteout('z'), whiteout('nothing'), file('a/new', '4')],
  ],
  'an opaque directory after its siblings': [
    [directory('d/'), file('d/old', '1'), directory('d/sub/'), file('d/sub/old', '2')],
    [directory('d/'), file('d/new', '3'), opaque('d')],
  ],
  'a directory that goes and comes back': [
    [directory('d/'), file('d/old', '1')],
    [whiteout('d')],
    [directory('d/'), file('d/new', '2')],
  ],
  'files in place of directories and back': [
    [directory('d/'), file('d/f', '1'), file('e', '2')],
    [file('d', '3'), directory('e/'), file('e/g', '4')],
  ],
  'hard links into lower layers': [
    [file('a', '1'), hardlink('b', 'a')],
    [file('a', '2')],
    [hardlink('c', 'b'), whiteout('b')],
  ],
  'entries and whiteouts behind symbolic links': [
    [
      directory('usr/'),
      directory('usr/lib/'),
      file('usr/lib/old', '1'),
      symlink('lib', 'usr/lib'),
      symlink('abs', '/usr'),
    ],
    [file('lib/new', '2'), file('abs/share', '3'), whiteout('lib/old')],
  ],
  'names that would leave the root': [[directory('d/'), symlink('out', '../../../d')], [file('out/in', '1')]],
};

describe('merged layers', { skip }, () => {
  const base = mkdtempSync(join(tmpdir(), 'waterguard-merge-'));
  after(() => rmSync(base, { recursive: true }));

  for (const [name, layers] of Object.entries(images)) {
    it(`are what umoci unpacks: ${name}`, async () => {
      const layout = mkdtempSync(join(base, 'image-'));
      await buildOciLayout(layout, { layers });
      const bundle = `${layout}-bundle`;
      execFileSync('umoci', ['unpack', '--rootless', '--image', `${layout}:latest`, bundle], {
        stdio: 'pipe',
      });
      const unpacked = new EntryTable();
      await walkDirectory(join(bundle, 'rootfs'), tableSink(unpacked), { ready: async () => {} });

      const tables = layers.map((entries) => {
        const table = new EntryTable();
        const walker = createTarWalker(tableSink(table));
        walker.push(buildTar(entries));
        walker.finish();
        return table;
      });
      assert.deepEqual(tree(mergeLayers(tables), tables), tree(mergeLayers([unpacked]), [unpacked]));
    });
  }
});
