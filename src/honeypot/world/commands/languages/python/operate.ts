/** Operators of Python on values. */
import {
  isEqual,
  isList,
  isNumber,
  isUnknown,
  type List,
  listOf,
  Raised,
  reprOf,
  textOf,
  typeOf,
  unknown,
  type Value,
} from './value.ts';

/** Longest text and longest list that a join or a repetition makes; widest number, in bits. */
const longest = 1 << 20;
const longestList = 50_000;
const widest = 4096;

/** @throws Raised */
export function operate(sign: string, left: Value, right: Value): Value {
  if (sign === '==') return isEqual(left, right);
  if (sign === '!=') return !isEqual(left, right);
  if (isUnknown(left) || isUnknown(right)) return unknown;
  if (sign === 'is') return left === right;
  if (sign === 'is not') return left !== right;
  if (sign === 'in') return contains(right, left);
  if (sign === 'not in') return !contains(right, left);
  if (sign === '%' && typeof left === 'string') return formatted(left, right);
  if (sign === '+') {
    const joined = join(left, right);
    if (joined !== undefined) return joined;
  }
  if (sign === '*') {
    if (typeof right === 'bigint' && !isNumber(left)) return repeat(left, right);
    if (typeof left === 'bigint' && !isNumber(right)) return repeat(right, left);
  }
  if (sign === '<' || sign === '>' || sign === '<=' || sign === '>=') return compare(sign, left, right);
  if (!isNumber(left) || !isNumber(right)) throw unsupported(sign, left, right);
  if (typeof left === 'number' || typeof right === 'number' || sign === '/')
    return calculate(sign, Number(left), Number(right));
  return calculateWhole(sign, BigInt(left), BigInt(right));
}

function unsupported(sign: string, left: Value, right: Value): Raised {
  if (sign === '+' && typeof left === 'string')
    return new Raised('TypeError', `can only concatenate str (not "${typeOf(right)}") to str`);
  return new Raised(
    'TypeError',
    `unsupported operand type(s) for ${sign}: '${typeOf(left)}' and '${typeOf(right)}'`,
  );
}

function join(left: Value, right: Value): Value | undefined {
  if (typeof left === 'string' && typeof right === 'string') return bounded(left + right);
  if (Buffer.isBuffer(left) && Buffer.isBuffer(right)) return bounded(Buffer.concat([left, right]));
  if (isList(left) && isList(right) && left.kind === right.kind)
    return bounded(listOf([...left.items, ...right.items], left.kind));
  return undefined;
}

function bounded<T extends string | Buffer | List>(value: T): T {
  const hasItems = typeof value !== 'string' && !Buffer.isBuffer(value);
  if (hasItems ? value.items.length > longestList : value.length > longest)
    throw new Raised('MemoryError', '');
  return value;
}

function repeat(value: Value, times: bigint): Value {
  const count = Number(times < 0n ? 0n : times);
  const length =
    typeof value === 'string' || Buffer.isBuffer(value)
      ? value.length
      : isList(value)
        ? value.items.length
        : 0;
  if (length * count > (isList(value) ? longestList : longest)) throw new Raised('MemoryError', '');
  if (typeof value === 'string') return value.repeat(count);
  if (Buffer.isBuffer(value)) return Buffer.concat(Array.from({ length: count }, () => value));
  if (!isList(value)) throw unsupported('*', value, times);
  return listOf(Array.from({ length: count }, () => value.items).flat(), value.kind);
}

function contains(whole: Value, part: Value): boolean {
  if (typeof whole === 'string') return whole.includes(textOf(part));
  if (Buffer.isBuffer(whole) && Buffer.isBuffer(part)) return whole.includes(part);
  if (isList(whole)) return whole.items.some((one) => isEqual(one, part));
  if (typeof whole === 'object' && whole !== null && 'pairs' in whole) return whole.pairs.has(reprOf(part));
  throw new Raised('TypeError', `argument of type '${typeOf(whole)}' is not iterable`);
}

function compare(sign: string, left: Value, right: Value): boolean {
  if (isList(left) && isList(right) && left.kind === right.kind) {
    const at = left.items.findIndex((item, at) => !isEqual(item, right.items[at] ?? unknown));
    if (at < 0 || at >= right.items.length)
      return compare(sign, BigInt(left.items.length), BigInt(right.items.length));
    return compare(sign, left.items[at]!, right.items[at]!);
  }
  const [a, b] =
    isNumber(left) && isNumber(right)
      ? [Number(left), Number(right)]
      : typeof left === 'string' && typeof right === 'string'
        ? [left, right]
        : [];
  if (a === undefined || b === undefined)
    throw new Raised(
      'TypeError',
      `'${sign}' not supported between instances of '${typeOf(left)}' and '${typeOf(right)}'`,
    );
  return sign === '<' ? a < b : sign === '>' ? a > b : sign === '<=' ? a <= b : a >= b;
}

function calculate(sign: string, left: number, right: number): number {
  switch (sign) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '**':
      return left ** right;
    case '/':
    case '//':
    case '%': {
      if (right === 0)
        throw new Raised('ZeroDivisionError', sign === '/' ? 'division by zero' : 'float modulo');
      const floor = Math.floor(left / right);
      return sign === '/' ? left / right : sign === '//' ? floor : left - floor * right;
    }
    default:
      throw unsupported(sign, left, right);
  }
}

function calculateWhole(sign: string, left: bigint, right: bigint): Value {
  switch (sign) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return wide(left) + wide(right) > widest ? unknown : left * right;
    case '**':
      if (right < 0n) return Number(left) ** Number(right);
      return wide(left) * Number(right) > widest ? unknown : left ** right;
    case '//':
    case '%': {
      if (right === 0n) throw new Raised('ZeroDivisionError', 'integer division or modulo by zero');
      const rest = ((left % right) + right) % right;
      return sign === '%' ? rest : (left - rest) / right;
    }
    case '&':
      return left & right;
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    case '<<':
      return right > widest ? unknown : left << right;
    case '>>':
      return left >> (right > widest ? BigInt(widest) : right);
    default:
      throw unsupported(sign, left, right);
  }
}

function wide(value: bigint): number {
  return value.toString(16).length * 4;
}

/** `'%s:%d' % (host, port)`. */
function formatted(pattern: string, given: Value): string {
  const args = isList(given) && given.kind === 'tuple' ? given.items : [given];
  let next = 0;
  return bounded(
    pattern.replace(/%(?:[-+ #0]*\d*(?:\.\d+)?)([sdrxfi%])/g, (whole, letter: string) => {
      if (letter === '%') return '%';
      const value = args[next++];
      if (value === undefined) throw new Raised('TypeError', 'not enough arguments for format string');
      if (letter === 'r') return reprOf(value);
      if (letter === 'x' && typeof value === 'bigint') return value.toString(16);
      if (letter === 'f' && isNumber(value))
        return Number(value).toFixed(Number(/\.(\d)/.exec(whole)?.[1] ?? 6));
      return textOf(value);
    }),
  );
}

/** Elements of what a loop goes over. @throws Raised */
export function elementsOf(value: Value): readonly Value[] {
  if (isUnknown(value)) return [];
  if (typeof value === 'string') return [...value];
  if (Buffer.isBuffer(value)) return [...value].map(BigInt);
  if (isList(value)) return value.items;
  if (typeof value === 'object' && value !== null && 'pairs' in value)
    return [...value.pairs.values()].map(([key]) => key);
  throw new Raised('TypeError', `'${typeOf(value)}' object is not iterable`);
}
