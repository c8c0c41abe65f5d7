/** Functions of numbers and lists. */
import { randomUUID } from 'node:crypto';
import { type Decimal, round } from '../../decimal.ts';
import { failures, PgError } from '../../failure.ts';
import { isDecimal, isList, type Type, types, type Value } from '../../types.ts';
import { compare } from '../operators.ts';
import { define, type SqlFunction } from './define.ts';

/** Rows of one series. */
const maxSeries = 100_000;

/** How many bits are set, of each byte. */
const bitsOf = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

const elementOf = (given: readonly Type[]): Type => given[0]?.element ?? types.text;

export const numberFunctions: readonly SqlFunction[] = [
  { ...define('abs(any) any', (_, value: Value) => absolute(value)) },
  define('floor(float8) float8', (_, value: number) => Math.floor(value)),
  define('floor(numeric) numeric', (_, value: Decimal) => toward(value, -1)),
  define('ceil(float8) float8', (_, value: number) => Math.ceil(value)),
  define('ceil(numeric) numeric', (_, value: Decimal) => toward(value, 1)),
  define('ceiling(numeric) numeric', (_, value: Decimal) => toward(value, 1)),
  define('round(float8) float8', (_, value: number) => Math.round(value)),
  define('round(numeric, [int4]) numeric', (_, value: Decimal, places = 0) =>
    round(value, Math.max(0, Math.min(places, 100))),
  ),
  define('trunc(numeric) numeric', (_, value: Decimal) => toward(value, value.digits < 0n ? 1 : -1)),
  define('sqrt(float8) float8', (_, value: number) => {
    if (value < 0)
      throw new PgError('2201F', 'cannot take square root of a negative number', 'float.c:1457:dsqrt');
    return Math.sqrt(value);
  }),
  define('power(float8, float8) float8', (_, value: number, by: number) => value ** by),
  define('pow(float8, float8) float8', (_, value: number, by: number) => value ** by),
  define('exp(float8) float8', (_, value: number) => Math.exp(value)),
  define('ln(float8) float8', (_, value: number) => Math.log(value)),
  define('log(float8) float8', (_, value: number) => Math.log10(value)),
  define('pi() float8', () => Math.PI),
  define('sign(float8) float8', (_, value: number) => Math.sign(value)),
  define('mod(int4, int4) int4', (_, value: number, by: number) => {
    if (by === 0) throw new PgError('22012', 'division by zero', 'int.c:1165:int4mod');
    return value % by;
  }),
  define('random() float8', () => Math.random()),
  define('setseed(float8) void', () => ''),
  define('gen_random_uuid() uuid', () => randomUUID()),
  define('generate_series(int4, int4, [int4]) set of int4', (_, from: number, to: number, step = 1) =>
    series(from, to, step),
  ),
  define('generate_series(int8, int8, [int8]) set of int8', (_, from: bigint, to: bigint, step = 1n) =>
    series(Number(from), Number(to), Number(step)).map(BigInt),
  ),
  {
    ...define('unnest(anyarray) set of text', (_, list: Value) => (isList(list) ? list : [])),
    returns: elementOf,
  },
  define('array_length(anyarray, int4) int4', (_, list: Value, of: number) =>
    isList(list) && of === 1 && list.length > 0 ? list.length : null,
  ),
  define('array_upper(anyarray, int4) int4', (_, list: Value) =>
    isList(list) && list.length > 0 ? list.length : null,
  ),
  define('array_lower(anyarray, int4) int4', (_, list: Value) =>
    isList(list) && list.length > 0 ? 1 : null,
  ),
  define('cardinality(anyarray) int4', (_, list: Value) => (isList(list) ? list.length : null)),
  define('array_position(anyarray, any) int4', (_, list: Value, item: Value) => {
    const at = isList(list) ? list.indexOf(item) : -1;
    return at < 0 ? null : at + 1;
  }),
  {
    ...define('array_append(anyarray, any) anyarray', (_, list: Value, item: Value) => [
      ...(isList(list) ? list : []),
      item,
    ]),
    returns: (given) => given[0] ?? types.text,
  },
  {
    ...define('array_remove(anyarray, any) anyarray', (_, list: Value, item: Value) =>
      isList(list) ? list.filter((one) => one === null || item === null || compare(one, item) !== 0) : null,
    ),
    returns: (given) => given[0] ?? types.text,
  },
  define('bit_count(bytea) int8', (_, bytes: Buffer) =>
    BigInt(bytes.reduce((sum, byte) => sum + bitsOf[byte]!, 0)),
  ),
];

function absolute(value: Value): Value {
  if (isDecimal(value)) return value.digits < 0n ? { ...value, digits: -value.digits } : value;
  if (typeof value === 'bigint') return value < 0n ? -value : value;
  return Math.abs(Number(value));
}

/** The next whole number below, or above. */
function toward({ digits, scale }: Decimal, side: 1 | -1): Decimal {
  const unit = 10n ** BigInt(scale);
  const whole = digits / unit;
  const isWhole = whole * unit === digits;
  const isBeyond = side > 0 ? digits > 0n : digits < 0n;
  return { digits: isWhole || !isBeyond ? whole : whole + BigInt(side), scale: 0 };
}

function series(from: number, to: number, step: number): number[] {
  if (step === 0)
    throw new PgError('22023', 'step size cannot equal zero', 'int.c:1555:generate_series_step_int4');
  const count = Math.max(0, Math.floor((to - from) / step) + 1);
  if (count > maxSeries) throw failures.canceled('statement timeout');
  return Array.from({ length: count }, (_, index) => from + index * step);
}
