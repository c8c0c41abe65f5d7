/** Functions that Python has without an import. */
import { elementsOf } from './operate.ts';
import {
  type Callable,
  callable,
  dictOf,
  isList,
  isNumber,
  isTrue,
  isUnknown,
  listOf,
  Raised,
  reprOf,
  textOf,
  thing,
  typeOf,
  unknown,
  type Value,
} from './value.ts';

/** Elements of a `range`. */
const longestRange = 100_000;

export function builtins(print: (text: string) => void): ReadonlyMap<string, Value> {
  const functions: Record<string, Callable['call']> = {
    print(args, named) {
      const separator = named.get('sep');
      const end = named.get('end');
      if (args.length > 0 && args.every(isUnknown)) return null;
      const line = args.map(textOf).join(typeof separator === 'string' ? separator : ' ');
      print(line + (typeof end === 'string' ? end : '\n'));
      return null;
    },
    len([value = null]) {
      if (isUnknown(value)) return unknown;
      if (typeof value === 'string') return BigInt([...value].length);
      if (Buffer.isBuffer(value)) return BigInt(value.length);
      if (isList(value)) return BigInt(value.items.length);
      if (typeof value === 'object' && value !== null && 'pairs' in value) return BigInt(value.pairs.size);
      throw new Raised('TypeError', `object of type '${typeOf(value)}' has no len()`);
    },
    str: ([value = '', encoding]) =>
      Buffer.isBuffer(value) && encoding !== undefined
        ? value.toString('utf8')
        : isUnknown(value)
          ? unknown
          : textOf(value),
    repr: ([value = null]) => (isUnknown(value) ? unknown : reprOf(value)),
    int([value = 0n, base]) {
      if (isUnknown(value)) return unknown;
      if (isNumber(value)) return BigInt(Math.trunc(Number(value)));
      const text = textOf(value).trim();
      const parsed = base === undefined ? Number(text || 'x') : Number.parseInt(text, Number(textOf(base)));
      if (!Number.isFinite(parsed) || !Number.isInteger(parsed))
        throw new Raised('ValueError', `invalid literal for int() with base 10: ${reprOf(value)}`);
      return BigInt(parsed);
    },
    float: ([value = 0n]) => (isUnknown(value) ? unknown : Number(isNumber(value) ? value : textOf(value))),
    bool: ([value = false]) => isTrue(value),
    bytes([value = 0n]) {
      if (typeof value === 'string') return Buffer.from(value);
      if (isList(value)) return Buffer.from(value.items.map((one) => Number(one)));
      return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
    },
    list: ([value]) => listOf(value === undefined ? [] : elementsOf(value)),
    tuple: ([value]) => listOf(value === undefined ? [] : elementsOf(value), 'tuple'),
    set: ([value]) => listOf(value === undefined ? [] : distinct(elementsOf(value)), 'set'),
    dict: (_, named) => dictOf(named),
    range(args) {
      const [from, to, by] = args.length === 1 ? [0, Number(args[0]), 1] : args.map(Number);
      const stride = by ?? 1;
      const count = Math.ceil(((to ?? 0) - (from ?? 0)) / stride) || 0;
      return listOf(
        Array.from({ length: Math.min(longestRange, Math.max(0, count)) }, (_, at) =>
          BigInt((from ?? 0) + at * stride),
        ),
      );
    },
    sorted: ([value = null]) => listOf(sortedOf(elementsOf(value))),
    reversed: ([value = null]) => listOf([...elementsOf(value)].reverse()),
    enumerate: ([value = null]) =>
      listOf(elementsOf(value).map((one, at) => listOf([BigInt(at), one], 'tuple'))),
    zip: ([first = null, second = null]) => {
      const others = elementsOf(second);
      return listOf(
        elementsOf(first)
          .slice(0, others.length)
          .map((one, at) => listOf([one, others[at]!], 'tuple')),
      );
    },
    async map([work, over = null]) {
      const items: Value[] = [];
      if (typeof work !== 'object' || work === null || !('call' in work)) return unknown;
      for (const element of elementsOf(over)) items.push(await work.call([element], new Map()));
      return listOf(items);
    },
    sum: ([value = null]) =>
      elementsOf(value).reduce<bigint>((sum, one) => sum + (typeof one === 'bigint' ? one : 0n), 0n),
    max: (args) => sortedOf(args.length === 1 ? elementsOf(args[0]!) : args).at(-1) ?? null,
    min: (args) => sortedOf(args.length === 1 ? elementsOf(args[0]!) : args).at(0) ?? null,
    abs: ([value = 0n]) =>
      typeof value === 'bigint' && value < 0n ? -value : typeof value === 'number' ? Math.abs(value) : value,
    chr: ([value = 0n]) => String.fromCodePoint(Math.min(0x10ffff, Math.max(0, Number(value)))),
    ord: ([value = '']) => BigInt(textOf(value).codePointAt(0) ?? 0),
    hex: ([value = 0n]) => `0x${BigInt(Number(value)).toString(16)}`,
    type: ([value = null]) => thing('type', {}, `<class '${typeOf(value)}'>`),
    isinstance: () => true,
    hasattr: () => true,
    input: () => '',
    globals: () => dictOf([]),
    dir: () => listOf([]),
    id: () => 140_234_866_534_752n,
    exit: () => null,
    quit: () => null,
    super: () => unknown,
  };
  const named = Object.entries(functions).map(([name, call]): [string, Value] => [
    name,
    callable(name, call),
  ]);
  return new Map<string, Value>([
    ...named,
    ['True', true],
    ['False', false],
    ['None', null],
    ['__name__', '__main__'],
    ...exceptions,
  ]);
}

const exceptions =
  'Exception BaseException KeyboardInterrupt OSError IOError ImportError ValueError TypeError RuntimeError SystemExit'
    .split(' ')
    .map((name): [string, Value] => [name, thing('type', {}, `<class '${name}'>`)]);

function distinct(elements: readonly Value[]): Value[] {
  return [...new Map(elements.map((one) => [reprOf(one), one])).values()];
}

function sortedOf(elements: readonly Value[]): Value[] {
  return [...elements].sort((a, b) => {
    if (isNumber(a) && isNumber(b)) return Number(a) - Number(b);
    const [left, right] = [textOf(a), textOf(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  });
}
