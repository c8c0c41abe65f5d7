/** Files and directories that a client has open, by the handles that sftp-server would give: four bytes that count. */
import type { Entry } from '../../world/files/view.ts';
import { u32 } from '../protocol/bytes.ts';

export interface OpenFile {
  readonly kind: 'file';
  readonly path: string;
  readonly isAppend: boolean;
  /** What is in it now; written back when it is closed. */
  content: Buffer;
  length: number;
  isChanged: boolean;
}

export interface OpenDirectory {
  readonly kind: 'directory';
  readonly path: string;
  /** What was not told yet. */
  rest: readonly Entry[];
}

export type Open = OpenFile | OpenDirectory;

/** At once. */
const mostOpen = 100;

export interface Handles {
  /** Undefined where too many are open. */
  add(open: Open): Buffer | undefined;
  get(handle: Buffer): Open | undefined;
  take(handle: Buffer): Open | undefined;
  all(): readonly Open[];
}

export function createHandles(): Handles {
  const open = new Map<number, Open>();
  const numberOf = (handle: Buffer): number => (handle.length === 4 ? handle.readUInt32BE() : -1);
  return {
    add(one) {
      if (open.size >= mostOpen) return undefined;
      let number = 0;
      while (open.has(number)) number += 1;
      open.set(number, one);
      return u32(number);
    },
    get: (handle) => open.get(numberOf(handle)),
    take(handle) {
      const one = open.get(numberOf(handle));
      open.delete(numberOf(handle));
      return one;
    },
    all: () => [...open.values()],
  };
}
