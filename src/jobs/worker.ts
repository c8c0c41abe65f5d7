/**
 * A worker: everything that is done in the background, on one machine of any number. It scans images, lists sources,
 * starts hunts by the clock, and looks after what time changes.
 */
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { scanImages } from '../hunt/work.ts';
import type { ScanSession } from '../scan/index.ts';
import { keepEvents } from '../store/event-retention.ts';
import { huntStore, listingQueueName } from '../store/hunts.ts';
import { imageQueue } from '../store/image-queue.ts';
import type { IndicatorSource } from '../store/indicators.ts';
import type { Store } from '../store/open.ts';
import type { Queue } from '../store/queue.ts';
import { scheduledQueue, setClock } from '../store/schedules.ts';
import { learnRules } from './learn-rules.ts';
import { listHunt } from './list-hunt.ts';
import { scanWith } from './scan-image.ts';
import { startScheduledHunt } from './scheduled-hunt.ts';
import { tellChannels } from './tell.ts';
import { upkeep } from './upkeep.ts';

export interface WorkerOptions {
  readonly store: Store;
  readonly queue: Queue;
  readonly session: ScanSession;
  /** Which the session asks for what is known. */
  readonly indicators: IndicatorSource;
  /** Images at once. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  readonly problem: (error: unknown) => void;
}

/** Milliseconds between looks at what time changes, and at what only months do. */
const upkeepPause = 1000;
const retentionPause = 3_600_000;

/** Resolves when the signal has ended it and everything in hand is recorded or given back. */
export async function work(options: WorkerOptions): Promise<void> {
  const { store, queue, session, indicators, concurrency, signal, problem } = options;
  const { ruleset } = session.tool;
  const hunts = huntStore(store.db, queue, hostname());
  const images = await imageQueue(store.db, queue, ruleset, hostname());
  const listings = await queue.ready(listingQueueName(ruleset));
  await setClock(store.db, queue);
  await learnRules(store.db, queue, session);
  const polling = { pollingIntervalSeconds: 0.5 };
  await queue.boss.work<{ hunt: number }>(listings, polling, async ([job]) => {
    if (job !== undefined) await listHunt(store.db, hunts, job.data.hunt, signal);
  });
  await queue.boss.work<{ schedule: number }>(scheduledQueue, polling, async ([job]) => {
    if (job !== undefined) await startScheduledHunt(store.db, queue, hunts, ruleset, job.data.schedule);
  });
  const scan = scanWith(session, images);
  // Whoever learns an indicator has its images scanned at once: the scan has to know it.
  const scanInformed: typeof scan = async (claim, ended) => {
    await indicators.refresh();
    return scan(claim, ended);
  };
  await Promise.all([
    scanImages(images, scanInformed, { concurrency, signal, problem }),
    repeat(() => upkeep(store.db, hunts), { pause: upkeepPause, signal, problem }),
    repeat(() => keepEvents(store.db), { pause: retentionPause, signal, problem }),
    repeat(() => tellChannels(store.db, signal), { pause: upkeepPause, signal, problem }),
  ]);
  for (const name of [listings, scheduledQueue]) await queue.boss.offWork(name).catch(problem);
}

async function repeat(
  run: () => Promise<void>,
  { pause, signal, problem }: { pause: number; signal: AbortSignal; problem: (error: unknown) => void },
): Promise<void> {
  while (!signal.aborted) {
    await run().catch(problem);
    await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
}
