/**
 * Text as PostgreSQL can keep it. It has no NUL, neither in text nor in JSON, and JSON must not have half a surrogate
 * pair; names, paths and values of images may hold both. What cannot be kept is written as what can be read.
 */
import { createHash } from 'node:crypto';

/** NUL as reports print it, half a surrogate pair as UTF-8 has it. Told the same, it is found again. */
export function storable(text: string): string {
  return text.replaceAll('\0', '\\x00').toWellFormed();
}

/**
 * A name, by which images are found and told apart. An index takes 2,704 bytes of a row (PostgreSQL's nbtree), and an
 * image on disk may be called anything: a longer name ends with what still tells it from others.
 */
export function storableName(name: string): string {
  if (name.length <= longestName) return storable(name);
  const rest = createHash('sha256').update(name).digest('hex').slice(0, 16);
  return `${storable(name.slice(0, longestName - 20))}…${rest}`;
}

/** In UTF-16 units, of at most three bytes each. */
const longestName = 400;

/** JSON for a column or a set of rows. */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (!refused.test(json)) return json;
  return JSON.stringify(value, (_, one) => (typeof one === 'string' ? storable(one) : one));
}

/** As `JSON.stringify` writes them; also what only looks like it, which comes out unchanged. */
const refused = /\\u(?:0000|d[89a-f])/;

/** What a statement is given: texts, and lists of texts. */
export function storableValue(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('\0') ? storable(value) : value;
  if (Array.isArray(value)) return value.map(storableValue);
  return value;
}
