/**
 * What telling needs of the store. Duplicates are prevented here, by three rules:
 *
 * 1. (channel, notice key) is unique. Whoever records a fact writes, in the same transaction, one waiting row for
 *    each enabled channel whose rule `wants` the notice, and leaves rows alone that are there already (`ON
 *    CONFLICT DO NOTHING`). Rows stay for as long as the fact may be found again, also once they are delivered.
 * 2. A delivery is written down before it is sent: `claim` gives its id to the rows of its notices, all or none.
 *    From then on these notices belong to it. A try that follows a crash sends the same notices under the same id,
 *    and no plan puts them into another digest.
 * 3. One worker at a time has a delivery, by a lease that is longer than any try.
 *
 * So a message is sent again only when its answer was lost, and then under an id that the receiver knows.
 */
import type { Notice } from './notice.ts';

export interface Delivery {
  /** Follows from channel and notice keys; see `deliveryId`. */
  readonly id: string;
  readonly channel: number;
  readonly notices: readonly Notice[];
}

/** A delivery that was claimed and is neither delivered nor given up. */
export interface OpenDelivery extends Delivery {
  /** Tries that were recorded as failed. */
  readonly tried: number;
  /** Milliseconds since the epoch: the next try, or the end of the lease of the worker that has it. */
  readonly notBefore: number;
}

export interface Due {
  /** Notices that no delivery has. */
  readonly waiting: readonly Notice[];
  readonly open: readonly OpenDelivery[];
}

export interface NoticeStore {
  /** Of one channel, that is not disabled. May leave out what `open` has later than `now`, and bound both lists. */
  dueFor(channel: number, now: number): Promise<Due>;
  /**
   * Gives the rows of the notices the delivery's id, its lease ending at `until`; or takes over a delivery whose
   * `notBefore` has come. In one transaction.
   * @returns false, having changed nothing, where any of the notices is in another delivery or delivered, or
   *   another worker has the lease
   */
  claim(delivery: Delivery, now: number, until: number): Promise<boolean>;
  /** For good; becomes the channel's last delivery. */
  delivered(id: string, result: { readonly at: number; readonly detail: string }): Promise<void>;
  /** Becomes the channel's last delivery; counts the try. */
  failed(id: string, result: FailedTry): Promise<void>;
}

export interface FailedTry {
  readonly at: number;
  readonly detail: string;
  /** Milliseconds since the epoch; undefined: given up, and its notices are not told any more. */
  readonly nextAt: number | undefined;
  /** Disable the channel. */
  readonly disable: boolean;
}
