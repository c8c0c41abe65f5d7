/**
 * The engine process. It owns the native rule engine, so that whatever hostile content does to native code
 * happens here and not in the scanner: this process takes batches from the socket at descriptor 3, deals them
 * to worker threads, and sends outcomes back. When it dies, the scanner starts another.
 */
import { flushCompileCache } from 'node:module';
import { Socket } from 'node:net';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { createBufferPool } from './buffer-pool.ts';
import { batchSize, createFrameReader, engineWorkers, type Frame, frame } from './protocol.ts';
import type { WorkerAnswer } from './worker.ts';

interface Crew {
  readonly worker: Worker;
  /** Bytes handed over and not answered yet. */
  load: number;
}

const crews: Crew[] = [];
const sizes = new Map<number, number>();

/** Memory of batches that come through the socket. */
const pool = createBufferPool(batchSize, 2 * batchSize);

const frames = createFrameReader(
  (received) => {
    if (received.id !== 0) deal(received);
    else for (const { worker } of crews) worker.postMessage(received);
  },
  (size) => pool.take(size),
);

const socket = new Socket({
  fd: 3,
  readable: true,
  writable: true,
  onread: {
    buffer: () => frames.space(),
    callback(count) {
      frames.filled(count);
      return true;
    },
  },
});

// Ctrl-C and service managers signal the whole group. The scanner decides what becomes of the work in hand; this
// process ends with the socket.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
socket.on('end', () => process.exit(0));
socket.on('error', () => process.exit(1));

let ready = 0;

/** Workers load their code before there are any rules. */
function createCrew(): Crew {
  const worker = new Worker(new URL(`./worker${extname(import.meta.url)}`, import.meta.url));
  const crew: Crew = { worker, load: 0 };
  worker.on('message', (answer: WorkerAnswer) => {
    if (answer.id === 0) {
      ready++;
      if (ready === crews.length) send(0, '{}');
      flushCompileCache();
      return;
    }
    if (answer.data !== undefined) pool.give(answer.data);
    crew.load -= sizes.get(answer.id) ?? 0;
    sizes.delete(answer.id);
    send(answer.id, answer.json);
  });
  // A worker that throws has lost its batch: ending the process makes the scanner replay it file by file.
  worker.on('error', (error) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  });
  return crew;
}

for (let index = engineWorkers(); index > 0; index--) crews.push(createCrew());

function deal(batch: Frame): void {
  const idlest = crews.reduce((best, one) => (one.load < best.load ? one : best));
  idlest.load += batch.length;
  sizes.set(batch.id, batch.length);
  idlest.worker.postMessage(batch, batch.data === undefined ? [] : [batch.data]);
}

function send(id: number, json: string): void {
  socket.write(frame(id, json, 0));
}
