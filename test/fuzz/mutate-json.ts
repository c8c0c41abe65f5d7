/** Changes JSON as a value, so that what comes out is JSON again and reaches the code behind the parser. */
import type { Random } from './random.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One to four changes anywhere in the document. */
export function mutateJson(text: Buffer, words: readonly string[], random: Random): Buffer {
  let value: Json = JSON.parse(text.toString());
  for (let count = 1 + random.below(4); count > 0; count--) value = changed(value, words, random, 0);
  return Buffer.from(JSON.stringify(value));
}

function changed(value: Json, words: readonly string[], random: Random, depth: number): Json {
  if (typeof value !== 'object' || value === null || random.oneIn(12)) return replaced(value, words, random);
  const entries = Object.entries(value);
  const at = random.below(entries.length);
  const [key, child] = entries[at] ?? ['', null];
  const isList = Array.isArray(value);
  switch (random.below(depth < 2 ? 8 : 5)) {
    case 0:
      entries.splice(at, 1);
      break;
    case 1:
      entries.splice(at, 0, [
        isList ? key : random.pick([...words, '__proto__', key.toUpperCase(), '']),
        child,
      ]);
      break;
    case 2:
      entries[at] = [key, replaced(child, words, random)];
      break;
    default:
      entries[at] = [key, changed(child, words, random, depth + 1)];
  }
  return isList ? entries.map(([, one]) => one) : Object.fromEntries(entries);
}

function replaced(value: Json, words: readonly string[], random: Random): Json {
  switch (random.below(9)) {
    case 0:
      return random.pick<Json>([null, true, false, [], {}, '', [[]], [null], { '': null }]);
    case 1:
      return random.pick([0, -1, 1.5, 1e308, 2 ** 31, 2 ** 32, 2 ** 53, Number.MAX_SAFE_INTEGER, -(2 ** 63)]);
    case 2:
      return random.pick([...words, '\0', '\x1b[31m', '\ud800', '::error::x', '../../x', ' ', '\n']);
    case 3:
      return typeof value === 'string' ? value.repeat(1 + random.below(20)) : String(value);
    case 4:
      return typeof value === 'string' ? value.slice(random.below(value.length + 1)) : [value];
    case 5:
      return typeof value === 'string' ? edited(value, random) : { value };
    case 6:
      return new Array<Json>(random.below(40)).fill(value);
    case 7:
      return nested(value, 1 + random.below(60), random.oneIn(2));
    default:
      return random.word();
  }
}

function edited(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const added = String.fromCharCode(random.below(random.oneIn(4) ? 0x10000 : 0x80));
  return text.slice(0, at) + added + text.slice(at + random.below(3));
}

function nested(value: Json, depth: number, asList: boolean): Json {
  let out = value;
  for (let level = 0; level < depth; level++) out = asList ? [out] : { config: out };
  return out;
}
