/** Compiled rules on disk: compiling takes a second for large third-party folders, loading takes milliseconds. */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Plan } from '../../detect/runner.ts';
import { shrink } from './folder.ts';
import { readSealed, writeSealed } from './sealed-file.ts';

const folderSize = 128 * 1024 * 1024;

/** @param context hash-like text of all that the plan depends on, the engine's version included */
export function compiledPlan(folder: string | undefined, context: string, compile: () => Plan): Plan {
  if (folder === undefined) return compile();
  const path = join(folder, hash('sha256', context));
  const known = readSealed(path);
  if (known !== undefined) return deserialize(known) as Plan;
  const plan = compile();
  writeSealed(path, serialize(plan));
  shrink(folder, folderSize);
  return plan;
}
