/** What a group has handed out and nobody acknowledged, in the order of ids: of the whole group, or of one consumer. */
import type { Consumer } from './group.ts';
import type { Id } from './id.ts';
import { placeOf } from './ordered.ts';

export interface Delivery {
  readonly id: Id;
  consumer: Consumer;
  /** Milliseconds since 1970. */
  deliveredAt: number;
  times: bigint;
}

export class Pending {
  private list: Delivery[] = [];

  get all(): readonly Delivery[] {
    return this.list;
  }

  get size(): number {
    return this.list.length;
  }

  get(id: Id): Delivery | undefined {
    const found = this.list[placeOf(this.list, id)];
    return found?.id === id ? found : undefined;
  }

  /** Has to be called with ids that are not in it. */
  add(delivery: Delivery): void {
    const last = this.list.at(-1);
    if (last === undefined || last.id < delivery.id) this.list.push(delivery);
    else this.list.splice(placeOf(this.list, delivery.id), 0, delivery);
  }

  delete(id: Id): void {
    const at = placeOf(this.list, id);
    if (this.list[at]?.id === id) this.list.splice(at, 1);
  }

  keep(isKept: (delivery: Delivery) => boolean): void {
    this.list = this.list.filter(isKept);
  }

  /** From this id on. */
  *from(id: Id): Generator<Delivery> {
    for (let at = placeOf(this.list, id); at < this.list.length; at += 1) yield this.list[at]!;
  }
}
