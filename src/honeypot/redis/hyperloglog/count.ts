/** How many elements registers tell of: Otmar Ertl's estimate (arXiv:1702.01284), as hyperloglog.c has it. */
import { indexBits, registerCount } from './hash.ts';

/** The highest rank but one. */
const maxRank = 64 - indexBits;
const alpha = 0.7213475204444817;

/** @param registers as many as there are, each 0 to 63 */
export function countOf(registers: Uint8Array): number {
  const histogram = new Uint32Array(64);
  for (const value of registers) histogram[value]! += 1;
  let z = registerCount * tau((registerCount - histogram[maxRank + 1]!) / registerCount);
  for (let rank = maxRank; rank >= 1; rank -= 1) z = (z + histogram[rank]!) * 0.5;
  z += registerCount * sigma(histogram[0]! / registerCount);
  return Math.round((alpha * registerCount * registerCount) / z);
}

function sigma(of: number): number {
  if (of === 1) return Number.POSITIVE_INFINITY;
  let [x, y, z, before] = [of, 1, of, Number.NaN];
  while (before !== z) {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  }
  return z;
}

function tau(of: number): number {
  if (of === 0 || of === 1) return 0;
  let [x, y, z, before] = [of, 1, 1 - of, Number.NaN];
  while (before !== z) {
    x = Math.sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) ** 2 * y;
  }
  return z / 3;
}
