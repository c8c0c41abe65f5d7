/** Numbers, names and bytes that follow from a seed and a label: the same at every start, unrelated between labels. */
import { createHmac } from 'node:crypto';

export interface Random {
  bytes(count: number): Buffer;
  hex(digits: number): string;
  /** From `least` to `most`, both included. */
  int(least: number, most: number): number;
  pick<T>(list: readonly T[]): T;
  /** So many of the list, in another order. */
  some<T>(list: readonly T[], count: number): T[];
  /** So many characters out of an alphabet. */
  text(alphabet: string, length: number): string;
  uuid(): string;
}

export function randomOf(seed: string, label: string): Random {
  let block = 0;
  let left = Buffer.alloc(0);

  function bytes(count: number): Buffer {
    while (left.length < count) {
      block += 1;
      const next = createHmac('sha256', seed).update(`${label}\0${block}`).digest();
      left = Buffer.concat([left, next]);
    }
    const taken = left.subarray(0, count);
    left = left.subarray(count);
    return Buffer.from(taken);
  }

  const int = (least: number, most: number): number =>
    least + Math.floor((bytes(6).readUIntBE(0, 6) / 2 ** 48) * (most - least + 1));
  const pick = <T>(list: readonly T[]): T => list[int(0, list.length - 1)]!;

  return {
    bytes,
    int,
    pick,
    hex: (digits) =>
      bytes(Math.ceil(digits / 2))
        .toString('hex')
        .slice(0, digits),
    some(list, count) {
      const rest = [...list];
      const chosen: (typeof rest)[number][] = [];
      while (chosen.length < count && rest.length > 0)
        chosen.push(...rest.splice(int(0, rest.length - 1), 1));
      return chosen;
    },
    text: (alphabet, length) => Array.from({ length }, () => alphabet[int(0, alphabet.length - 1)]).join(''),
    uuid() {
      const hex = bytes(16);
      hex[6] = (hex[6]! & 0x0f) | 0x40;
      hex[8] = (hex[8]! & 0x3f) | 0x80;
      return hex.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    },
  };
}
