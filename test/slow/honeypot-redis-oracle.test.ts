/** The Redis decoy beside redis-server 7.0.15 of Debian, started as openly as the decoy says that it is. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { serviceSeenByNmap } from '../honeypot/nmap.ts';
import { breaches, comparable, converse, dialogues } from '../honeypot/redis-dialogues.ts';
import { type Sensor, startSensor, without } from '../honeypot/sensor.ts';

/** Debian's redis.conf as far as it differs from what is built in, and the user whom the decoy knows. */
const configuration = `daemonize no
jemalloc-bg-thread yes
slowlog-log-slower-than -1
protected-mode no
`;

/** Answers that may differ: sums of doubles, of which Redis keeps more digits. */
const known: ReadonlySet<string> = new Set(['INCRBYFLOAT f 1e10']);

/** Whole seconds, asked of both one after the other: between the two a second may have begun. */
function ticked(command: string, one: string, other: string): boolean {
  if (!/^(?:OBJECT IDLETIME|TTL) /.test(command)) return false;
  const [first, second] = [one, other].map((answer) => Number(/^:(\d+)\r\n$/.exec(answer)?.[1]));
  return Math.abs(first! - second!) === 1;
}

describe('the Redis decoy and Redis', { skip: without('redis-server', 'nmap') }, () => {
  let folder: string;
  let server: ChildProcess;
  let real: number;
  let sensor: Sensor;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'redis-oracle-'));
    real = await freePort();
    writeFileSync(
      join(folder, 'redis.conf'),
      `${configuration}dir ${folder}\nport ${real}\nbind 127.0.0.1\n`,
    );
    const flags = ['--enable-protected-configs', 'yes', '--enable-module-command', 'yes'];
    server = spawn('redis-server', [join(folder, 'redis.conf'), ...flags], { stdio: 'ignore' });
    sensor = await startSensor(['redis']);
  });
  after(async () => {
    server?.kill('SIGKILL');
    await sensor?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const both = (pieces: readonly string[]): Promise<[string[], string[]]> =>
    Promise.all([converse(real, pieces), converse(sensor.port('redis'), pieces)]);

  it('answer the same commands alike', async (test) => {
    let compared = 0;
    const different: string[] = [];
    for (const { compare, commands } of dialogues) {
      await both(['FLUSHALL\r\n']);
      const [expected, actual] = await both(commands.map((command) => `${command}\r\n`));
      for (const [index, command] of commands.entries()) {
        compared += 1;
        const [one, other] = [expected[index] ?? '', actual[index] ?? ''].map((answer) =>
          comparable(answer, compare),
        );
        if (one !== other && !known.has(command) && !ticked(command, one!, other!))
          different.push(`${command}\n  Redis: ${one}\n  decoy: ${other}`);
      }
    }
    test.diagnostic(`${compared - different.length} of ${compared} answers are the same`);
    assert.ok(compared >= 200);
    assert.deepEqual(different, []);
  });

  it('refuse the same bytes in the same words', async () => {
    for (const bytes of breaches) {
      const [expected, actual] = await both([bytes]);
      assert.deepEqual(actual, expected, JSON.stringify(bytes.slice(0, 60)));
    }
  });

  it('look alike to nmap', async () => {
    const ports = [real, sensor.port('redis')];
    const [one, other] = await Promise.all(ports.map((port) => serviceSeenByNmap(port)));
    assert.equal(other, one);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
