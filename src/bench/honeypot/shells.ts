/** A thousand visitors of as many addresses who are logged in over SSH, in a shell in which they have typed. */
import type { Ground } from '../parts.ts';
import { type BenchResult, median } from '../result.ts';
import { goalResult } from '../speed.ts';
import { startSensor } from './sensor.ts';
import { logIn, type Shell, type SshVisitor } from './ssh-visitor.ts';

const shells = 1000;
/** Who comes at the same time. */
const atOnce = 8;
/** What somebody looks at first who has broken in. */
const typed = ['uname -a', 'cd /tmp; id', 'cat /proc/cpuinfo | grep -c processor', 'echo x > .x; ls -la'];
const goals = { memory: '<= 400', alive: '>= 1' };

export async function benchShells({ folder, scale, say }: Ground): Promise<BenchResult[]> {
  const count = Math.max(20, Math.round(shells * scale));
  const sensor = await startSensor(folder);
  const port = sensor.ports.get('ssh')!;
  const visitors: SshVisitor[] = [];
  const open: Shell[] = [];
  try {
    const before = await sensor.memory();
    let next = 0;
    const come = async (): Promise<void> => {
      for (let number = next++; number < count; number = next++) {
        const visitor = await logIn(port, { source: sourceOf(number) });
        visitors.push(visitor);
        const shell = await visitor.shell();
        for (const line of typed) await shell.type(line);
        open.push(shell);
        if (open.length % 200 === 0) say(`${open.length} shells`);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, come));
    const memory = await sensor.memory();
    const times: number[] = [];
    let alive = 0;
    for (const shell of open) {
      const since = performance.now();
      if (shell.isOpen && (await shell.type('pwd')).includes('/tmp')) alive += 1;
      times.push(performance.now() - since);
    }
    times.sort((a, b) => a - b);
    const p99 = times[Math.floor(times.length * 0.99)] ?? 0;
    return [
      { metric: 'memory of the sensor without shells', value: Math.round(before), unit: 'MiB', runs: 1 },
      goalResult(`memory with ${count} live shells, all decoys`, memory, 'MiB', 1, goals.memory),
      goalResult('of them answer one more command', alive / count, 'of 1', 1, goals.alive),
      { metric: 'median of that', value: Number(median(times).toFixed(1)), unit: 'ms', runs: count },
      { metric: 'p99 of that', value: Number(p99.toFixed(1)), unit: 'ms', runs: count },
    ];
  } finally {
    for (const one of visitors) one.leave();
    await sensor.stop();
  }
}

/** Each another address of loopback. */
export function sourceOf(number: number): string {
  return `127.1.${number >> 7}.${1 + (number & 127)}`;
}
