/**
 * Memory that the scanner and its engine share: an unnamed file in the system's memory file system. The scanner
 * writes a batch there and tells the engine's thread the place. Sent through the socket, 200 KB at a time, each piece
 * would wait for both processes to be scheduled, which on busy cores takes longer than inspecting it.
 */
import { randomUUID } from 'node:crypto';
import { closeSync, constants, openSync, readSync, rmSync, writeSync } from 'node:fs';

export interface Slab {
  /** For the engine's process to inherit. */
  readonly fd: number;
  /** @returns where the bytes now lie; undefined where there is no room: they take another way then */
  write(bytes: Uint8Array): number | undefined;
  /** What was written at this place is not needed any more. */
  free(at: number): void;
  close(): void;
}

/** The engine's side. @param into filled with what lies at that place */
export function readSlab(fd: number, into: Uint8Array, at: number): void {
  for (let read = 0; read < into.length; ) {
    const count = readSync(fd, into, read, into.length - read, at + read);
    if (count === 0) throw new Error('the slab ends within a batch');
    read += count;
  }
}

/** In whole megabytes, so that a freed place suits many. */
const unit = 1024 * 1024;

/** Docker gives a container 64 MiB. */
const units = 56;

/** Of Linux; elsewhere batches go through the socket. */
const memoryFolder = '/dev/shm';

/** @returns undefined where there is no memory file system that can be written to */
export function openSlab(folder = memoryFolder): Slab | undefined {
  let fd: number;
  try {
    const path = `${folder}/waterguard-${randomUUID()}`;
    fd = openSync(
      path,
      constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
      0o600,
    );
    rmSync(path);
  } catch {
    return undefined;
  }
  const taken = new Map<number, number>();
  const used = new Uint8Array(units);

  function find(count: number): number | undefined {
    for (let start = 0; start + count <= units; start++) {
      const blocked = used.subarray(start, start + count).lastIndexOf(1);
      if (blocked < 0) return start;
      start += blocked;
    }
    return undefined;
  }

  return {
    fd,
    write(bytes) {
      const count = Math.ceil(bytes.length / unit);
      const start = count === 0 ? undefined : find(count);
      if (start === undefined) return undefined;
      const at = start * unit;
      try {
        let written = 0;
        while (written < bytes.length)
          written += writeSync(fd, bytes, written, bytes.length - written, at + written);
      } catch {
        // The memory file system is full, whoever filled it.
        return undefined;
      }
      used.fill(1, start, start + count);
      taken.set(at, count);
      return at;
    },
    free(at) {
      const start = at / unit;
      used.fill(0, start, start + (taken.get(at) ?? 0));
      taken.delete(at);
    },
    close: () => closeSync(fd),
  };
}
