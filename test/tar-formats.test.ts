/** Archives as GNU tar writes them, in every format that it knows: all hold the same tree. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type RecordedWalk, walkTar } from './fixtures/walk-recorder.ts';

const absent = !(spawnSync('tar', ['--version']).stdout ?? '').toString().includes('GNU tar');
const skip = absent && !process.env.WATERGUARD_REQUIRE_ALL ? 'GNU tar not installed' : false;

describe('the tar walker on archives by GNU tar', { skip }, () => {
  const base = mkdtempSync(join(tmpdir(), 'waterguard-tar-'));
  const long = `${'n'.repeat(90)}/${'m'.repeat(60)}`;
  const sparse = Buffer.alloc(3_000_000);
  after(() => rmSync(base, { recursive: true }));

  before(() => {
    mkdirSync(join(base, long), { recursive: true });
    mkdirSync(join(base, 'empty'));
    writeFileSync(join(base, 'file'), 'content');
    writeFileSync(join(base, `${long}/deep`), 'deep');
    symlinkSync('file', join(base, 'link'));
    linkSync(join(base, 'file'), join(base, 'hard'));
    const file = openSync(join(base, 'sparse'), 'w');
    for (let at = 0; at < 30; at++) {
      const text = `island ${at}`;
      sparse.write(text, at * 100_000);
      writeSync(file, text, at * 100_000);
    }
    sparse.write('end', sparse.length - 3);
    writeSync(file, 'end', sparse.length - 3);
  });

  function archive(...options: readonly string[]): Buffer {
    const args = ['-C', base, '--sort=name', ...options, '-cf', '-', '.'];
    return execFileSync('tar', args, { maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'ignore'] });
  }

  function check(walk: RecordedWalk, hasLongNames: boolean): void {
    const expected = [
      'directory /',
      'directory /empty',
      'file /file',
      'hardlink /hard -> /file',
      'symlink /link -> file',
      ...(hasLongNames ? [`directory /${'n'.repeat(90)}`, `directory /${long}`, `file /${long}/deep`] : []),
      'file /sparse',
    ];
    assert.deepEqual(walk.entries, expected);
    assert.deepEqual([walk.skipped, walk.incomplete], [[], []]);
    assert.equal(walk.contents.get('/file')?.toString(), 'content');
    assert.ok(walk.contents.get('/sparse')?.equals(sparse), 'the sparse file is as on disk');
  }

  const formats: readonly (readonly string[])[] = [
    ['--format=gnu'],
    ['--format=pax'],
    ['--format=ustar'],
    ['--format=v7', '--exclude=nnn*'],
    ['--format=gnu', '--sparse'],
    ['--format=pax', '--sparse', '--sparse-version=0.0'],
    ['--format=pax', '--sparse', '--sparse-version=0.1'],
    ['--format=pax', '--sparse', '--sparse-version=1.0'],
  ];
  for (const options of formats) {
    it(`reads ${options.join(' ')}, wherever the chunks end`, () => {
      const tar = archive(...options);
      if (options.includes('--sparse')) assert.ok(tar.length < sparse.length, 'holes are not stored');
      for (const chunkSize of [tar.length, 65_536, 509]) {
        check(walkTar(tar, chunkSize), !options.includes('--format=v7'));
      }
    });
  }
});
