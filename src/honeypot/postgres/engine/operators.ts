/** Operators: between which types, and what they make. */
import { compareDecimals, type Decimal, parseDecimal } from '../decimal.ts';
import { failures, PgError } from '../failure.ts';
import { isDecimal, isList, isNumber, isText, maxText, type Type, types, type Value } from '../types.ts';
import { input, output } from '../values.ts';
import { arithmetic, bitwise, spanOf } from './arithmetic.ts';
import { keyOf } from './keys.ts';
import { isLike, searchRegex, stepsOfLike, stepsOfRegex } from './text-match.ts';

export interface Operation {
  readonly type: Type;
  /** What both sides are made of before. */
  readonly operands: readonly [Type, Type];
  /** Of a query's steps, where it takes more of them than the values have of length. */
  steps?(left: Value, right: Value): number;
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
    const found = commonType(left, right);
    if (found === undefined) throw missing();
    // There are operators of texts, and none of their own for what is as long as it is.
    const common = found.name === 'varchar' ? types.text : found;
    const order =
      common.name === 'interval' ? (a: Value, b: Value) => spanOf(String(a)) - spanOf(String(b)) : compare;
    return { type: types.bool, operands: [common, common], run: (a, b) => isKnown(order(a, b)) };
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
        steps: (a, b) =>
          (operator.includes('~~') ? stepsOfLike : stepsOfRegex)(String(a ?? ''), String(b ?? '')),
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

function contains(operator: string, a: Value, b: Value): Value {
  const [x, y] = (operator === '<@' ? [b, a] : [a, b]).map((list) => (isList(list) ? list : []));
  const known = new Set(x!.filter((one) => one !== null).map((one) => keyOf([one])));
  const has = (one: Value): boolean => one !== null && known.has(keyOf([one]));
  return operator === '&&' ? y!.some(has) : y!.every(has);
}

/** A date or a time as another kind of them. */
function momentAs(text: string, to: Type): string {
  if (text.endsWith('infinity')) return text;
  const bare = text.replace(/\+00$/, '');
  if (to.name === 'date') return bare.slice(0, 10);
  if (to.name === 'time') return bare.slice(11) || '00:00:00';
  const whole = bare.length === 10 ? `${bare} 00:00:00` : bare;
  return to.name === 'timestamptz' ? `${whole}+00` : whole;
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
    if (from.category === 'D' && to.category === 'D') return momentAs(value, to);
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
