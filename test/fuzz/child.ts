/**
 * The process in which one target runs: `child.ts NAME SEED FROM TO STEP`. Reports are lines of JSON on standard
 * output, written at once, so that the last one tells where a process was that died or hung.
 */
import { writeSync } from 'node:fs';
import { targets } from './list.ts';
import { runInputs } from './loop.ts';

const [name, seed, from, to, step] = process.argv.slice(2);
const target = targets.find((one) => one.name === name);
if (target === undefined) throw new Error(`there is no target ${name}`);

process.on('unhandledRejection', (error) => {
  throw error;
});
await runInputs(
  target,
  { seed: Number(seed), from: Number(from), to: Number(to), step: Number(step) },
  (report) => writeSync(1, JSON.stringify(report) + '\n'),
);
