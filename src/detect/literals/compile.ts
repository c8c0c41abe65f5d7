/**
 * The tables of the literal search, laid out as `kernel.wat` reads them. They are plain bytes, so that they are made
 * once, lie in the cache of prepared rules and are copied into each worker's memory.
 *
 * The kernel looks at every second place. So a literal is found by one of two grams of four bytes: one at an even and
 * one at an odd number of bytes from its beginning, each the rarest of its kind. A literal too short for both has a
 * gram that reaches over its end by one byte, entered with all values of that byte.
 */
import { type Literal, shortest } from './literal.ts';
import { fold, rarestGram, weightOf } from './rarity.ts';

/** Of one set of literals; plain data. */
export interface CompiledLiterals {
  /** The beginning of the kernel's memory. */
  readonly image: Buffer;
  /** Address of one byte for each literal. */
  readonly seen: number;
  /** Most hits at one place. */
  readonly mostAtOnce: number;
  /** Literals of all sets together; numbers are below. */
  readonly count: number;
}

export interface WantedLiteral {
  /** What the search calls it; below `count`. */
  readonly number: number;
  readonly literal: Literal;
  /** One hit in each file is enough. */
  readonly once: boolean;
}

const hashBits = 20;
const bucketBits = 13;
const bucketsAt = 2 ** hashBits / 8;
const seenAt = bucketsAt + (2 ** bucketBits + 1) * 4;
const gramBytes = 8;
const recordHead = 24;

/** @param count how many numbers there are, also of literals that are not wanted here */
export function compileLiterals(wanted: readonly WantedLiteral[], count: number): CompiledLiterals {
  const gramsAt = aligned(seenAt + count);
  const grams = wanted.flatMap(gramsOf).sort((a, b) => a.hash - b.hash);
  const records = createRecords(gramsAt + grams.length * gramBytes);
  const places = grams.map((one) => records.add(one));
  const image = Buffer.alloc(records.end);
  for (const [index, { hash, gram }] of grams.entries()) {
    const bit = image[hash >>> 3] ?? 0;
    image[hash >>> 3] = bit | (1 << (hash & 7));
    image.writeUInt32LE(gram, gramsAt + index * gramBytes);
    image.writeUInt32LE(places[index] ?? 0, gramsAt + index * gramBytes + 4);
  }
  let mostAtOnce = 0;
  let next = 0;
  for (let bucket = 0; bucket <= 2 ** bucketBits; bucket++) {
    const first = next;
    image.writeUInt32LE(gramsAt + first * gramBytes, bucketsAt + bucket * 4);
    while (bucketOf(grams[next]) === bucket) next++;
    mostAtOnce = Math.max(mostAtOnce, next - first);
  }
  records.write(image);
  return { image, seen: seenAt, mostAtOnce, count };
}

function bucketOf(gram: Gram | undefined): number | undefined {
  return gram === undefined ? undefined : gram.hash >>> (hashBits - bucketBits);
}

interface Gram extends WantedLiteral {
  /** Folded, little endian. */
  readonly gram: number;
  readonly hash: number;
  /** Of the gram in the literal; -1 where it begins one byte before. */
  readonly at: number;
}

/** @throws RangeError for a literal without a gram, which nothing could find */
function gramsOf(wanted: WantedLiteral): Gram[] {
  const { literal } = wanted;
  const [even, odd] = [rarest(literal, 0), rarest(literal, 1)];
  const known = even ?? odd;
  if (known === undefined) throw new RangeError(`nothing to search for in ${literal.bytes.toString('hex')}`);
  const both = even !== undefined && odd !== undefined ? [even, odd] : [known, ...besides(literal, known.at)];
  return both.map((one) => ({ ...wanted, ...one }));
}

type Placed = Pick<Gram, 'gram' | 'hash' | 'at'>;

function rarest(literal: Literal, parity: 0 | 1): Placed | undefined {
  const best = rarestGram(literal, parity, 2);
  return best === undefined
    ? undefined
    : placed(literal.bytes.subarray(best.at, best.at + shortest), best.at);
}

/** The gram one byte before or behind that at `at`, whichever is rarer, with all values of the byte that is not known. */
function besides(literal: Literal, at: number): Placed[] {
  const bytes = literal.bytes.subarray(at, at + shortest);
  const before = Buffer.concat([unknown, bytes.subarray(0, 3)]);
  const behind = Buffer.concat([bytes.subarray(1), unknown]);
  const isBefore = weightOf(before) <= weightOf(behind);
  return everyFolded.map((one) => {
    const gram = Buffer.from(isBefore ? before : behind);
    gram[isBefore ? 0 : 3] = one;
    return placed(gram, isBefore ? at - 1 : at + 1);
  });
}

const unknown = Buffer.from(' ');

/** All values of a byte with bit 5 set. */
const everyFolded = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => (byte & 0x20) !== 0);

function placed(bytes: Buffer, at: number): Placed {
  const gram = Buffer.from(bytes.map(fold)).readUInt32LE();
  return { gram, hash: Math.imul(gram, 0x9e3779b1) >>> (32 - hashBits), at };
}

/** Literals behind each other, the same with the same gram once. */
interface Records {
  readonly end: number;
  /** @returns the address */
  add(gram: Gram): number;
  write(image: Buffer): void;
}

function createRecords(start: number): Records {
  const known = new Map<string, number>();
  const all: { readonly address: number; readonly gram: Gram; readonly size: number }[] = [];
  let end = start;
  return {
    get end() {
      return end;
    },
    add(gram) {
      const key = `${gram.number} ${gram.at}`;
      const address = known.get(key) ?? end;
      if (address < end) return address;
      const size = aligned(gram.literal.bytes.length);
      all.push({ address, gram, size });
      known.set(key, address);
      end += recordHead + 2 * size;
      return address;
    },
    write(image) {
      for (const { address, gram, size } of all) {
        const { bytes, mask } = gram.literal;
        image.writeInt32LE(gram.at, address);
        image.writeUInt32LE(bytes.length, address + 4);
        image.writeUInt32LE(gram.number, address + 8);
        image.writeUInt32LE(size, address + 12);
        image.writeUInt32LE(gram.once ? 1 : 0, address + 16);
        bytes.copy(image, address + recordHead);
        mask.copy(image, address + recordHead + size);
      }
    },
  };
}

function aligned(size: number): number {
  return Math.ceil(size / 8) * 8;
}
