/** Sums and their kin, of numbers and of times. */
import { addDecimals, divide, multiply, remainder } from '../decimal.ts';
import { PgError } from '../failure.ts';
import { momentText } from '../moments.ts';
import { isNumber, type Type, types, type Value } from '../types.ts';
import { asDecimal, commonType, type Operation } from './operators.ts';

const day = 86_400_000;

export function arithmetic(operator: string, left: Type, right: Type, missing: () => PgError): Operation {
  const isMoment = (type: Type): boolean => type.category === 'D' || type.category === 'T';
  if (isMoment(left) || isMoment(right)) {
    if (operator !== '+' && operator !== '-') throw missing();
    const type = isMoment(left) && left.category === 'D' ? left : right;
    if (left.name === 'date' && right.name === 'date' && operator === '-')
      return {
        type: types.int4,
        operands: [left, right],
        run: (a, b) => Math.round((Date.parse(String(a)) - Date.parse(String(b))) / day),
      };
    if (type.name === 'date' && (isNumber(left) || isNumber(right)))
      return {
        type,
        operands: [left, right],
        run(a, b) {
          const [date, days] = typeof a === 'string' ? [a, Number(b)] : [String(b), Number(a)];
          const time = Date.parse(date) + (operator === '-' ? -days : days) * day;
          return Number.isNaN(new Date(time).getTime()) ? date : momentText(time, types.date);
        },
      };
    if (left.category === 'D' && right.category === 'D' && left.name !== 'date')
      return {
        type: types.interval,
        operands: [left, right],
        run: (a, b) => spanText(Date.parse(String(a)) - Date.parse(String(b))),
      };
    return {
      type: type.name === 'date' ? types.timestamp : type,
      operands: [left, right],
      run: (a, b) => shifted(String(a), String(b), operator === '-' ? -1 : 1),
    };
  }
  const type = commonType(left.name === 'unknown' ? right : left, right.name === 'unknown' ? left : right);
  if (type === undefined || !isNumber(type)) throw missing();
  if (operator === '^')
    return {
      type: types.float8,
      operands: [types.float8, types.float8],
      run: (a, b) => Number(a) ** Number(b),
    };
  const pair = `${left.name}${right.name}`.replace(/^int([48])int([48])$/, 'int$1$2');
  const place = places[pair]?.[operator] ?? places[type.name]?.[operator] ?? places.int4![operator]!;
  return { type, operands: [type, type], run: (a, b) => computed(operator, a, b, type, place) };
}

/** Where PostgreSQL complains: of sums that are too large, and of dividing by nothing. */
const places: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  int2: { '/': 'int.c:985:int2div', '%': 'int.c:1193:int2mod' },
  int4: {
    '+': 'int.c:826:int4pl',
    '-': 'int.c:840:int4mi',
    '*': 'int.c:854:int4mul',
    '/': 'int.c:869:int4div',
    '%': 'int.c:1165:int4mod',
  },
  int8: {
    '+': 'int8.c:470:int8pl',
    '-': 'int8.c:484:int8mi',
    '*': 'int8.c:498:int8mul',
    '/': 'int8.c:513:int8div',
    '%': 'int8.c:571:int8mod',
  },
  // Between bigint and integer.
  int84: {
    '+': 'int8.c:913:int84pl',
    '-': 'int8.c:927:int84mi',
    '*': 'int8.c:941:int84mul',
    '/': 'int8.c:956:int84div',
  },
  int48: {
    '+': 'int8.c:994:int48pl',
    '-': 'int8.c:1008:int48mi',
    '*': 'int8.c:1022:int48mul',
    '/': 'int8.c:1036:int48div',
  },
};

function computed(operator: string, a: Value, b: Value, type: Type, place: string): Value {
  const isDivision = operator === '/' || operator === '%';
  const byZero = (where: string): PgError => new PgError('22012', 'division by zero', where);
  if (type.name === 'numeric') {
    const [x, y] = [asDecimal(a)!, asDecimal(b)!];
    if (isDivision && y.digits === 0n) throw byZero('numeric.c:8495:div_var');
    if (operator === '+') return addDecimals(x, y);
    if (operator === '-') return addDecimals(x, { ...y, digits: -y.digits });
    if (operator === '*') return multiply(x, y);
    return operator === '/' ? divide(x, y) : remainder(x, y);
  }
  if (type.name.startsWith('float')) {
    const [x, y] = [Number(a), Number(b)];
    if (isDivision && y === 0) throw byZero('float.c:103:float_zero_divide_error');
    if (operator === '+') return x + y;
    if (operator === '-') return x - y;
    return operator === '*' ? x * y : operator === '/' ? x / y : x % y;
  }
  const [x, y] = [BigInt(a as number | bigint), BigInt(b as number | bigint)];
  if (isDivision && y === 0n) throw byZero(place);
  const made =
    operator === '+'
      ? x + y
      : operator === '-'
        ? x - y
        : operator === '*'
          ? x * y
          : operator === '/'
            ? x / y
            : x % y;
  const bits = type.name === 'int8' ? 64 : type.name === 'int2' ? 16 : 32;
  if (BigInt.asIntN(bits, made) !== made) throw new PgError('22003', `${type.title} out of range`, place);
  return type.name === 'int8' ? made : Number(made);
}

/** Milliseconds of what is told like `1 day 02:03:04`. */
export function spanOf(text: string): number {
  let sum = 0;
  const units: Readonly<Record<string, number>> = {
    second: 1000,
    sec: 1000,
    minute: 60_000,
    min: 60_000,
    hour: 3_600_000,
    day: 86_400_000,
    week: 604_800_000,
    month: 2_592_000_000,
    mon: 2_592_000_000,
    year: 31_557_600_000,
  };
  for (const [, count = '0', unit = ''] of text
    .slice(0, 200)
    .matchAll(/(-?\d{1,9}(?:\.\d{1,6})?)\s*([a-z]+)/gi))
    sum += Number(count) * (units[unit.toLowerCase().replace(/s$/, '')] ?? 0);
  const [, hours = '0', minutes = '0', seconds = '0'] = /(\d{1,4}):(\d\d)(?::(\d\d))?/.exec(text) ?? [];
  return sum + Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1000;
}

export function spanText(milliseconds: number): string {
  if (Number.isNaN(milliseconds)) return '00:00:00';
  const days = Math.trunc(milliseconds / 86_400_000);
  const rest = Math.abs(milliseconds % 86_400_000);
  const time = new Date(rest)
    .toISOString()
    .slice(11, 23)
    .replace(/\.?0+$/, (zeros) => (zeros.startsWith('.') ? '' : zeros));
  if (days === 0) return time;
  const shown = `${days} day${Math.abs(days) === 1 ? '' : 's'}`;
  return rest === 0 ? shown : `${shown} ${time}`;
}

function shifted(a: string, b: string, sign: number): string {
  const [base, span] = Number.isNaN(Date.parse(a)) ? [b, a] : [a, b];
  const time = Date.parse(base.length === 10 ? `${base}T00:00:00Z` : base) + sign * spanOf(span);
  return Number.isNaN(new Date(time).getTime())
    ? base
    : `${new Date(time)
        .toISOString()
        .replace('T', ' ')
        .replace(/\.?0*Z$/, '')}${base.endsWith('+00') ? '+00' : ''}`;
}

export function bitwise(operator: string, a: number, b: number): number {
  if (operator === '&') return a & b;
  if (operator === '|') return a | b;
  if (operator === '#') return a ^ b;
  return operator === '<<' ? a << b : a >> b;
}
