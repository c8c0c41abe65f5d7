/** Operators: between which types, and what they make. */
import {
  addDecimals,
  compareDecimals,
  type Decimal,
  divide,
  multiply,
  parseDecimal,
  remainder,
} from '../decimal.ts';
import { failures, PgError } from '../failure.ts';
import {
  input,
  isDecimal,
  isList,
  isNumber,
  isText,
  maxText,
  momentText,
  output,
  type Type,
  types,
  type Value,
} from '../types.ts';
import { isLike, searchRegex } from './text-match.ts';

export interface Operation {
  readonly type: Type;
  /** What both sides are made of before. */
  readonly operands: readonly [Type, Type];
  run(left: Value, right: Value): Value;
}

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '>': (order) => order > 0,
  '<=': (order) => order <= 0,
  '>=': (order) => order >= 0,
};

/** @throws PgError for what there is no operator for */
export function operation(operator: string, left: Type, right: Type, position: number): Operation {
  const missing = (): PgError => failures.noOperator(`${left.title} ${operator} ${right.title}`, position);
  const isKnown = comparisons[operator];
  if (isKnown !== undefined) {
    const common = commonType(left, right);
    if (common === undefined) throw missing();
    return { type: types.bool, operands: [common, common], run: (a, b) => isKnown(compare(a, b)) };
  }
  switch (operator) {
    case '||':
      return concatenation(left, right, missing);
    case '~~':
    case '~~*':
    case '!~~':
    case '!~~*':
    case '~':
    case '~*':
    case '!~':
    case '!~*':
      if ((!isText(left) && left.category !== 'X') || !isText(right)) throw missing();
      return {
        type: types.bool,
        operands: [textual(left), types.text],
        run: (a, b) => matches(operator, String(a), String(b)),
      };
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '^':
      return arithmetic(operator, left, right, missing);
    case '@>':
    case '<@':
    case '&&':
      if (left.category !== 'A') throw missing();
      return { type: types.bool, operands: [left, left], run: (a, b) => contains(operator, a, b) };
    case '&':
    case '|':
    case '#':
    case '<<':
    case '>>':
      if (!isNumber(left) && left.name !== 'unknown') throw missing();
      return {
        type: types.int4,
        operands: [types.int4, types.int4],
        run: (a, b) => bitwise(operator, Number(a), Number(b)),
      };
    default:
      throw missing();
  }
}

function textual(type: Type): Type {
  return type.name === 'unknown' ? types.text : type;
}

const rank = ['int2', 'int4', 'oid', 'int8', 'numeric', 'float4', 'float8'];

/** To what both can be made without saying so. */
export function commonType(left: Type, right: Type): Type | undefined {
  if (left.name === 'unknown') return right.name === 'unknown' ? types.text : right;
  if (right.name === 'unknown' || left.oid === right.oid) return left;
  if (isText(left) && isText(right)) return types.text;
  if (isNumber(left) && isNumber(right))
    return rank.indexOf(left.name) >= rank.indexOf(right.name) ? left : right;
  const numbers = left.category === 'N' && right.category === 'N';
  if (numbers) return types.oid;
  if (left.category === right.category && left.category !== 'A' && left.category !== 'U') return left;
  if (left.category === 'A' && right.category === 'A') return left;
  return undefined;
}

/** Neither is null. */
export function compare(a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (isDecimal(a) || isDecimal(b)) {
    const [x, y] = [asDecimal(a), asDecimal(b)];
    if (x !== undefined && y !== undefined) return compareDecimals(x, y);
  }
  if (Buffer.isBuffer(a) && Buffer.isBuffer(b)) return Buffer.compare(a, b);
  if (isList(a) && isList(b)) {
    for (const [index, one] of a.entries()) {
      const other = b[index];
      if (other === undefined) return 1;
      const order =
        one === null || other === null ? Number(one === null) - Number(other === null) : compare(one, other);
      if (order !== 0) return order;
    }
    return a.length - b.length;
  }
  const [x, y] = [a as number, b as number];
  return x < y ? -1 : x > y ? 1 : 0;
}

export function asDecimal(value: Value): Decimal | undefined {
  if (isDecimal(value)) return value;
  return typeof value === 'number' || typeof value === 'bigint' ? parseDecimal(String(value)) : undefined;
}

function concatenation(left: Type, right: Type, missing: () => PgError): Operation {
  if (left.category === 'A' || right.category === 'A') {
    const type = left.category === 'A' ? left : right;
    const wrap = (value: Value): readonly Value[] => (isList(value) ? value : [value]);
    const of = (one: Type): Type =>
      one.category === 'A' || one.name === 'unknown' ? type : (type.element ?? types.text);
    return { type, operands: [of(left), of(right)], run: (a, b) => [...wrap(a), ...wrap(b)] };
  }
  if (left.name === 'bytea' && right.name === 'bytea')
    return {
      type: types.bytea,
      operands: [left, right],
      run: (a, b) => Buffer.concat([a as Buffer, b as Buffer]),
    };
  if (!isText(left) && !isText(right)) throw missing();
  return {
    type: types.text,
    operands: [textual(left), textual(right)],
    run(a, b) {
      const text = output(a, left) + output(b, right);
      if (text.length > maxText) throw failures.tooMuch();
      return text;
    },
  };
}

function matches(operator: string, text: string, pattern: string): boolean {
  const ignoresCase = operator.endsWith('*');
  const is = operator.includes('~~')
    ? isLike(text, pattern, ignoresCase)
    : searchRegex(text, pattern, ignoresCase) !== undefined;
  return operator.startsWith('!') !== is;
}

const day = 86_400_000;

function arithmetic(operator: string, left: Type, right: Type, missing: () => PgError): Operation {
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
  int2: { '/': 'int.c:985:int2div', '%': 'int.c:1192:int2mod' },
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
    '+': 'int8.c:941:int84pl',
    '-': 'int8.c:955:int84mi',
    '*': 'int8.c:969:int84mul',
    '/': 'int8.c:984:int84div',
  },
  int48: { '+': 'int8.c:1022:int48pl' },
};

function computed(operator: string, a: Value, b: Value, type: Type, place: string): Value {
  const isDivision = operator === '/' || operator === '%';
  const byZero = (where: string): PgError => new PgError('22012', 'division by zero', where);
  if (type.name === 'numeric') {
    const [x, y] = [asDecimal(a)!, asDecimal(b)!];
    if (isDivision && y.digits === 0n) throw byZero('numeric.c:8527:div_var');
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
function spanOf(text: string): number {
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
  const days = Math.trunc(milliseconds / 86_400_000);
  const rest = Math.abs(milliseconds % 86_400_000);
  const time = new Date(rest)
    .toISOString()
    .slice(11, 23)
    .replace(/\.?0+$/, (zeros) => (zeros.startsWith('.') ? '' : zeros));
  return days === 0 ? time : `${days} day${Math.abs(days) === 1 ? '' : 's'} ${time}`;
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

function contains(operator: string, a: Value, b: Value): Value {
  const [x, y] = [isList(a) ? a : [], isList(b) ? b : []];
  const has = (list: readonly Value[], one: Value): boolean =>
    list.some((item) => item !== null && one !== null && compare(item, one) === 0);
  if (operator === '@>') return y.every((one) => has(x, one));
  return operator === '<@' ? x.every((one) => has(y, one)) : x.some((one) => has(y, one));
}

function bitwise(operator: string, a: number, b: number): number {
  if (operator === '&') return a & b;
  if (operator === '|') return a | b;
  if (operator === '#') return a ^ b;
  return operator === '<<' ? a << b : a >> b;
}

/** What a value is in another type. @throws PgError */
export function converted(
  value: Value,
  from: Type,
  to: Type,
  resolve?: (text: string, type: Type) => Value,
): Value {
  if (value === null || from.oid === to.oid) return value;
  if (typeof value === 'string' && !(isText(from) && isText(to))) {
    const isSame =
      from.category === to.category && from.category !== 'N' && from.name !== 'unknown' && to.name !== 'date';
    return isSame ? value : input(value, to, resolve);
  }
  if (isText(to)) return to.name === 'name' ? output(value, from).slice(0, 63) : output(value, from);
  if (isNumber(to) && (typeof value === 'number' || typeof value === 'bigint' || isDecimal(value))) {
    if (to.name === 'numeric') return asDecimal(value)!;
    const number = isDecimal(value) ? Number(output(value, from)) : value;
    if (to.name.startsWith('float')) return Number(number);
    const whole =
      typeof number === 'bigint' ? number : BigInt(Number.isFinite(number) ? Math.round(number) : 2 ** 70);
    const bits = to.name === 'int8' ? 64 : to.name === 'int2' ? 16 : 32;
    if (to.name !== 'oid' && BigInt.asIntN(bits, whole) !== whole)
      throw new PgError('22003', `${to.title} out of range`, 'int8.c:1298:int84');
    return to.name === 'int8' ? whole : Number(to.name === 'oid' ? BigInt.asUintN(32, whole) : whole);
  }
  if (to.name === 'bool' && typeof value === 'number') return value !== 0;
  if (isNumber(to) && typeof value === 'boolean') return value ? 1 : 0;
  return value;
}
