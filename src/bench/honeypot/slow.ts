/** Thousands who send their requests one byte at a time, and one who does not. */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ground } from '../parts.ts';
import type { BenchResult } from '../result.ts';
import { goalResult } from '../speed.ts';
import { startSensor } from './sensor.ts';

const connections = 5000;
/** Milliseconds between two bytes of one sender, and between two honest requests. */
const pace = { slow: 1000, honest: 250 };

export async function benchSlow({ folder, scale, say }: Ground): Promise<BenchResult[]> {
  const count = Math.max(50, Math.round(connections * scale));
  const sensor = await startSensor(folder);
  const port = sensor.ports.get('docker')!;
  const sockets: Socket[] = [];
  /** Milliseconds from the first byte to the end, of each that was closed. */
  const lives: number[] = [];
  try {
    for (let n = 0; n < count; n += 1) {
      sockets.push(slowSender(port, (life) => lives.push(life)));
      if (n % 100 === 99) await sleep(5);
    }
    const honest: number[] = [];
    const until = performance.now() + 12_000;
    while (performance.now() < until && lives.length < count) {
      const since = performance.now();
      await (await fetch(`http://127.0.0.1:${port}/_ping`)).text();
      honest.push(performance.now() - since);
      await sleep(pace.honest);
    }
    say(`${lives.length} of ${count} closed`);
    return [
      goalResult(
        'slow senders closed within 10 s',
        lives.filter((one) => one <= 10_000).length / count,
        'of 1',
        1,
        '>= 1',
      ),
      { metric: 'the longest of them', value: Math.round(Math.max(...lives)), unit: 'ms', runs: 1 },
      goalResult('slowest honest request meanwhile', Math.max(...honest), 'ms', 1, '<= 200'),
    ];
  } finally {
    for (const socket of sockets) socket.destroy();
    await sensor.stop();
  }
}

function slowSender(port: number, closed: (life: number) => void): Socket {
  const text = 'GET /version HTTP/1.1\r\nHost: docker\r\nX-Padding: ';
  let at = 0;
  let since = 0;
  const socket = connect(port, '127.0.0.1');
  const timer = setInterval(() => socket.write(text[at++] ?? 'a'), pace.slow);
  socket.on('error', () => {});
  socket.once('connect', () => {
    since = performance.now();
    socket.write(text[at++]!);
  });
  socket.once('close', () => {
    clearInterval(timer);
    closed(performance.now() - since);
  });
  socket.resume();
  return socket;
}
