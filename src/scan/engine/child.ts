/**
 * The engine process. It owns the native rule engine, so that whatever hostile content does to native code
 * happens here and not in the scanner: this process takes batches from the socket at descriptor 3, searches their
 * files for all literals, hands them to its worker thread, and sends outcomes back. When it dies, the scanner starts
 * another.
 */
import { flushCompileCache } from 'node:module';
import { Socket } from 'node:net';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type AheadSearcher, createAheadSearcher } from '../../detect/search-ahead.ts';
import { createBufferPool } from './buffer-pool.ts';
import {
  type BatchFile,
  batchSize,
  createFrameReader,
  type Frame,
  frame,
  readRules,
  type Start,
  slabFd,
} from './protocol.ts';
import { readSlab } from './slab.ts';
import type { WorkerAnswer, WorkerBatch, WorkerStart } from './worker.ts';

/** Memory of batches; they go on to the worker and come back with its answer. */
const pool = createBufferPool(batchSize, 4 * batchSize);

const frames = createFrameReader(
  (received) => (received.id === 0 ? begin(received) : handOn(received)),
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

/** Loads its code before there are any rules. */
const worker = new Worker(new URL(`./worker${extname(import.meta.url)}`, import.meta.url));
worker.on('message', ({ id, json, data }: WorkerAnswer) => {
  if (data !== undefined) pool.give(data);
  send(id, json);
  if (id === 0) flushCompileCache();
});
// When it throws, its batch is lost: ending the process makes the scanner replay it file by file.
worker.on('error', (error) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});

/** There once frame 0 has come, which is the first. */
let searcher: AheadSearcher | undefined;

function begin(received: Frame): void {
  const { timeoutMs } = JSON.parse(received.json) as Start;
  const data = dataOf(received);
  const rules = new Uint8Array(data, 0, received.length);
  worker.postMessage({ rules, timeoutMs } satisfies WorkerStart);
  searcher = createAheadSearcher(readRules(rules).plan);
  pool.give(data);
  // Batches are smaller.
  pool.clear();
}

function handOn(batch: Frame): void {
  if (searcher === undefined) throw new Error('a batch came before the rules');
  const { id, json } = batch;
  const data = dataOf(batch);
  const searched = searchAll(searcher, JSON.parse(json) as BatchFile[], data);
  const message: WorkerBatch = { id, json, data, ...searched };
  worker.postMessage(message, [data, searched.places.buffer]);
}

/** Copied out of the slab: native code never sees memory that another process can write to. */
function dataOf({ data, length, at }: Frame): ArrayBuffer {
  if (data !== undefined) return data;
  const memory = pool.take(length);
  if (at !== undefined) readSlab(slabFd, new Uint8Array(memory, 0, length), at);
  return memory;
}

function searchAll(
  { search }: AheadSearcher,
  files: readonly BatchFile[],
  data: ArrayBuffer,
): Pick<WorkerBatch, 'places' | 'ends'> {
  const found: number[] = [];
  const ends = files.map(({ start, length, kind, want }) => {
    if (want.content || want.path) search(Buffer.from(data, start, length), kind, found);
    return found.length;
  });
  return { places: Uint32Array.from(found), ends };
}

function send(id: number, json: string): void {
  socket.write(frame(id, json, 0));
}
