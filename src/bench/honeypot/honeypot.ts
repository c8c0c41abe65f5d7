/** `bench honeypot`: what a sensor with all its decoys bears, and what it loses when it is killed. */
import { type Parts, runParts } from '../parts.ts';
import type { BenchOptions, BenchResult } from '../result.ts';
import { benchIdle } from './idle.ts';
import { benchRequests } from './requests.ts';
import { benchSlow } from './slow.ts';

const parts = {
  idle: benchIdle,
  requests: benchRequests,
  slow: benchSlow,
} as const satisfies Parts;

/** @throws WaterguardError `usage` for an unknown part */
export function benchHoneypot(options: BenchOptions): Promise<BenchResult[]> {
  return runParts(parts, options);
}
