import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { WaterguardError } from '../model/error.ts';
import { lockFolder, removeTree } from './folder.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'waterguard-bench-')));
after(() => rmSync(root, { recursive: true }));

function tree(name: string): string {
  const path = join(root, name);
  mkdirSync(join(path, 'tree/proc'), { recursive: true });
  writeFileSync(join(path, 'tree/file'), 'x');
  return path;
}

/** A line of mountinfo. */
const mount = (place: string): string => `36 35 98:0 /mnt1 ${place} rw,noatime master:1 - proc proc rw\n`;

const isRefused = (named: RegExp) => (error: unknown) =>
  error instanceof WaterguardError && error.code === 'usage' && named.test(error.message);

describe('the removal of what an interrupted benchmark left', () => {
  it('removes a tree, and does not mind one that is not there', () => {
    const path = tree('left');
    removeTree(path, mount('/proc') + mount(`${path}-other`));
    removeTree(path);
    assert.equal(existsSync(path), false);
  });

  it('refuses where something is mounted in it, and names the place', () => {
    const path = tree('with a blank');
    const escaped = path.replaceAll(' ', '\\040');
    for (const place of ['', '/tree', '/tree/proc']) {
      const table = mount('/') + mount(escaped + place);
      assert.throws(() => removeTree(path, table), isRefused(/with a blank.*umount PLACE/));
      assert.ok(existsSync(join(path, 'tree/file')));
    }
  });

  it('knows the folder also behind a symbolic link', () => {
    const path = tree('real');
    symlinkSync(path, join(root, 'link'));
    const table = mount(`${path}/tree/proc`);
    assert.throws(() => removeTree(join(root, 'link'), table), isRefused(/real\/tree\/proc/));
  });
});

describe('the lock of the benchmark', () => {
  it('is held by one at a time, and by folder', async () => {
    const other = tree('other');
    const release = await lockFolder(root);
    await assert.rejects(lockFolder(root), isRefused(/another benchmark is at work/));
    const releaseOther = await lockFolder(other);
    await release();
    const again = await lockFolder(root);
    await Promise.all([again(), releaseOther()]);
  });

  it('ends with the process that holds it, also when it is killed', async () => {
    const script = `
      const { lockFolder } = await import(${JSON.stringify(new URL('./folder.ts', import.meta.url).href)});
      await lockFolder(process.argv[1]);
      process.stdout.write('held');
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, root]);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await assert.rejects(lockFolder(root), isRefused(/another benchmark/));
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await ended;
    await (await lockFolder(root))();
  });
});
