/** `bench honeypot`: what a sensor with all its decoys bears, what a server takes, and what is lost when all goes wrong. */
import { type Parts, runParts } from '../parts.ts';
import type { BenchOptions, BenchResult } from '../result.ts';
import { benchChaos } from './chaos.ts';
import { benchIdle } from './idle.ts';
import { benchIngest } from './ingest.ts';
import { benchLogins } from './logins.ts';
import { benchRequests } from './requests.ts';
import { benchShells } from './shells.ts';
import { benchSlow } from './slow.ts';

const parts = {
  idle: benchIdle,
  shells: benchShells,
  requests: benchRequests,
  logins: benchLogins,
  slow: benchSlow,
  ingest: benchIngest,
  chaos: benchChaos,
} as const satisfies Parts;

/** @throws WaterguardError `usage` for an unknown part */
export function benchHoneypot(options: BenchOptions): Promise<BenchResult[]> {
  return runParts(parts, options);
}
