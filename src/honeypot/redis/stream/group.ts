/** Groups of consumers: how far they have read, and which consumer was given what. */
import type { Id } from './id.ts';
import { type Delivery, Pending } from './pending.ts';

export interface Consumer {
  readonly name: string;
  /** When it last asked for something; milliseconds since 1970. */
  seenAt: number;
  readonly pending: Pending;
}

/** Bytes, nearly, that a group or a consumer takes beside its name, and an entry that is handed out. */
export const memberCost = 400;
export const deliveryCost = 192;

export class Group {
  readonly name: string;
  /** The last that was handed out. */
  lastId: Id;
  /** How many entries that was, counted from the first ever; undefined where nobody knows. */
  entriesRead: bigint | undefined;
  readonly pending = new Pending();
  private readonly byName = new Map<string, Consumer>();

  constructor(name: string, lastId: Id, entriesRead: bigint | undefined) {
    this.name = name;
    this.lastId = lastId;
    this.entriesRead = entriesRead;
  }

  /** In the order of their names. */
  get consumers(): Consumer[] {
    return inOrder(this.byName);
  }

  consumer(name: string): Consumer | undefined {
    return this.byName.get(name);
  }

  addConsumer(name: string): Consumer {
    const consumer = { name, seenAt: Date.now(), pending: new Pending() };
    this.byName.set(name, consumer);
    return consumer;
  }

  /** With all that it was given. */
  deleteConsumer(consumer: Consumer): void {
    this.pending.keep((delivery) => delivery.consumer !== consumer);
    this.byName.delete(consumer.name);
  }

  /** Anew: to this consumer, once, now, whoever had it before. */
  deliver(id: Id, consumer: Consumer): Delivery {
    const before = this.pending.get(id);
    const now = { deliveredAt: Date.now(), times: 1n };
    if (before !== undefined) {
      this.hand(before, consumer);
      return Object.assign(before, now);
    }
    const delivery = { id, consumer, ...now };
    this.pending.add(delivery);
    consumer.pending.add(delivery);
    return delivery;
  }

  /** From whom it is with to another. */
  hand(delivery: Delivery, consumer: Consumer): void {
    if (delivery.consumer === consumer) return;
    delivery.consumer.pending.delete(delivery.id);
    delivery.consumer = consumer;
    consumer.pending.add(delivery);
  }

  /** @returns whether it was handed out */
  forget(id: Id): boolean {
    const delivery = this.pending.get(id);
    if (delivery === undefined) return false;
    this.pending.delete(id);
    delivery.consumer.pending.delete(id);
    return true;
  }

  /** Bytes, nearly. */
  get size(): number {
    let sum = memberCost + this.name.length + deliveryCost * this.pending.size;
    for (const { name } of this.byName.values()) sum += memberCost + name.length;
    return sum;
  }

  copy(): Group {
    const copy = new Group(this.name, this.lastId, this.entriesRead);
    for (const { name, seenAt } of this.byName.values()) copy.addConsumer(name).seenAt = seenAt;
    for (const { id, consumer, deliveredAt, times } of this.pending.all)
      Object.assign(copy.deliver(id, copy.consumer(consumer.name)!), { deliveredAt, times });
    return copy;
  }
}

/** By name, in the order of these. */
export function inOrder<T extends { readonly name: string }>(byName: ReadonlyMap<string, T>): T[] {
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
