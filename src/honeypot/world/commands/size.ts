/** Sizes: as GNU programs shorten them for people, and as they are told. */

const letters = ['', 'K', 'M', 'G', 'T', 'P', 'E'];

/** `4.0K`, `12M`: rounded up, one place below ten. @param base 1024, or 1000 for `--si` */
export function humanSize(size: number, base: 1000 | 1024 = 1024): string {
  let value = size;
  let power = 0;
  while (value >= base && power < letters.length - 1) {
    value /= base;
    power += 1;
  }
  if (power === 0) return `${size}`;
  const tenths = Math.ceil(value * 10 - 1e-9) / 10;
  const text = tenths < 10 ? tenths.toFixed(1) : `${Math.ceil(value - 1e-9)}`;
  if (Number(text) >= base && power < letters.length - 1) return `1.0${letters[power + 1]}`;
  const letter = letters[power]!;
  return text + (base === 1000 ? letter.replace('K', 'k') : letter);
}

const multiples: Readonly<Record<string, number>> = {
  '': 1,
  c: 1,
  w: 2,
  b: 512,
  K: 1024,
  k: 1024,
  M: 1024 ** 2,
  G: 1024 ** 3,
  T: 1024 ** 4,
  P: 1024 ** 5,
};

/** `512`, `4k`, `1M`, `2GB`, `3MiB`; undefined for what is none. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d{1,15})([cwbkKMGTP]?)(iB|B)?$/.exec(text);
  if (match === null) return undefined;
  const [, digits = '', letter = '', end] = match;
  if (end === 'B' && letter !== '') return Number(digits) * 1000 ** ' KMGTP'.indexOf(letter.toUpperCase());
  return Number(digits) * multiples[letter]!;
}
