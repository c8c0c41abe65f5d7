/**
 * Ids of entries: milliseconds and a number within them, 64 bits each, here as one number of 128 bits so that they
 * compare as they are ordered.
 */
import { RedisError } from '../reply.ts';

export type Id = bigint;

export const greatestId: Id = (1n << 128n) - 1n;
const greatestPart = (1n << 64n) - 1n;

/** Of Redis' buffer for an id; what is longer is none. */
const maxLength = 127;

export function idOf(milliseconds: bigint, sequence = 0n): Id {
  return (milliseconds << 64n) | sequence;
}

export function millisecondsOf(id: Id): bigint {
  return id >> 64n;
}

export function sequenceOf(id: Id): bigint {
  return id & greatestPart;
}

export function idText(id: Id): string {
  return `${millisecondsOf(id)}-${sequenceOf(id)}`;
}

/** What is not written out of an id: the lowest number within its milliseconds, or the highest. */
type Missing = 'lowest' | 'highest';

/** `5-1`, or `5` alone; undefined for anything else. */
export function idIn(text: string, missing: Missing = 'lowest'): Id | undefined {
  if (text.length > maxLength) return undefined;
  // As C reads it, what is behind a zero byte is not there.
  const [written = ''] = text.split('\0', 1);
  const dash = written.indexOf('-');
  const milliseconds = unsignedIn(dash < 0 ? written : written.slice(0, dash));
  const sequence =
    dash < 0 ? (missing === 'lowest' ? 0n : greatestPart) : unsignedIn(written.slice(dash + 1));
  return milliseconds === undefined || sequence === undefined ? undefined : idOf(milliseconds, sequence);
}

/** @throws RedisError for what is no id, as `-` and `+` are none here */
export function strictId(text: string): Id {
  return required(idIn(text));
}

/** With `-` for the lowest of all and `+` for the highest. @throws RedisError */
export function boundId(text: string, missing: Missing): Id {
  if (text === '-') return 0n;
  if (text === '+') return greatestId;
  return required(idIn(text, missing));
}

/** What XADD takes: whole, or `5-*` with the number to be found. @throws RedisError */
export function newId(text: string): { readonly id: Id; readonly isWhole: boolean } {
  if (!/^[^-]*-\*(?:\0|$)/.test(text)) return { id: strictId(text), isWhole: true };
  return { id: strictId(text.slice(0, text.indexOf('-'))), isWhole: false };
}

function required(id: Id | undefined): Id {
  if (id === undefined) throw new RedisError('ERR Invalid stream ID specified as stream command argument');
  return id;
}

/** As strtoull takes it, which also knows blanks, signs and zeros before a number. */
function unsignedIn(text: string): bigint | undefined {
  const [, sign, zeros, digits] = /^[ \t\n\v\f\r]*([+-]?)(0*)(\d*)$/.exec(text) ?? [];
  if (digits === undefined || `${zeros}${digits}` === '') return undefined;
  const value = BigInt(digits || '0');
  if (value > greatestPart) return undefined;
  // A negative number as Redis writes them is refused; others wrap around.
  if (sign === '-' && /^-[1-9]/.test(text) && value <= 1n << 63n) return undefined;
  return sign === '-' ? BigInt.asUintN(64, -value) : value;
}
