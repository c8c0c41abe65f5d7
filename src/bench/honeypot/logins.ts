/** Log-ins over SSH with the real exchange of keys, from many clients at once, each with its event on disk. */
import { readFileSync } from 'node:fs';
import type { Ground } from '../parts.ts';
import { type BenchResult, median } from '../result.ts';
import { goalResult } from '../speed.ts';
import { startSensor } from './sensor.ts';
import { logIn } from './ssh-visitor.ts';

const clients = 16;
/** Milliseconds. */
const duration = 20_000;
const goal = '>= 60';

export async function benchLogins({ folder, scale, say }: Ground): Promise<BenchResult[]> {
  const sensor = await startSensor(folder);
  const port = sensor.ports.get('ssh')!;
  const times: number[] = [];
  /** With which each of them came in: its event has it. */
  const secrets: string[] = [];
  let failed = 0;
  try {
    const start = performance.now();
    const end = start + Math.max(2000, duration * scale);
    await Promise.all(
      Array.from({ length: clients }, async (_, client) => {
        for (let turn = 0; performance.now() < end; turn += 1) {
          const since = performance.now();
          const secret = `admin-${client}-${turn}`;
          try {
            const visitor = await logIn(port, { secret });
            times.push(performance.now() - since);
            secrets.push(secret);
            visitor.leave();
          } catch {
            failed += 1;
          }
        }
      }),
    );
    const seconds = (performance.now() - start) / 1000;
    await sensor.stop();
    const recorded = new Set(
      readFileSync(sensor.events, 'utf8')
        .split('\n')
        .filter((line) => line.includes('"type":"ssh.auth"'))
        .map((line) => (JSON.parse(line) as { data?: { password?: string } }).data?.password),
    );
    say(`${secrets.length} log-ins, ${recorded.size} events`);
    return [
      goalResult(
        'SSH log-ins a second, the clients on the same machine',
        times.length / seconds,
        '1/s',
        1,
        goal,
      ),
      { metric: 'median', value: Number(median(times).toFixed(1)), unit: 'ms', runs: times.length },
      goalResult(
        'log-ins without an event on disk',
        secrets.filter((one) => !recorded.has(one)).length,
        '',
        1,
        '<= 0',
      ),
      goalResult('log-ins that failed', failed, '', 1, '<= 0'),
    ];
  } finally {
    await sensor.running.kill();
  }
}
