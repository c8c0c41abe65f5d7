/** Numbers as Redis reads them from texts, and writes them. */
import { RedisError, withoutZeros } from './reply.ts';

const least = -(2n ** 63n);
const most = 2n ** 63n - 1n;

/** A 64-bit integer, written without plus or leading zeros; undefined for anything else. */
export function integerIn(text: string): bigint | undefined {
  if (!/^(?:0|-?[1-9]\d{0,18})$/.test(text)) return undefined;
  const value = BigInt(text);
  return value >= least && value <= most ? value : undefined;
}

/** @throws RedisError */
export function bigInteger(text: string, complaint = 'ERR value is not an integer or out of range'): bigint {
  const value = integerIn(text);
  if (value === undefined) throw new RedisError(complaint);
  return value;
}

/** For what is counted here and has no use for the last digits of 64 bits. @throws RedisError */
export function integer(text: string, complaint?: string): number {
  return Number(bigInteger(text, complaint));
}

/** At least 0. @throws RedisError */
export function count(text: string, complaint = 'ERR value is out of range, must be positive'): number {
  const value = integer(text, complaint);
  if (value < 0) throw new RedisError(complaint);
  return value;
}

/** @throws RedisError */
export function added(value: bigint, increment: bigint): bigint {
  const sum = value + increment;
  if (sum < least || sum > most) throw new RedisError('ERR increment or decrement would overflow');
  return sum;
}

/** As strtod takes it, but for `nan`; undefined for anything else. */
export function floatIn(text: string): number | undefined {
  if (/^[+-]?inf(?:inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** @throws RedisError */
export function float(text: string, complaint = 'ERR value is not a valid float'): number {
  const value = floatIn(text);
  if (value === undefined) throw new RedisError(complaint);
  return value;
}

/** What INCRBYFLOAT leaves: never an exponent, no zeros at the end. */
export function decimalText(value: number): string {
  if (!Number.isFinite(value)) throw new RedisError('ERR increment would produce NaN or Infinity');
  // 15 digits are what doubles keep of the sums of decimals; Redis adds with more.
  const rounded = Number(value.toPrecision(15));
  if (Math.abs(rounded) >= 1e21) return BigInt(rounded).toString();
  return withoutZeros(
    rounded.toFixed(17 - Math.min(17, Math.max(0, Math.ceil(Math.log10(Math.abs(rounded) + 1))))),
  );
}

/** From and to, both included, as ranges of lists count them: from the end where negative. Undefined where empty. */
export function range(
  start: string,
  end: string,
  length: number,
): { readonly from: number; readonly to: number } | undefined {
  const place = (text: string): number => {
    const at = integer(text);
    return at < 0 ? at + length : at;
  };
  const [from, to] = [Math.max(0, place(start)), Math.min(place(end), length - 1)];
  return from > to || from >= length ? undefined : { from, to };
}
