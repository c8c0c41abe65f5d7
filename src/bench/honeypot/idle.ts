/** Ten thousand connections that say nothing, over all decoys, and what they take. */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ground } from '../parts.ts';
import type { BenchResult } from '../result.ts';
import { goalResult } from '../speed.ts';
import { startSensor } from './sensor.ts';

const connections = 10_000;
/** Opened at once: a kernel's backlog is not what is measured. */
const atOnce = 200;

export async function benchIdle({ folder, scale, say }: Ground): Promise<BenchResult[]> {
  const count = Math.max(100, Math.round(connections * scale));
  const sensor = await startSensor(folder);
  const sockets: Socket[] = [];
  try {
    const before = await sensor.memory();
    const ports = [...sensor.ports.values()];
    while (sockets.length < count) {
      const opening = Array.from({ length: Math.min(atOnce, count - sockets.length) }, (_, index) =>
        opened(ports[(sockets.length + index) % ports.length]!),
      );
      sockets.push(...(await Promise.all(opening)));
      if (sockets.length % 2000 === 0) say(`${sockets.length} connections`);
    }
    const open = sockets.filter((one) => one.readyState === 'open').length;
    const memory = await sensor.memory();
    // Decoys load what decodes payloads for whoever says something first.
    await Promise.all(ports.map(scan));
    const scanned = await sensor.memory();
    return [
      { metric: 'memory of the sensor without visitors', value: Math.round(before), unit: 'MiB', runs: 1 },
      goalResult(`memory with ${count} idle connections, all decoys`, memory, 'MiB', 1, '<= 400'),
      goalResult('of them still open', open / count, 'of 1', 1, '>= 1'),
      {
        metric: 'memory after a scanner asked each port once',
        value: Math.round(scanned),
        unit: 'MiB',
        runs: 1,
      },
    ];
  } finally {
    for (const socket of sockets) socket.destroy();
    await sensor.stop();
  }
}

/** Says what scanners say to any port, and waits a second for what comes. */
async function scan(port: number): Promise<void> {
  const socket = await opened(port);
  socket.write('GET / HTTP/1.1\r\nHost: 203.0.113.5\r\nUser-Agent: scanner\r\n\r\n');
  await sleep(1000);
  socket.destroy();
}

function opened(port: number): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => resolve(socket));
    socket.once('connect', () => resolve(socket));
    socket.resume();
  });
}
