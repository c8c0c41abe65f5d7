/** What is found, each value once and in order, within the limits that keep an event of a bearable size. */
import type { Norm } from '../../model/event.ts';

/** Most values of each kind, and most characters of all values of a kind together. */
const limits = {
  urls: { values: 200, characters: 64 * 1024 },
  hosts: { values: 200, characters: 16 * 1024 },
  images: { values: 50, characters: 8 * 1024 },
  wallets: { values: 50, characters: 8 * 1024 },
  commands: { values: 500, characters: 64 * 1024 },
} as const satisfies Readonly<Record<keyof Norm, { values: number; characters: number }>>;

export interface Collection {
  add(kind: keyof Norm, value: string): void;
  has(kind: keyof Norm, value: string): boolean;
  norm(): Norm;
}

export function createCollection(): Collection {
  const values = {
    urls: new Set<string>(),
    hosts: new Set<string>(),
    images: new Set<string>(),
    wallets: new Set<string>(),
    commands: new Set<string>(),
  } satisfies Readonly<Record<keyof Norm, Set<string>>>;
  const room = { urls: 0, hosts: 0, images: 0, wallets: 0, commands: 0 };
  return {
    add(kind, value) {
      const known = values[kind];
      if (value === '' || known.has(value)) return;
      if (known.size >= limits[kind].values || room[kind] + value.length > limits[kind].characters) return;
      room[kind] += value.length;
      known.add(value);
    },
    has: (kind, value) => values[kind].has(value),
    norm: () => ({
      urls: [...values.urls],
      hosts: [...values.hosts],
      images: [...values.images],
      wallets: [...values.wallets],
      commands: [...values.commands],
    }),
  };
}
