/**
 * A run of entries that Redis keeps in one listpack: the first id and the names of its fields stand before all, and an
 * entry with the same names leaves them out. What was deleted stays marked in it until nothing else is left. Which
 * entries share a node tells when `MAXLEN ~` lets them go, and DUMP shows it.
 */
import { entrySize } from '../rdb/listpack.ts';
import { type Id, millisecondsOf, sequenceOf } from './id.ts';

export interface Entry {
  readonly id: Id;
  /** Field, value, field, value. */
  readonly parts: readonly string[];
  readonly hasSameFields: boolean;
  isDeleted: boolean;
}

/** stream-node-max-bytes and stream-node-max-entries. */
const maxBytes = 4096;
export const maxEntries = 100;

/** A listpack with nothing in it, and numbers below 128 in one. */
const emptyBytes = 7;
const smallBytes = 2;

export class Node {
  /** Of the first entry, whether it is still there or not. */
  readonly id: Id;
  readonly fields: readonly string[];
  readonly entries: Entry[] = [];
  /** Not deleted. */
  live = 0;
  private bytes: number;

  constructor(id: Id, parts: readonly string[]) {
    this.id = id;
    this.fields = fieldsOf(parts);
    this.bytes = emptyBytes + 3 * smallBytes + sizeOf([String(this.fields.length), ...this.fields]);
  }

  takes(parts: readonly string[]): boolean {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    return this.bytes + length < maxBytes && this.entries.length < maxEntries;
  }

  append(id: Id, parts: readonly string[]): void {
    const fields = fieldsOf(parts);
    const hasSameFields =
      fields.length === this.fields.length && fields.every((field, index) => field === this.fields[index]);
    const entry = { id, parts, hasSameFields, isDeleted: false };
    this.bytes += sizeOf(this.elementsOf(entry));
    this.entries.push(entry);
    this.live += 1;
  }

  remove(entry: Entry): void {
    entry.isDeleted = true;
    this.live -= 1;
  }

  /** The last, whether it is still there or not. */
  get lastId(): Id {
    return this.entries.at(-1)!.id;
  }

  /** Of the listpack, as t_stream.c lays it out. */
  get elements(): string[] {
    const { live, entries, fields } = this;
    const head = [live, entries.length - live, fields.length, ...fields, 0].map(String);
    return [...head, ...entries.flatMap((entry) => this.elementsOf(entry))];
  }

  copy(): Node {
    const copy = new Node(this.id, this.entries[0]!.parts);
    for (const entry of this.entries) copy.entries.push({ ...entry });
    copy.live = this.live;
    copy.bytes = this.bytes;
    return copy;
  }

  private elementsOf({ id, parts, hasSameFields, isDeleted }: Entry): string[] {
    const less = (part: bigint, from: bigint): string => String(BigInt.asIntN(64, part - from));
    const count = parts.length / 2;
    return [
      String((isDeleted ? 1 : 0) | (hasSameFields ? 2 : 0)),
      less(millisecondsOf(id), millisecondsOf(this.id)),
      less(sequenceOf(id), sequenceOf(this.id)),
      ...(hasSameFields ? valuesOf(parts) : [String(count), ...parts]),
      String(hasSameFields ? count + 3 : 2 * count + 4),
    ];
  }
}

function fieldsOf(parts: readonly string[]): string[] {
  return parts.filter((_, index) => index % 2 === 0);
}

function valuesOf(parts: readonly string[]): string[] {
  return parts.filter((_, index) => index % 2 === 1);
}

function sizeOf(elements: readonly string[]): number {
  return elements.reduce((sum, element) => sum + entrySize(element), 0);
}
