import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type Holder, type Lock, takeLock } from './lock.ts';

const holder: Holder = { pid: 4711, command: 'up', since: '2026-11-23T06:30:00.000Z' };

describe('the lock of a folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lock-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is had by one, and others are told by whom', () => {
    const lock = taken(takeLock(folder, holder));
    const other = { pid: 1, command: 'hunt', since: '2026-11-24T00:00:00.000Z' };
    assert.deepEqual(takeLock(folder, other), { heldBy: holder });
    assert.deepEqual(takeLock(folder, other), { heldBy: holder }, 'whoever asks takes nothing away');
    lock.release();
    taken(takeLock(folder, other)).release();
  });

  it('is another for another folder', () => {
    const other = mkdtempSync(join(tmpdir(), 'lock-test-'));
    const locks = [taken(takeLock(folder, holder)), taken(takeLock(other, holder))];
    for (const lock of locks) lock.release();
    rmSync(other, { recursive: true });
  });

  it('is free the moment its process is killed, whatever name is left', async () => {
    const script = `
      import { takeLock } from ${JSON.stringify(new URL('lock.ts', import.meta.url).href)};
      globalThis.lock = takeLock(${JSON.stringify(folder)}, { pid: process.pid, command: 'hunt', since: 'now' });
      process.stdout.write('has it');
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    assert.deepEqual(takeLock(folder, holder), { heldBy: { pid: child.pid, command: 'hunt', since: 'now' } });
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    taken(takeLock(folder, holder)).release();
  });

  const mounts = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
  it('is had on a full disk too', { skip: !mounts && 'no file system may be mounted here' }, () => {
    const script = `
      import { writeFileSync } from 'node:fs';
      import { takeLock } from ${JSON.stringify(new URL('lock.ts', import.meta.url).href)};
      const take = () => takeLock(${JSON.stringify(folder)}, { pid: 1, command: 'honeypot', since: 'now' });
      take().release();
      try { writeFileSync(${JSON.stringify(join(folder, 'rest'))}, Buffer.alloc(1 << 20)); } catch {}
      globalThis.lock = take();
      process.stdout.write(JSON.stringify([Object.keys(globalThis.lock), Object.keys(take())]));`;
    const command = `mount -t tmpfs -o size=128k tmpfs '${folder}' && exec "$@"`;
    const run = [process.execPath, '--input-type=module-typescript', '-e', script];
    const { stdout, stderr } = spawnSync('unshare', ['-rm', 'sh', '-c', command, 'sh', ...run], {
      encoding: 'utf8',
    });
    assert.equal(stdout, '[["release"],["heldBy"]]', stderr);
  });

  it('says what is wrong with a folder that cannot have one', () => {
    assert.throws(() => takeLock(join(folder, 'none'), holder), /unable to open database file/);
    writeFileSync(
      join(folder, 'holder.db'),
      'no database at all, but long enough to be taken for one'.repeat(50),
    );
    assert.throws(() => takeLock(folder, holder), /not a database/);
  });
});

function taken(lock: ReturnType<typeof takeLock>): Lock {
  assert.ok('release' in lock, 'somebody else has it');
  return lock;
}
