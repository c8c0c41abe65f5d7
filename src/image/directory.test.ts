import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type RecordedWalk, recordWalk } from '../../test/fixtures/walk-recorder.ts';
import { WaterguardError } from '../model/error.ts';
import { type DirectoryOptions, walkDirectory } from './directory.ts';
import type { Entry } from './entry.ts';

const base = mkdtempSync(join(tmpdir(), 'waterguard-directory-'));
after(() => rmSync(base, { recursive: true }));

async function walk(
  root: string,
  options: Partial<DirectoryOptions> = {},
  sink = recordWalk(),
): Promise<RecordedWalk> {
  await walkDirectory(root, sink, { ready: async () => {}, ...options });
  return sink;
}

function folder(name: string): string {
  const path = join(base, name);
  mkdirSync(path);
  return path;
}

describe('the walk of a directory', () => {
  it('delivers entries with paths relative to the root, and follows no link', async () => {
    const root = folder('plain');
    mkdirSync(join(root, 'b'));
    writeFileSync(join(root, 'b/file'), 'content');
    writeFileSync(Buffer.concat([Buffer.from(`${root}/b/`), Buffer.from([0xff])]), 'bytes');
    writeFileSync(join(root, '.wh.x'), 'no whiteout here');
    symlinkSync('/etc', join(root, 'etc'));
    linkSync(join(root, 'b/file'), join(root, 'hard'));
    execFileSync('mkfifo', [join(root, 'pipe')]);
    for (const given of [root, `${root}/`]) {
      const seen = await walk(given);
      assert.deepEqual(seen.entries, [
        'file /.wh.x',
        'directory /b',
        'symlink /etc -> /etc',
        'file /hard',
        'fifo /pipe',
        'file /b/file',
        'file /b/\\xff',
      ]);
      assert.equal(seen.contents.get('/b/file')?.toString(), 'content');
      assert.deepEqual([seen.skipped, seen.incomplete], [[], []]);
    }
  });

  it('reads large files in pieces and waits for the sink between them', async () => {
    const root = folder('large');
    writeFileSync(join(root, 'big'), Buffer.alloc(3_500_000, 'x'));
    let waited = 0;
    const seen = await walk(root, {
      ready: async () => {
        waited++;
      },
    });
    assert.equal(seen.contents.get('/big')?.equals(Buffer.alloc(3_500_000, 'x')), true);
    assert.ok(waited >= 4);
  });

  it('does not open a file above the limit of size, and reads one at it', async () => {
    const root = folder('limited');
    writeFileSync(join(root, 'at'), '12345');
    writeFileSync(join(root, 'above'), '123456');
    chmodSync(join(root, 'above'), 0);
    const seen = await walk(root, { maxFileSize: 5 });
    assert.deepEqual(seen.entries, ['file /above', 'file /at']);
    assert.deepEqual(
      [...seen.contents],
      [
        ['/above', Buffer.alloc(0)],
        ['/at', Buffer.from('12345')],
      ],
    );
    assert.deepEqual([seen.skipped, seen.incomplete], [[], ['/above']]);
  });

  it('reads the beginning of a file that is nearly all holes, and says so', async () => {
    const root = folder('sparse');
    writeFileSync(join(root, 'huge'), 'beginning');
    truncateSync(join(root, 'huge'), 2 ** 40);
    let bytes = 0;
    const sink = recordWalk();
    const data = (piece: Buffer): void => {
      if (bytes === 0) assert.equal(piece.toString('latin1', 0, 9), 'beginning');
      bytes += piece.length;
    };
    await walk(root, {}, { ...sink, data });
    assert.equal(bytes, 16 * 1024 * 1024);
    assert.deepEqual(sink.incomplete, ['/huge']);
    assert.match(sink.skipped.join(), /^ratio-limit \/huge: holes of 1099511\d+ bytes in a sparse file/);
  });

  it('reads a file through few holes, and through many between as much content', async () => {
    const root = folder('holes');
    writeFileSync(join(root, 'few'), 'x');
    truncateSync(join(root, 'few'), 100 * 1024 * 1024);
    writeFileSync(join(root, 'image'), Buffer.alloc(8 * 1024 * 1024, 'x'));
    truncateSync(join(root, 'image'), 160 * 1024 * 1024);
    let bytes = 0;
    const sink = recordWalk();
    const data = (piece: Buffer): void => {
      bytes += piece.length;
    };
    await walk(root, {}, { ...sink, data });
    assert.deepEqual([sink.skipped, sink.incomplete], [[], []]);
    assert.equal(bytes, 260 * 1024 * 1024);
  });

  it('says when a file shrinks or grows while it is read', async () => {
    const root = folder('changing');
    const change = async (name: string, how: (path: string) => void): Promise<RecordedWalk> => {
      const path = join(root, name);
      writeFileSync(path, Buffer.alloc(2_500_000, 'x'));
      const sink = recordWalk();
      let done = false;
      const data = (bytes: Buffer): void => {
        if (!done) how(path);
        done = true;
        sink.data(bytes);
      };
      await walk(root, {}, { ...sink, data });
      rmSync(path);
      return sink;
    };
    const shrunk = await change('shrinks', (path) => truncateSync(path, 1000));
    assert.deepEqual(shrunk.incomplete, ['/shrinks']);
    assert.match(shrunk.skipped.join(), /^truncated \/shrinks: ended \d+ bytes early/);
    const grown = await change('grows', (path) => appendFileSync(path, 'more'));
    assert.deepEqual(grown.incomplete, ['/grows']);
    assert.match(grown.skipped.join(), /^truncated \/grows: it changed/);
  });

  it('lists a file that vanished as missing and goes on', async () => {
    const root = folder('vanishing');
    for (const name of ['a', 'b', 'c']) writeFileSync(join(root, name), name);
    const sink = recordWalk();
    const entry = (seen: Entry): void => {
      rmSync(join(root, 'b'), { force: true });
      sink.entry(seen);
    };
    await walk(root, {}, { ...sink, entry });
    assert.deepEqual(sink.entries, ['file /a', 'file /c']);
    assert.match(sink.skipped.join(), /^missing \/b: ENOENT/);
  });

  it('stays out of file systems that the kernel makes up', { skip: !existsSync('/proc/self') }, async () => {
    const sink = { ...recordWalk(), data: () => {} };
    await walk('/', { maxEntries: 100 }, sink);
    assert.ok(sink.skipped.includes('device /proc: a file system that the kernel makes up'));
  });

  it('ends at the limit of entries, at an aborted signal and at an error of the sink', async () => {
    const root = folder('many');
    for (let i = 0; i < 5; i++) writeFileSync(join(root, `f${i}`), '');
    const few = await walk(root, { maxEntries: 3 });
    assert.deepEqual(
      [few.entries.length, few.skipped],
      [3, ['entry-limit /: more than 3 entries; the rest is not read']],
    );
    await assert.rejects(walk(root, { signal: AbortSignal.abort(new Error('enough')) }), new Error('enough'));
    const full = { ...recordWalk(), end: () => assert.fail('full') };
    await assert.rejects(walk(root, {}, full), /full/);
  });

  it('refuses a root that is no directory', async () => {
    writeFileSync(join(base, 'file'), '');
    for (const root of [join(base, 'file'), join(base, 'nowhere')]) {
      await assert.rejects(
        walk(root),
        (error) => error instanceof WaterguardError && error.code === 'unreadable',
      );
    }
  });
});
