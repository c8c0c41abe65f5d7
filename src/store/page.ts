/** Pages of a list: a cursor says where the page before ended, so that rows which come and go shift nothing. */
import { WaterguardError } from '../model/error.ts';

/** What the last row of a page sorts by; opaque to clients. */
export function cursorOf(values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/**
 * @param kinds of the values, in their order
 * @throws WaterguardError `usage` for a text that is no cursor of this list
 */
export function readCursor(
  cursor: string | undefined,
  kinds: readonly ('string' | 'number')[],
): readonly (string | number)[] | undefined {
  if (cursor === undefined) return undefined;
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const isRight =
      Array.isArray(values) &&
      values.length === kinds.length &&
      values.every((one, place) => typeof one === kinds[place]);
    if (isRight) return values;
  } catch {
    // Told below.
  }
  throw new WaterguardError('usage', 'the cursor is none that this list gave: begin without one');
}

/** @param rows one more than the page has, where more follow */
export function pageFrom<Row, Item>(
  rows: readonly Row[],
  limit: number,
  item: (row: Row) => Item,
  key: (row: Row) => readonly (string | number)[],
): { readonly items: Item[]; readonly next?: string } {
  const some = rows.slice(0, limit);
  const last = some.at(-1);
  return {
    items: some.map(item),
    ...(rows.length > limit && last !== undefined && { next: cursorOf(key(last)) }),
  };
}
