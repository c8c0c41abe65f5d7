/** What stands behind a dot: methods of text, bytes, lists and dictionaries; members of modules. */
import { elementsOf } from './operate.ts';
import {
  callable,
  type Dict,
  dictOf,
  isList,
  isUnknown,
  type List,
  listOf,
  Raised,
  reprOf,
  textOf,
  unknown,
  type Value,
} from './value.ts';

type Method<T> = (self: T, args: readonly Value[]) => Value;

const ofText: Readonly<Record<string, Method<string>>> = {
  strip: (self, [what]) => stripped(self, what, true, true),
  lstrip: (self, [what]) => stripped(self, what, true, false),
  rstrip: (self, [what]) => stripped(self, what, false, true),
  lower: (self) => self.toLowerCase(),
  upper: (self) => self.toUpperCase(),
  title: (self) => self.replace(/\p{L}+/gu, (word) => word[0]!.toUpperCase() + word.slice(1).toLowerCase()),
  capitalize: (self) => self.slice(0, 1).toUpperCase() + self.slice(1).toLowerCase(),
  encode: (self, [encoding]) => Buffer.from(self, encoding === 'latin1' ? 'latin1' : 'utf8'),
  split: (self, [by, times]) => {
    if (by === undefined || by === null) return listOf(self.split(/\s+/).filter((part) => part !== ''));
    if (by === '') throw new Raised('ValueError', 'empty separator');
    const parts = self.split(textOf(by));
    const most = typeof times === 'bigint' ? Number(times) : parts.length;
    return listOf(
      most >= parts.length - 1 ? parts : [...parts.slice(0, most), parts.slice(most).join(textOf(by))],
    );
  },
  splitlines: (self) => listOf(self.replace(/\r?\n$/, '').split(/\r?\n/)),
  join: (self, [over = null]) => elementsOf(over).map(textOf).join(self),
  replace: (self, [from = '', to = '']) => self.replaceAll(textOf(from), () => textOf(to)),
  startswith: (self, [what = '']) => self.startsWith(textOf(what)),
  endswith: (self, [what = '']) => self.endsWith(textOf(what)),
  find: (self, [what = '']) => BigInt(self.indexOf(textOf(what))),
  index: (self, [what = '']) => BigInt(self.indexOf(textOf(what))),
  count: (self, [what = '']) => BigInt(self.split(textOf(what) || '\0').length - 1),
  isdigit: (self) => /^\d+$/.test(self),
  zfill: (self, [width = 0n]) => self.padStart(Math.min(1000, Number(width)), '0'),
  format: (self, args) => {
    let next = 0;
    return self.replace(/\{(\d*)\}/g, (whole, at: string) => {
      const value = args[at === '' ? next++ : Number(at)];
      return value === undefined ? whole : textOf(value);
    });
  },
};

const ofBytes: Readonly<Record<string, Method<Buffer>>> = {
  decode: (self, [encoding]) => self.toString(encoding === 'latin1' ? 'latin1' : 'utf8'),
  hex: (self) => self.toString('hex'),
  strip: (self) => Buffer.from(self.toString('latin1').trim(), 'latin1'),
  split: (self, [by]) =>
    listOf(
      self
        .toString('latin1')
        .split(Buffer.isBuffer(by) ? by.toString('latin1') : /\s+/)
        .map((part) => Buffer.from(part, 'latin1')),
    ),
  splitlines: (self) =>
    listOf(
      self
        .toString('latin1')
        .replace(/\r?\n$/, '')
        .split(/\r?\n/)
        .map((part) => Buffer.from(part, 'latin1')),
    ),
};

/** A list may not be longer than this. */
const longest = 100_000;

const ofList: Readonly<Record<string, Method<List>>> = {
  append: (self, [one = null]) => {
    if (self.items.length < longest) self.items.push(one);
    return null;
  },
  add: (self, [one = null]) => {
    if (self.items.length < longest) self.items.push(one);
    return null;
  },
  extend: (self, [more = null]) => {
    if (self.items.length < longest) self.items.push(...elementsOf(more).slice(0, longest));
    return null;
  },
  pop: (self) => self.items.pop() ?? null,
  sort: (self) => {
    self.items.sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
    return null;
  },
  reverse: (self) => {
    self.items.reverse();
    return null;
  },
  index: (self, [what = null]) => BigInt(self.items.findIndex((one) => reprOf(one) === reprOf(what))),
  count: (self, [what = null]) => BigInt(self.items.filter((one) => reprOf(one) === reprOf(what)).length),
  copy: (self) => listOf(self.items, self.kind),
};

const ofDict: Readonly<Record<string, Method<Dict>>> = {
  get: (self, [key = null, other = null]) => self.pairs.get(reprOf(key))?.[1] ?? other,
  keys: (self) => listOf([...self.pairs.values()].map(([key]) => key)),
  values: (self) => listOf([...self.pairs.values()].map(([, value]) => value)),
  items: (self) => listOf([...self.pairs.values()].map(([key, value]) => listOf([key, value], 'tuple'))),
  copy: (self) => dictOf(self.pairs.values()),
  setdefault: (self, [key = null, value = null]) => {
    const known = self.pairs.get(reprOf(key));
    if (known === undefined && self.pairs.size < longest) self.pairs.set(reprOf(key), [key, value]);
    return known?.[1] ?? value;
  },
  update: (self, [other]) => {
    if (typeof other === 'object' && other !== null && 'pairs' in other)
      for (const [name, pair] of other.pairs) if (self.pairs.size < longest) self.pairs.set(name, pair);
    return null;
  },
};

/** @returns undefined where it has none of that name */
export function memberOf(of: Value, name: string): Value | undefined {
  if (isUnknown(of)) return unknown;
  if (typeof of === 'string') return bound(ofText, of, name);
  if (Buffer.isBuffer(of)) return bound(ofBytes, of, name);
  if (typeof of !== 'object' || of === null) return undefined;
  if (isList(of))
    return of.names?.includes(name) ? of.items[of.names.indexOf(name)] : bound(ofList, of, name);
  switch (of.kind) {
    case 'dict':
      return bound(ofDict, of, name);
    case 'thing':
      if (Object.hasOwn(of.members, name)) return of.members[name];
      // Modules have more than is known here.
      return of.type === 'module' ? unknown : undefined;
    default:
      return name === '__name__' && of.kind === 'function' ? of.name : unknown;
  }
}

function bound<T extends Value>(
  methods: Readonly<Record<string, Method<T>>>,
  self: T,
  name: string,
): Value | undefined {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  return method && callable(name, (args) => (args.some(isUnknown) ? unknown : method(self, args)));
}

function stripped(self: string, what: Value | undefined, left: boolean, right: boolean): string {
  const letters = typeof what === 'string' ? what : ' \t\n\r\f\v';
  let [from, to] = [0, self.length];
  while (left && from < to && letters.includes(self[from]!)) from += 1;
  while (right && to > from && letters.includes(self[to - 1]!)) to -= 1;
  return self.slice(from, to);
}
