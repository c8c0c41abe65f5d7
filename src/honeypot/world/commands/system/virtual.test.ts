import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { host, run } from '../testing/run.ts';

describe('what kind of machine it is', () => {
  it('hostnamectl and systemd-detect-virt say what the files of the machine say', async () => {
    const world = host();
    const { stdout } = await run('hostnamectl', { world });
    const model = (await run('cat /sys/class/dmi/id/product_name', { world })).stdout;
    assert.ok(stdout.startsWith(` Static hostname: ${world.hostname}\n`));
    assert.ok(stdout.endsWith(` Hardware Model: ${model}`), stdout);
    assert.equal((await run('systemd-detect-virt', { world })).stdout, 'amazon\n');
    const inside = await run('systemd-detect-virt -c', { world });
    assert.deepEqual([inside.stdout, inside.exitCode], ['none\n', 1]);
  });
});
