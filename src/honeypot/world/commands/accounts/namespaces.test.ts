import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { World } from '../../world.ts';
import { container, host, run } from '../testing/run.ts';

/** A privileged container with the host at /host, and perhaps with its processes. */
function inside(outside: World, sharesPids: boolean): World {
  const made = container('debian', outside);
  made.files.mounts.set('/host', { tree: outside.files, path: '/', readOnly: false });
  const world = { ...made, container: { ...made.container!, privileged: true } };
  return sharesPids ? { ...world, processes: outside.processes } : world;
}

describe('nsenter', () => {
  it('goes to the host by the number of a process, and by the file of a namespace', async () => {
    const outside = host();
    for (const way of [
      '-t 1 -m -u -i -n -p --',
      '--target 1 --mount --uts --ipc --net --pid --',
      '--mount=/proc/1/ns/mnt --',
      '-m/proc/1/ns/mnt',
    ]) {
      const { stdout, stderr } = await run(`nsenter ${way} cat /etc/hostname`, {
        world: inside(outside, true),
      });
      assert.deepEqual([stdout, stderr], [`${outside.hostname}\n`, ''], way);
    }
  });

  it('needs the processes of the host, or its /proc', async () => {
    const outside = host();
    const world = inside(outside, false);
    const there = await run('nsenter --mount=/host/proc/1/ns/mnt cat /etc/hostname', { world });
    assert.equal(there.stdout, `${outside.hostname}\n`);
    const here = await run('nsenter --mount=/proc/1/ns/mnt cat /etc/hostname', { world });
    assert.notEqual(here.stdout, `${outside.hostname}\n`);
  });
});
