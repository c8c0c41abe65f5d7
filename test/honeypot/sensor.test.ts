/** The sensor as a process: how it begins, what it does about a decoy that dies, and how it ends. */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { startSensor } from './sensor.ts';

const folder = mkdtempSync(join(tmpdir(), 'waterguard-sensor-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const program = join(import.meta.dirname, '../../waterguard');

describe('a sensor', () => {
  it('ends with a sentence where a port is taken, be its events for the embedded store', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const env = { PATH: process.env.PATH, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') };
    const args = ['honeypot', '--decoy', `redis=127.0.0.1:${port}`, '--data', join(folder, 'data')];
    const [code, stderr] = await new Promise<[unknown, string]>((resolve) => {
      execFile(program, args, { env, timeout: 60_000 }, (error, _, said) =>
        resolve([error?.code ?? error?.signal, said]),
      );
    });
    taken.close();
    assert.equal(code, 2, stderr);
    assert.match(
      stderr,
      /^waterguard: cannot listen on 127\.0\.0\.1:\d+ for redis: .*--decoy redis=ADDR:PORT\.$/m,
    );
  });

  it('starts a decoy again that was killed, on the same port, tells of it, and ends at once when told to', async () => {
    await using sensor = await startSensor(['redis', 'weave']);
    const port = sensor.port('redis');
    const children = execFileSync('pgrep', ['-P', String(sensor.process.pid)])
      .toString()
      .trim()
      .split('\n');
    assert.equal(children.length, 2);
    for (const child of children) process.kill(Number(child), 'SIGKILL');
    const told = await sensor.event('decoy.restarted', ({ data }) => data?.decoy === 'redis');
    assert.equal(told.data!.reason, 'signal SIGKILL');
    const since = performance.now();
    while (!(await answers(port))) assert.ok(performance.now() - since < 30_000, 'the decoy is not back');
    await sensor.event('redis.probe');

    sensor.process.kill('SIGTERM');
    const [code] = await once(sensor.process, 'exit', { signal: AbortSignal.timeout(10_000) });
    assert.equal(code, 0);
  });
});

/** Whether a PING is answered there. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (bytes) => resolve(bytes.toString() === '+PONG\r\n'));
    socket.once('error', () => setTimeout(resolve, 100, false));
    socket.once('close', () => setTimeout(resolve, 100, false));
  });
}
