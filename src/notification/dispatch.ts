/**
 * One round for one channel: what is due is claimed, sent and recorded, one after the other. A job that runs it
 * for each channel, at `nextAt` and whenever notices were recorded, is all that telling takes.
 */
import type { ChannelRule, ChannelTarget } from '../api/upkeep.ts';
import { deliver } from './deliver.ts';
import { messageOf } from './message.ts';
import { nextTry, planDeliveries } from './plan.ts';
import type { Ports } from './ports.ts';
import type { Delivery, NoticeStore } from './store.ts';

export interface EnabledChannel {
  readonly id: number;
  readonly target: ChannelTarget;
  readonly rule: Pick<ChannelRule, 'digestMinutes'>;
}

export interface Round {
  readonly delivered: number;
  readonly failed: number;
  /** Milliseconds since the epoch: when the next round has something to do; undefined: nothing waits. */
  readonly nextAt: number | undefined;
}

/** Longer than the longest try, by far. */
const leaseMs = 5 * 60_000;
/** After a failure the receiver is left alone for at least this long, whatever else waits for it. */
const restMs = 60_000;

/** @throws what the store throws; never for what a receiver does */
export async function dispatch(
  channel: EnabledChannel,
  store: NoticeStore,
  ports: Ports,
  signal: AbortSignal,
): Promise<Round> {
  const due = await store.dueFor(channel.id, ports.now());
  const again = due.open.filter((one) => one.notBefore <= ports.now());
  const plan = planDeliveries(channel.id, channel.rule, due.waiting, ports.now());
  const later = due.open.filter((one) => one.notBefore > ports.now()).map((one) => one.notBefore);
  let nextAt = earliest([plan.nextAt, ...later]);
  const tries: readonly (Delivery & { readonly tried?: number })[] = [...again, ...plan.due];

  let delivered = 0;
  for (const [index, one] of tries.entries()) {
    if (signal.aborted) return { delivered, failed: 0, nextAt: ports.now() };
    if (!(await store.claim(one, ports.now(), ports.now() + leaseMs))) continue;
    const outcome = await deliver(channel.target, messageOf(one.id, one.notices), ports, signal);
    const at = ports.now();
    if (outcome.ok) {
      await store.delivered(one.id, { at, detail: outcome.detail });
      delivered++;
      continue;
    }
    const tryAt = outcome.retry ? nextTry(one.id, (one.tried ?? 0) + 1, at, outcome.afterMs) : undefined;
    const disable = outcome.disable ?? false;
    await store.failed(one.id, { at, detail: outcome.detail, nextAt: tryAt, disable });
    // What failed would fail for the others, too, and a receiver in trouble is not helped by more of it.
    const isMore = index < tries.length - 1;
    nextAt = disable
      ? undefined
      : earliest([nextAt, tryAt, isMore ? Math.max(at + restMs, tryAt ?? 0) : undefined]);
    return { delivered, failed: 1, nextAt };
  }
  return { delivered, failed: 0, nextAt };
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
