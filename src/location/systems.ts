/**
 * Autonomous systems by address: a table of ranges, read once and searched by halving. Of IPv6 the first 48 bits
 * decide, as hardly a network routes anything finer; one range in forty is.
 */
import { createReadStream } from 'node:fs';

export interface AutonomousSystem {
  readonly number: number;
  readonly name: string;
}

export interface Systems {
  /** @param ip of the table's version, in normal form */
  of(ip: string): AutonomousSystem | undefined;
}

/** @param file lines `first,last,number,name`, ascending; addresses as decimal numbers, the name quoted as in CSV */
export async function readSystems(file: string, version: 4 | 6): Promise<Systems> {
  const read = version === 4 ? wholeNumber : upper48;
  const ranges = createRanges();
  const names = new Map<number, string>();
  for await (const lines of blocksOf(file)) {
    for (let at = 0; at < lines.length; ) {
      const end = lines.indexOf(lineFeed, at);
      const first = lines.indexOf(comma, at);
      const last = lines.indexOf(comma, first + 1);
      const system = lines.indexOf(comma, last + 1);
      const number = wholeNumber(lines, last + 1, system);
      ranges.add(read(lines, at, first), read(lines, first + 1, last), number);
      if (!names.has(number)) names.set(number, unquoted(lines.toString('utf8', system + 1, end)));
      at = end + 1;
    }
  }
  const numberAt = ranges.close();
  const keyOf = version === 4 ? key4 : key6;
  return {
    of(ip) {
      const number = numberAt(keyOf(ip));
      return number === undefined ? undefined : { number, name: names.get(number)! };
    },
  };
}

const comma = 0x2c;
const lineFeed = 0x0a;

/** Some thousands of lines each, all of them ended. */
async function* blocksOf(file: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 })) {
    const bytes = Buffer.concat([rest, chunk as Buffer]);
    const end = bytes.lastIndexOf(lineFeed) + 1;
    rest = bytes.subarray(end);
    yield bytes.subarray(0, end);
  }
  if (rest.length > 0) yield Buffer.concat([rest, Buffer.of(lineFeed)]);
}

function wholeNumber(digits: Buffer, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at++) number = number * 10 + digits[at]! - 0x30;
  return number;
}

function upper48(digits: Buffer, from: number, to: number): number {
  return Number(BigInt(digits.toString('latin1', from, to)) >> 80n);
}

function key4(ip: string): number {
  let key = 0;
  for (const octet of ip.split('.')) key = key * 256 + Number(octet);
  return key;
}

/** The first three groups. */
function key6(ip: string): number {
  const [head = '', tail] = ip.split('::');
  const left = head.split(':');
  const right = tail === undefined ? [] : tail.split(':');
  let key = 0;
  for (let at = 0; at < 3; at++) {
    const group = left[at] ?? right[at - 8 + right.length] ?? '0';
    key = key * 65_536 + Number.parseInt(group, 16);
  }
  return key;
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

interface Ranges {
  /** In ascending order. */
  add(first: number, last: number, value: number): void;
  /** @returns how the value of the range is found that holds a key */
  close(): (key: number) => number | undefined;
}

/** Three columns of numbers; as objects they would take ten times the room. */
function createRanges(): Ranges {
  let firsts = new Float64Array(1 << 17);
  let lasts = new Float64Array(firsts.length);
  let values = new Uint32Array(firsts.length);
  let count = 0;

  function resize(size: number): void {
    const before = { firsts, lasts, values };
    firsts = new Float64Array(size);
    lasts = new Float64Array(size);
    values = new Uint32Array(size);
    firsts.set(before.firsts.subarray(0, size));
    lasts.set(before.lasts.subarray(0, size));
    values.set(before.values.subarray(0, size));
  }

  function find(key: number): number | undefined {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (firsts[middle]! <= key) low = middle + 1;
      else high = middle;
    }
    return low > 0 && key <= lasts[low - 1]! ? values[low - 1] : undefined;
  }

  return {
    add(first, last, value) {
      if (count === firsts.length) resize(2 * count);
      firsts[count] = first;
      lasts[count] = last;
      values[count] = value;
      count += 1;
    },
    close() {
      resize(count);
      return find;
    },
  };
}
