/** The platform that a sensor delivers to, as a process that comes and goes at one place, and what it has in the end. */
import { writeFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readPosition } from '../../honeypot/spool/position.ts';
import { openStore } from '../../store/open.ts';
import { tokenOf, urlOf } from '../platform/platform-process.ts';
import { freePort, type Running, start, usualCache } from '../processes.ts';
import type { BenchResult } from '../result.ts';
import { ledgerOf, readMarks } from './ledger.ts';

export interface Collector {
  /** For `waterguard honeypot`. */
  readonly flags: readonly string[];
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Once it is stopped: what became of what visitors were answered. */
  account(answered: ReadonlySet<string>): Promise<Account>;
}

export interface Account {
  readonly events: number;
  readonly lost: readonly string[];
  readonly doubled: number;
  readonly missing: number;
  readonly givenUp: number;
  readonly sumsOff: number;
  /** Classes of which some were given up. */
  readonly classes: ReadonlySet<string>;
}

export async function startCollector(folder: string): Promise<Collector> {
  const data = join(folder, 'store');
  const port = await freePort();
  const tokenFile = join(folder, 'token');
  let running: Running | undefined;
  const up = (): Running => start(['server', '--data', data, '--listen', `127.0.0.1:${port}`], usualCache());
  running = up();
  writeFileSync(tokenFile, await tokenOf(running, ['ingest']), { mode: 0o600 });

  return {
    flags: ['--server', `http://127.0.0.1:${port}`, '--token-file', tokenFile],
    async start() {
      running ??= up();
      await urlOf(running);
    },
    async stop() {
      running?.child.kill('SIGTERM');
      await running?.ended;
      running = undefined;
    },
    async account(answered) {
      const store = await openStore({ env: {}, data, command: 'bench' });
      try {
        const { events, doubled, missing, givenUp, sumsOff } = await ledgerOf(store);
        const { marks, twice, givenUp: classes } = await readMarks(store);
        const lost = [...answered].filter((one) => !marks.has(one));
        return { events, lost, doubled: doubled + twice, missing, givenUp, sumsOff, classes };
      } finally {
        await store.close();
      }
    },
  };
}

/** Waits until nothing of a sensor's spool waits. @param folder as the process would see it from here */
export async function delivered(folder: string, longestMs = 300_000): Promise<void> {
  for (const end = Date.now() + longestMs; Date.now() < end; await sleep(200)) {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.spool')).sort();
    const last = names.at(-1) ?? '';
    const position = await readPosition(folder);
    const { size } = await stat(join(folder, last)).catch(() => ({ size: -1 }));
    if (position?.segment === Number.parseInt(last, 10) && position.read === size) return;
  }
  throw new Error('the spool was not delivered in time');
}

/** A count that has to be 0. */
export function none(metric: string, value: number, unit: string): BenchResult {
  return { metric, value, unit, runs: 1, goal: '<= 0', holds: value === 0 };
}
