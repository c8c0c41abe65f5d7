/**
 * The fuzz suite: `npm run fuzz -- [--inputs N] [--seed S] [--only NAME] [--from I]`.
 * Prints one line per target and fails if any input made its parser crash, throw anything but a WaterguardError,
 * take too long or keep memory. A failing input is saved, and `--seed S --only NAME --from I --inputs 1` repeats it.
 */
import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cacheFolder } from '../../src/scan/cache/folder.ts';
import { targets } from './list.ts';
import { makeInput } from './mutate.ts';
import type { Target } from './target.ts';
import { type Failure, fuzzTarget, type Result } from './watch.ts';

/** Bytes beyond a warm start that may still be held when all inputs are done, and that may be resident at once. */
const mostKept = 50_000_000;
const mostPeak = 512 * 1024 * 1024;

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(randomInt(2 ** 32)) },
    only: { type: 'string', multiple: true },
    from: { type: 'string', default: '0' },
  },
});
const [inputs, seed, from] = [values.inputs, values.seed, values.from].map(wholeNumber) as [
  number,
  number,
  number,
];
const chosen = targets.filter((one) => values.only?.includes(one.name) ?? true);
if (chosen.length === 0) {
  console.error(`No such target. There are: ${targets.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

console.log(`seed ${seed}, ${inputs} inputs for each of ${chosen.length} targets`);
let failed = false;
for (const target of chosen) {
  const start = performance.now();
  const result = await fuzzTarget(target.name, seed, inputs, from);
  const leaks = result.memory.kept > mostKept || result.memory.peak > mostPeak;
  console.log(summary(target.name, result, performance.now() - start) + (leaks ? '  KEEPS MEMORY' : ''));
  for (const failure of result.failures) console.log(describe(target, failure));
  failed ||= leaks || result.failures.length > 0;
}
process.exitCode = failed ? 1 : 0;

function wholeNumber(text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  console.error(`'${text}' is not a whole number.`);
  process.exit(2);
}

function summary(name: string, { inputs, refused, failures, slowestMs, memory }: Result, ms: number): string {
  const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MiB`;
  return [
    name.padEnd(16),
    `${inputs} inputs`.padStart(15),
    `${failures.length} failures`.padStart(12),
    `slowest ${slowestMs.toFixed(1)} ms`.padStart(18),
    `kept ${megabytes(memory.kept)}, RSS +${megabytes(memory.resident)} (peak +${megabytes(memory.peak)})`.padEnd(
      44,
    ),
    `${Math.round((100 * refused) / Math.max(1, inputs))} % refused`.padStart(13),
    `${(ms / 1000).toFixed(1)} s`.padStart(8),
  ].join('  ');
}

function describe(target: Target, { index, message }: Failure): string {
  const folder = cacheFolder(process.env, 'fuzz');
  const path = folder === undefined ? undefined : join(folder, `${target.name}-${seed}-${index}`);
  if (path !== undefined) writeFileSync(path, makeInput(target, target.seeds(), seed, index));
  const repeat = `--seed ${seed} --only ${target.name} --from ${index} --inputs 1`;
  return `  input ${index} (${repeat}${path === undefined ? '' : `; saved as ${path}`})\n    ${message.replaceAll('\n', '\n    ')}`;
}
