/** What scripts find there: the parts of Lua's library that visitors use, the others are missing. */
import { LuaError, type LuaFunction, LuaTable, type LuaValue, numberIn, textOf, typeOf } from './values.ts';

const maxText = 1 << 20;

export const strings = LuaTable.library({
  len: (text) => [textOf(text).length],
  lower: (text) => [textOf(text).toLowerCase()],
  upper: (text) => [textOf(text).toUpperCase()],
  reverse: (text) => [[...textOf(text)].reverse().join('')],
  rep: (text, times) => {
    const [one, count] = [textOf(text), numberIn(times) ?? 0];
    if (one.length * count > maxText) throw new LuaError('not enough memory');
    return [one.repeat(Math.max(0, count))];
  },
  sub: (text, from, to) => {
    const whole = textOf(text);
    const [start, end] = [place(from, 1, whole.length), place(to, -1, whole.length)];
    return [whole.slice(Math.max(0, start - 1), Math.max(0, end))];
  },
  byte: (text, at) => {
    const code = textOf(text).charCodeAt((numberIn(at) ?? 1) - 1);
    return Number.isNaN(code) ? [] : [code];
  },
  char: (...codes) => [codes.map((code) => String.fromCharCode((numberIn(code) ?? 0) & 0xff)).join('')],
  /** Plain texts only. */
  find: (text, wanted) => {
    const at = textOf(text).indexOf(textOf(wanted));
    return at < 0 ? [undefined] : [at + 1, at + textOf(wanted).length];
  },
  format: (pattern, ...args) => {
    let index = 0;
    return [
      textOf(pattern).replace(/%[-+ 0#]?\d{0,2}(?:\.\d{1,2})?([disqfgxXc%])/g, (_, letter: string) => {
        if (letter === '%') return '%';
        const given = args[index];
        index += 1;
        if (letter === 'd' || letter === 'i') return String(Math.trunc(numberIn(given) ?? 0));
        if (letter === 'x') return Math.trunc(numberIn(given) ?? 0).toString(16);
        return textOf(given);
      }),
    ];
  },
});

function place(value: LuaValue, otherwise: number, length: number): number {
  const at = numberIn(value) ?? otherwise;
  return at < 0 ? at + length + 1 : at;
}

const next: LuaFunction = (of, after) => {
  const pairs = of instanceof LuaTable ? of.pairs : [];
  const at = after === undefined ? 0 : pairs.findIndex(([key]) => key === after) + 1;
  return [...(pairs[at] ?? [undefined])];
};

export const baseLibrary: Readonly<Record<string, LuaValue>> = {
  string: strings,
  table: LuaTable.library({
    concat: (of, between) => [of instanceof LuaTable ? of.list.map(textOf).join(textOf(between ?? '')) : ''],
    getn: (of) => [of instanceof LuaTable ? of.list.length : 0],
    insert: (of, ...args) => {
      if (of instanceof LuaTable) {
        const items = of.list;
        const at = args.length > 1 ? (numberIn(args[0]) ?? 1) - 1 : items.length;
        items.splice(at, 0, args.at(-1));
        for (const [index, item] of items.entries()) of.set(index + 1, item);
      }
      return [];
    },
  }),
  math: LuaTable.library({
    floor: (value) => [Math.floor(numberIn(value) ?? 0)],
    ceil: (value) => [Math.ceil(numberIn(value) ?? 0)],
    abs: (value) => [Math.abs(numberIn(value) ?? 0)],
    max: (...values) => [Math.max(...values.map((one) => numberIn(one) ?? 0))],
    min: (...values) => [Math.min(...values.map((one) => numberIn(one) ?? 0))],
    huge: Number.POSITIVE_INFINITY,
    pi: Math.PI,
  }),
  type: (value) => [typeOf(value)],
  tostring: (value) => [textOf(value)],
  tonumber: (value, base) => {
    if (base === undefined) return [numberIn(value)];
    const parsed = Number.parseInt(textOf(value), numberIn(base) ?? 10);
    return [Number.isNaN(parsed) ? undefined : parsed];
  },
  next,
  pairs: (of) => [next, of, undefined],
  ipairs: (of) => {
    const items = of instanceof LuaTable ? of.list : [];
    const step: LuaFunction = (_, at) => {
      const index = (numberIn(at) ?? 0) + 1;
      return index > items.length ? [undefined] : [index, items[index - 1]];
    };
    return [step, of, 0];
  },
  unpack: (of) => (of instanceof LuaTable ? of.list.slice(0, 1000) : []),
  error: (message) => {
    throw new LuaError(textOf(message), 'unplaced');
  },
  assert: (value, message) => {
    if (value === undefined || value === false) throw new LuaError(textOf(message ?? 'assertion failed!'));
    return [value, message];
  },
  pcall: async (callee, ...args) => {
    try {
      if (typeof callee !== 'function') throw new LuaError(`attempt to call a ${typeOf(callee)} value`);
      return [true, ...(await callee(...args))];
    } catch (error) {
      if (!(error instanceof LuaError)) throw error;
      return [false, error.message];
    }
  },
};
