/** Ten thousand connections that say nothing, over all decoys, and what they take. */
import { connect, type Socket } from 'node:net';
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
    return [
      { metric: 'memory of the sensor without visitors', value: Math.round(before), unit: 'MiB', runs: 1 },
      goalResult(`memory with ${count} idle connections, all decoys`, memory, 'MiB', 1, '<= 400'),
      goalResult('of them still open', open / count, 'of 1', 1, '>= 1'),
    ];
  } finally {
    for (const socket of sockets) socket.destroy();
    await sensor.stop();
  }
}

function opened(port: number): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => resolve(socket));
    socket.once('connect', () => resolve(socket));
    socket.resume();
  });
}
