/**
 * When is what told? Pure functions of what waits and of the time, so that every worker comes to the same plan.
 *
 * Windows of digests are laid over time itself, not counted from the first notice: a window of 60 minutes ends at
 * each full hour UTC, and a notice belongs to the window of its own time. Which notices make up a digest therefore
 * does not depend on when the plan is made, once the window is over.
 */
import { createHash } from 'node:crypto';
import type { ChannelRule } from '../api/upkeep.ts';
import type { Notice } from './notice.ts';
import type { Delivery } from './store.ts';

export interface Plan {
  /** The oldest first. */
  readonly due: readonly Delivery[];
  /** Milliseconds since the epoch: when the next window ends; undefined where nothing waits for one. */
  readonly nextAt: number | undefined;
}

/** Notices in one delivery; longer digests are sent in parts. */
export const largestDelivery = 500;

/** @param waiting notices that no delivery has; the same key twice counts once */
export function planDeliveries(
  channel: number,
  rule: Pick<ChannelRule, 'digestMinutes'>,
  waiting: readonly Notice[],
  now: number,
): Plan {
  const windowMs = rule.digestMinutes * 60_000;
  const sorted = oldestFirst(waiting);
  if (windowMs === 0) return { due: sorted.map((notice) => delivery(channel, [notice])), nextAt: undefined };

  const windows = new Map<number, Notice[]>();
  for (const notice of sorted) {
    const end = (Math.floor(Date.parse(notice.at) / windowMs) + 1) * windowMs;
    const window = windows.get(end);
    if (window) window.push(notice);
    else windows.set(end, [notice]);
  }
  const due: Delivery[] = [];
  let nextAt: number | undefined;
  for (const [end, notices] of windows) {
    if (end > now) {
      nextAt = Math.min(nextAt ?? end, end);
      continue;
    }
    for (let at = 0; at < notices.length; at += largestDelivery) {
      due.push(delivery(channel, notices.slice(at, at + largestDelivery)));
    }
  }
  return { due, nextAt };
}

/** The same for the same channel and keys in any order. No dots: signatures join by them. */
export function deliveryId(channel: number, keys: readonly string[]): string {
  const content = JSON.stringify([channel, ...keys.toSorted()]);
  return 'wg_' + createHash('sha256').update(content).digest('hex').slice(0, 32);
}

/**
 * Milliseconds before the tries that follow the first: the schedule that Standard Webhooks 1.0.0 recommends, some
 * three days in all.
 */
const waits = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400].map((seconds) => seconds * 1000);

/** A receiver may ask for more, but not for so much that its messages lie here for ever. */
const longestWait = 24 * 3600 * 1000;

/**
 * When to try again, in milliseconds since the epoch; undefined once the schedule is used up.
 * The tenth that may come on top spreads deliveries that failed together; it follows from the id, so it is pure.
 * @param tried failed tries, this one included
 * @param afterMs what the receiver asked for
 */
export function nextTry(id: string, tried: number, now: number, afterMs = 0): number | undefined {
  const wait = waits[tried - 1];
  if (wait === undefined) return undefined;
  const share = createHash('sha256').update(`${id} ${tried}`).digest().readUInt16BE() / 0x1_0000;
  return now + Math.round(Math.max(wait * (1 + share / 10), Math.min(afterMs, longestWait)));
}

function delivery(channel: number, notices: readonly Notice[]): Delivery {
  const id = deliveryId(
    channel,
    notices.map((notice) => notice.key),
  );
  return { id, channel, notices };
}

function oldestFirst(waiting: readonly Notice[]): Notice[] {
  const once = new Map<string, Notice>();
  for (const notice of waiting) if (!once.has(notice.key)) once.set(notice.key, notice);
  return [...once.values()].sort((a, b) => (a.at + a.key < b.at + b.key ? -1 : 1));
}
