/** Numbers with as many digits as they need: PostgreSQL's numeric, as digits and how many of them follow the point. */
import { PgError } from './failure.ts';

export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** Digits of a number that is kept. */
const maxDigits = 1000;
/** Of one that is computed. */
const maxProduct = 10_000;
/** Digits behind the point (NUMERIC_DSCALE_MAX, numeric.h). */
const maxScale = 16_383;

export function parseDecimal(text: string): Decimal | undefined {
  const [, sign = '', whole = '', part = '', exponent = '0'] =
    /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?\s*$/.exec(text) ?? [];
  if (whole + part === '' || whole.length + part.length > maxDigits) return undefined;
  const digits = BigInt(`${sign === '-' ? '-' : ''}${whole}${part}`);
  const power = Number(exponent);
  if (Math.abs(power) > maxDigits) return undefined;
  const scale = part.length - power;
  return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale };
}

export function decimalText({ digits, scale }: Decimal): string {
  const sign = digits < 0n ? '-' : '';
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
  if (scale === 0) return sign + text;
  return `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

/** In hexadecimal digits. */
function lengthOf({ digits }: Decimal): number {
  return digits.toString(16).length;
}

function aligned(a: Decimal, b: Decimal): readonly [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale);
  return [a.digits * 10n ** BigInt(scale - a.scale), b.digits * 10n ** BigInt(scale - b.scale), scale];
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const [x, y, scale] = aligned(a, b);
  return { digits: x + y, scale };
}

/** @throws PgError where it becomes too long */
export function multiply(a: Decimal, b: Decimal): Decimal {
  if (lengthOf(a) + lengthOf(b) > maxProduct)
    throw new PgError('22003', 'value overflows numeric format', 'numeric.c:7474:make_result_opt_error');
  return round(
    { digits: a.digits * b.digits, scale: a.scale + b.scale },
    Math.min(a.scale + b.scale, maxScale),
  );
}

/** Sixteen significant digits at least (`select_div_scale`). @param b is not zero */
export function divide(a: Decimal, b: Decimal): Decimal {
  const [x, y] = [leading(a), leading(b)];
  const weight = x.weight - y.weight - (x.first <= y.first ? 1 : 0);
  const scale = Math.max(a.scale, b.scale, 16 - weight * 4, 0);
  const dividend = a.digits * 10n ** BigInt(scale + b.scale);
  const divisor = b.digits * 10n ** BigInt(a.scale);
  return { digits: roundedQuotient(dividend, divisor), scale };
}

/** The first digit in base 10000, and what power of it that is, as PostgreSQL keeps numbers. */
function leading({ digits, scale }: Decimal): { readonly weight: number; readonly first: number } {
  if (digits === 0n) return { weight: 0, first: 0 };
  const text = (digits < 0n ? -digits : digits).toString();
  // How many decimal digits are before the point; none or fewer for what is less than one.
  const whole = text.length - scale;
  const weight = Math.ceil(whole / 4) - 1;
  return { weight, first: Number(text.slice(0, whole - 4 * weight).padEnd(whole - 4 * weight, '0')) };
}

/** @param b is not zero */
export function remainder(a: Decimal, b: Decimal): Decimal {
  const [x, y, scale] = aligned(a, b);
  return { digits: x % y, scale };
}

export function compareDecimals(a: Decimal, b: Decimal): number {
  const [x, y] = aligned(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

export function round({ digits, scale }: Decimal, places: number): Decimal {
  if (places >= scale) return { digits: digits * 10n ** BigInt(places - scale), scale: places };
  return { digits: roundedQuotient(digits, 10n ** BigInt(scale - places)), scale: places };
}

/** Half away from zero. */
function roundedQuotient(dividend: bigint, divisor: bigint): bigint {
  const isNegative = dividend < 0n !== divisor < 0n;
  const [a, b] = [dividend < 0n ? -dividend : dividend, divisor < 0n ? -divisor : divisor];
  const quotient = (a * 2n + b) / (b * 2n);
  return isNegative ? -quotient : quotient;
}
