/** Pages of a list: a cursor says where the page before ended, so that rows which come and go shift nothing. */
import { WaterguardError } from '../model/error.ts';

/** What a list sorts by, and its name, so that the cursor of another list is not taken for one of this. */
export interface Order {
  readonly list: string;
  readonly by: readonly Kind[];
}

/** Of a column; a number that its type cannot hold would fail in the database. */
type Kind = 'smallint' | 'int' | 'bigint' | 'text' | 'time' | 'uuid';

/** What the last row of a page sorts by; opaque to clients. */
export function cursorOf({ list }: Order, values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([list, ...values])).toString('base64url');
}

/** @throws WaterguardError `usage` for a text that is no cursor of this list */
export function readCursor(
  cursor: string | undefined,
  { list, by }: Order,
): readonly (string | number)[] | undefined {
  if (cursor === undefined) return undefined;
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(read) && read.length === by.length + 1 && read[0] === list) {
      const values: unknown[] = read.slice(1);
      if (areOf(by, values)) return values;
    }
  } catch {
    // Told below.
  }
  throw new WaterguardError('usage', 'the cursor is none that this list gave: begin without one');
}

const largest = { smallint: 2 ** 15 - 1, int: 2 ** 31 - 1, bigint: Number.MAX_SAFE_INTEGER } as const;

/** As `Date.toISOString` writes it. */
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function areOf(by: readonly Kind[], values: readonly unknown[]): values is (string | number)[] {
  return by.every((kind, place) => {
    const value = values[place];
    switch (kind) {
      case 'text':
        return typeof value === 'string';
      case 'time':
        return typeof value === 'string' && time.test(value) && !Number.isNaN(Date.parse(value));
      case 'uuid':
        return typeof value === 'string' && uuid.test(value);
      default:
        return Number.isSafeInteger(value) && Math.abs(Number(value)) <= largest[kind];
    }
  });
}

/** @param rows one more than the page has, where more follow */
export function pageFrom<Row, Item>(
  rows: readonly Row[],
  limit: number,
  order: Order,
  item: (row: Row) => Item,
  key: (row: Row) => readonly (string | number)[],
): { readonly items: Item[]; readonly next?: string } {
  const some = rows.slice(0, limit);
  const last = some.at(-1);
  return {
    items: some.map(item),
    ...(rows.length > limit && last !== undefined && { next: cursorOf(order, key(last)) }),
  };
}
