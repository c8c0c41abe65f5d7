/** A benchmark of several parts: those that are wanted, one after another, each in a folder that goes with it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WaterguardError } from '../model/error.ts';
import { printable } from '../model/printable.ts';
import type { BenchOptions, BenchResult } from './result.ts';

/** Where a part works, and at which size. */
export interface Ground {
  readonly folder: string;
  /** Of the sizes: 1 is full. */
  readonly scale: number;
  readonly say: (text: string) => void;
}

export type Parts = Readonly<Record<string, (ground: Ground) => Promise<BenchResult[]>>>;

/** @throws WaterguardError `usage` for an unknown part */
export async function runParts(parts: Parts, options: BenchOptions): Promise<BenchResult[]> {
  const wanted = options.parts ?? Object.keys(parts);
  const unknown = wanted.find((one) => !Object.hasOwn(parts, one));
  if (unknown !== undefined) {
    const known = Object.keys(parts).join(', ');
    throw new WaterguardError(
      'usage',
      `the benchmark has no part '${printable(unknown, 100)}'; it has: ${known}`,
    );
  }
  const results: BenchResult[] = [];
  for (const name of wanted) {
    const folder = mkdtempSync(join(tmpdir(), `waterguard-bench-${name}-`));
    try {
      results.push(...(await parts[name]!({ folder, scale: options.scale, say: options.say })));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return results;
}
