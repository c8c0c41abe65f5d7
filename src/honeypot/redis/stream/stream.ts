/** A stream: entries by id in nodes, what was ever in it, and the groups that read it. */
import { Group, inOrder } from './group.ts';
import { type Id, idOf, millisecondsOf, sequenceOf } from './id.ts';
import { type Entry, Node } from './node.ts';
import { placeOf } from './ordered.ts';

export type { Entry };

/** Bytes, nearly, that an entry takes beside its parts, and each part beside its bytes. */
const entryCost = 128;
const partCost = 64;

export class Stream {
  readonly kind = 'stream';
  readonly nodes: Node[] = [];
  /** Entries that are there. */
  length = 0;
  /** The greatest that was ever added, or XSETID says so. */
  lastId: Id = 0n;
  /** 0 where there is none. */
  firstId: Id = 0n;
  /** The greatest that XDEL took away. */
  maxDeletedId: Id = 0n;
  /** How many there ever were, or XSETID says so. */
  entriesAdded = 0n;
  private readonly groupsByName = new Map<string, Group>();

  /** In the order of their names. */
  get groups(): Group[] {
    return inOrder(this.groupsByName);
  }

  group(name: string): Group | undefined {
    return this.groupsByName.get(name);
  }

  addGroup(name: string, lastId: Id, entriesRead: bigint | undefined): void {
    this.groupsByName.set(name, new Group(name, lastId, entriesRead));
  }

  deleteGroup(name: string): boolean {
    return this.groupsByName.delete(name);
  }

  /** By the clock, and after the last in any case. */
  nextId(): Id {
    const now = idOf(BigInt(Date.now()));
    return millisecondsOf(now) > millisecondsOf(this.lastId) ? now : this.lastId + 1n;
  }

  /** With the next number in these milliseconds; undefined where there is none. */
  nextIn(milliseconds: bigint): Id | undefined {
    if (milliseconds !== millisecondsOf(this.lastId)) return idOf(milliseconds);
    return sequenceOf(this.lastId + 1n) === 0n ? undefined : this.lastId + 1n;
  }

  /** @param id is after the last */
  append(id: Id, parts: readonly string[]): void {
    let node = this.nodes.at(-1);
    if (node === undefined || !node.takes(parts)) {
      node = new Node(id, parts);
      this.nodes.push(node);
    }
    node.append(id, parts);
    this.length += 1;
    this.entriesAdded += 1n;
    this.lastId = id;
    if (this.length === 1) this.firstId = id;
  }

  get(id: Id): Entry | undefined {
    const node = this.nodes[this.nodeAt(id)];
    const entry = node?.entries[placeOf(node.entries, id)];
    return entry?.id === id && !entry.isDeleted ? entry : undefined;
  }

  /** What is there from one id to another, both included; from the end where `isReversed`. */
  *range(from: Id, to: Id, isReversed = false): Generator<Entry> {
    const step = isReversed ? -1 : 1;
    for (let at = Math.max(0, this.nodeAt(isReversed ? to : from)); ; at += step) {
      const entries = this.nodes[at]?.entries;
      if (entries === undefined) return;
      let place = isReversed ? placeOf(entries, to + 1n) - 1 : placeOf(entries, from);
      for (let entry = entries[place]; entry !== undefined; entry = entries[place]) {
        if (isReversed ? entry.id < from : entry.id > to) return;
        if (!entry.isDeleted) yield entry;
        place += step;
      }
    }
  }

  first(): Entry | undefined {
    return this.range(0n, this.lastId).next().value ?? undefined;
  }

  last(): Entry | undefined {
    return this.range(0n, this.lastId, true).next().value ?? undefined;
  }

  /** As XDEL does. @returns whether it was there */
  delete(id: Id): boolean {
    const entry = this.get(id);
    if (entry === undefined) return false;
    const at = this.nodeAt(id);
    const node = this.nodes[at]!;
    if (node.live === 1) this.nodes.splice(at, 1);
    else node.remove(entry);
    this.length -= 1;
    if (id > this.maxDeletedId) this.maxDeletedId = id;
    if (id === this.firstId || this.length === 0) this.findFirst();
    return true;
  }

  /** Has to be called when the first may be another. */
  findFirst(): void {
    this.firstId = this.first()?.id ?? 0n;
  }

  /** Bytes, nearly; what is deleted and still in a node is among them. */
  get size(): number {
    let sum = 0;
    for (const { entries } of this.nodes)
      for (const { parts } of entries) {
        sum += entryCost;
        for (const part of parts) sum += partCost + part.length;
      }
    for (const group of this.groupsByName.values()) sum += group.size;
    return sum;
  }

  copy(): Stream {
    const copy = new Stream();
    const { length, lastId, firstId, maxDeletedId, entriesAdded } = this;
    Object.assign(copy, { length, lastId, firstId, maxDeletedId, entriesAdded });
    for (const node of this.nodes) copy.nodes.push(node.copy());
    for (const group of this.groupsByName.values()) copy.groupsByName.set(group.name, group.copy());
    return copy;
  }

  /** Of the node that has the id, if any has; -1 where it is before all. */
  private nodeAt(id: Id): number {
    return placeOf(this.nodes, id + 1n) - 1;
  }
}
