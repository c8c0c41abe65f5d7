/** Pseudo-random numbers that a seed repeats exactly, on every machine: sfc32 (PractRand, Chris Doty-Humphrey). */

export interface Random {
  /** A 32-bit unsigned integer. */
  word(): number;
  /** 0..limit-1; 0 for a limit of 0. */
  below(limit: number): number;
  /** True once in so many times. */
  oneIn(times: number): boolean;
  pick<T>(list: readonly T[]): T;
}

/** Each input has numbers of its own, so that it can be made again without those before it. */
export function createRandom(seed: number, index: number, salt: number): Random {
  let a = seed >>> 0;
  let b = index >>> 0;
  let c = salt >>> 0;
  let counter = 1;

  function word(): number {
    const out = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + out;
    return out >>> 0;
  }
  for (let round = 0; round < 12; round++) word();

  const below = (limit: number): number => (limit < 2 ? 0 : word() % limit);
  return {
    word,
    below,
    oneIn: (times) => below(times) === 0,
    pick(list) {
      const one = list[below(list.length)];
      if (one === undefined) throw new Error('nothing to pick from');
      return one;
    },
  };
}

/** FNV-1a: a number for a name. */
export function saltOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
