/** Turns valid inputs into hostile ones. */
import { mutateJson } from './mutate-json.ts';
import { createRandom, type Random, saltOf } from './random.ts';
import type { Target } from './target.ts';

/**
 * Input number `index` of a run. The first ones are the seeds as they are; every later one is a seed with one to
 * a dozen changes.
 */
export function makeInput(target: Target, seeds: readonly Buffer[], seed: number, index: number): Buffer {
  const plain = seeds[index];
  if (plain !== undefined) return plain;
  const random = randomFor(target, seed, index);
  let input: Buffer = Buffer.from(random.pick(seeds));
  const asJson = target.form === 'json' && !random.oneIn(4);
  if (asJson) input = mutateJson(input, target.words ?? [], random);
  else for (let count = changes(random); count > 0; count--) input = changed(input, seeds, target, random);
  if (target.mend !== undefined && !random.oneIn(8)) input = target.mend(input, random);
  if (target.largest !== undefined && random.oneIn(1000)) input = stretched(input, target.largest, random);
  return input;
}

/** The numbers that belong to one input: its making and its reading each begin a stream of their own. */
export function randomFor(target: Target, seed: number, index: number, purpose = ''): Random {
  return createRandom(seed, index, saltOf(target.name + purpose));
}

/** Mostly one or two, now and then many. */
function changes(random: Random): number {
  let count = 1;
  while (count < 12 && random.oneIn(2)) count++;
  return count;
}

function changed(input: Buffer, seeds: readonly Buffer[], target: Target, random: Random): Buffer {
  const at = random.below(input.length + 1);
  const words = target.words ?? [];
  switch (random.below(words.length > 0 ? 12 : 10)) {
    case 0:
      return overwritten(input, at, [random.below(256)]);
    case 1:
      return overwritten(input, at, [(input[at] ?? 0) ^ (1 << random.below(8))]);
    case 2:
      return overwritten(input, at, random.pick(edges));
    case 3:
      return spliced(input, at, 0, Buffer.alloc(1 + random.below(40), random.below(256)));
    case 4:
      return spliced(input, at, 1 + random.below(64), none);
    case 5:
      return input.subarray(0, at);
    case 6:
      return spliced(input, at, 0, sliceOf(input, random));
    case 7:
      return spliced(input, at, random.below(64), sliceOf(random.pick(seeds), random));
    case 8:
      return spliced(input, at, 0, Buffer.from(random.pick(signs).repeat(1 + random.below(8)), 'latin1'));
    case 9:
      return overwritten(
        input,
        at,
        Array.from({ length: 1 + random.below(16) }, () => random.below(256)),
      );
    case 10:
      return spliced(input, at, 0, Buffer.from(random.pick(words), 'latin1'));
    default:
      return overwritten(input, at, Buffer.from(random.pick(words), 'latin1'));
  }
}

const none: Buffer = Buffer.alloc(0);

/** Numbers at which parsers break, in both byte orders and as text. */
const edges: readonly (readonly number[])[] = [
  [0, 0, 0, 0],
  [0xff, 0xff],
  [0xff, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0x7f],
  [0x7f, 0xff, 0xff, 0xff],
  [0, 0, 0, 0x80],
  [0x80, 0, 0, 0],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
  [0, 0, 0, 0, 0, 0, 0x20, 0],
  [1, 0, 0, 0, 0, 0, 0, 0],
  [0xc0, 0x80],
  [0xed, 0xa0, 0x80],
  [0xef, 0xbb, 0xbf],
  [...Buffer.from('18446744073709551616')],
  [...Buffer.from('-1')],
  [...Buffer.from('1e308')],
  [...Buffer.from('NaN')],
];

/** Signs that mean something to some grammar. */
const signs = [
  ...'"\'`\\/(){}[]<>|&;$#!*?@=:,.-+%^~ \t\r\n\0\x1b\x7f\x80\xff',
  '\r\n',
  '../',
  '\\u0000',
  '://',
  '${',
  '$(',
  '<<',
  '%00',
];

function sliceOf(from: Buffer, random: Random): Buffer {
  const start = random.below(from.length + 1);
  return from.subarray(start, start + 1 + random.below(random.oneIn(8) ? 2048 : 64));
}

/** Overwrites in place: the input is the fuzzer's own copy. */
function overwritten(input: Buffer, at: number, bytes: ArrayLike<number>): Buffer {
  for (let i = 0; i < bytes.length && at + i < input.length; i++) input[at + i] = bytes[i] ?? 0;
  return input;
}

function spliced(input: Buffer, at: number, removed: number, added: Buffer): Buffer {
  return Buffer.concat([input.subarray(0, at), added, input.subarray(at + removed)]);
}

/** A slice of the input again and again, between what stood before and after it. */
function stretched(input: Buffer, largest: number, random: Random): Buffer {
  const start = random.below(input.length + 1);
  const slice = input.subarray(start, start + 1 + random.below(random.oneIn(2) ? 4 : 200));
  const size = random.below(largest);
  if (slice.length === 0) return Buffer.alloc(size, random.below(256));
  return Buffer.concat([input.subarray(0, start), Buffer.alloc(size, slice), input.subarray(start)]);
}
