/**
 * Takes events from the spool to whoever stores them, batch after batch, and takes them away once they are stored.
 * What fails is tried again, later and later, for as long as it takes: nothing but the spool's bound gives events up.
 * Files that were left go beside them.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { messageOf, WaterguardError } from '../../model/error.ts';
import type { Spool } from '../spool/spool.ts';
import type { Artefacts } from './artefacts.ts';
import { type Delivery, Postponed } from './delivery.ts';

/** Of one batch: as much as `POST /v1/ingest` takes. */
export const batchLimits = { events: 500, bytes: 1 << 20 };

export interface DeliveryOptions {
  readonly spool: Spool;
  readonly artefacts: Artefacts;
  readonly delivery: Delivery;
  readonly signal: AbortSignal;
  /** For people: when it stops working and when it works again. */
  tell(message: string): void;
}

/** How long nothing is asked of an empty spool; milliseconds. */
const idle = 200;
const backoff = { least: 500, most: 60_000 };

/** Runs until the signal. */
export async function deliver(options: DeliveryOptions): Promise<void> {
  await Promise.all([
    keepOn('Events', () => deliverEvents(options), options),
    // By themselves, so that a file that is not taken holds up no events.
    keepOn('Files', () => deliverFile(options), options),
  ]);
}

/** @returns whether there was anything */
async function deliverEvents({ spool, delivery, signal, tell }: DeliveryOptions): Promise<boolean> {
  const lines = await spool.next(batchLimits);
  if (lines.length === 0) return false;
  const { rejected } = await delivery.events(lines, signal);
  await spool.taken();
  if (rejected > 0) tell(`${rejected} of ${lines.length} events were refused.`);
  return true;
}

async function deliverFile({ artefacts, delivery, signal, tell }: DeliveryOptions): Promise<boolean> {
  const [sha256] = artefacts.waiting();
  if (sha256 === undefined) return false;
  try {
    await delivery.artefact(sha256, await artefacts.read(sha256), signal);
  } catch (error) {
    if (!(error instanceof WaterguardError) || error.code !== 'refused') throw error;
    tell(`A file is given up: ${error.message}`);
  }
  await artefacts.delivered(sha256);
  return true;
}

async function keepOn(
  what: string,
  step: () => Promise<boolean>,
  { signal, tell }: DeliveryOptions,
): Promise<void> {
  const pause = (ms: number): Promise<void> => wait(ms, undefined, { signal }).catch(() => {});
  for (let failures = 0; !signal.aborted; ) {
    try {
      if (!(await step())) await pause(idle);
      if (failures > 0) tell(`${what} are delivered again.`);
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      if (failures === 0) tell(`${what} wait here: ${messageOf(error)}`);
      failures += 1;
      const doubled = Math.min(backoff.most, backoff.least * 2 ** Math.min(failures - 1, 10));
      await pause(
        Math.max(error instanceof Postponed ? error.after : 0, doubled * (0.5 + Math.random() / 2)),
      );
    }
  }
}
