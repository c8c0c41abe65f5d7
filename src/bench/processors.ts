/** How much a machine's processors do together: threads of one processor, and what others take, are no processors. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** Milliseconds. */
const long = 400;

/** Counts turns, beside nothing and beside others like it. */
const turning = `
  const { parentPort, workerData } = require('node:worker_threads');
  let [turns, x] = [0, 1];
  parentPort.once('message', () => {
    const end = performance.now() + workerData;
    for (; performance.now() < end; turns += 1)
      for (let at = 0; at < 10_000; at += 1) x = (Math.imul(x, 1_103_515_245) + 12_345) & 0x7fffffff;
    parentPort.postMessage([turns, x]);
  });
  parentPort.postMessage('ready');`;

/** @returns what all of them do at once, as a multiple of what one does alone: at best, how many there are */
export async function processorsTogether(): Promise<number> {
  const alone = await turnsOf(1);
  return (await turnsOf(availableParallelism())) / alone;
}

async function turnsOf(count: number): Promise<number> {
  const workers = Array.from({ length: count }, () => new Worker(turning, { eval: true, workerData: long }));
  try {
    await Promise.all(workers.map(said));
    for (const one of workers) one.postMessage('go');
    const turns = (await Promise.all(workers.map(said))) as readonly (readonly number[])[];
    return turns.reduce((sum, [one]) => sum + one!, 0);
  } finally {
    await Promise.all(workers.map((one) => one.terminate()));
  }
}

function said(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve).once('error', reject);
  });
}
