/**
 * Reads regular files of a directory walk into the sink, small ones several to a piece of memory. A file is
 * read as it was listed: when it is no longer the same file, or has another size at the end, that is said. Of a
 * file that is nearly all holes only the beginning is read.
 */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import type { SkipReason } from '../model/coverage.ts';
import { messageOf } from '../model/error.ts';
import type { Entry, EntrySink } from './entry.ts';

export interface FileReader {
  /** @param path on disk @param listed what `lstat` said */
  read(path: Buffer, entry: Entry, listed: Stats): Promise<void>;
}

/** Read at once; pieces of it are lent to the sink and never written again. */
const pieceSize = 1024 * 1024;

/** Not through a symbolic link, and without waiting for the other end of a FIFO, should one have taken the place. */
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * A sparse file costs nothing to make and minutes to read. Up to so many bytes of holes are read as the zeros that
 * they are, as in a tar; beyond it, so many times its stored bytes. File systems that compress take fewer blocks than
 * a file has bytes as well: btrfs at most 32 times (128 KiB in one block of 4 KiB; btrfs(5), 2026-11).
 */
const mostHoleBytes = 128 * 1024 * 1024;
const mostHoleRatio = 32;

/** Read of a file beyond that; the system calls do not tell where its content lies, and a program begins at 0. */
const sparseHead = 16 * 1024 * 1024;

/** In which `lstat` counts what is stored (POSIX leaves it open, Linux has no other: stat(2)). */
const statBlock = 512;

/**
 * @param pause after each piece
 * @param maxFileSize bytes; larger files are entries without content, and not opened
 */
export function createFileReader(
  sink: EntrySink,
  pause: () => Promise<void>,
  maxFileSize: number,
): FileReader {
  let memory = Buffer.alloc(0);

  function nextPiece(file: number, left: number): Buffer {
    if (memory.length === 0) memory = Buffer.allocUnsafeSlow(pieceSize);
    const count = readSync(file, memory, 0, Math.min(memory.length, left), null);
    const piece = memory.subarray(0, count);
    memory = memory.subarray(count);
    return piece;
  }

  /** @returns false where not all of it could be read, or was meant to be */
  async function readContent(file: number, entry: Entry, length: number): Promise<boolean> {
    for (let left = length; left > 0; ) {
      const piece = nextPiece(file, left);
      if (piece.length === 0) {
        sink.skip(entry.path, 'truncated', `ended ${left} bytes early: it changed while it was read`);
        return false;
      }
      sink.data(piece);
      left -= piece.length;
      if (left > 0) await pause();
    }
    return length === entry.size;
  }

  /** @returns how much of the file is read */
  function readable({ size, blocks }: Stats, entry: Entry): number {
    const stored = blocks * statBlock;
    const holes = size - stored;
    if (holes <= mostHoleBytes || size <= stored * mostHoleRatio) return size;
    const detail = `holes of ${holes} bytes in a sparse file; only its first ${sparseHead} bytes were read`;
    sink.skip(entry.path, 'ratio-limit', detail);
    return sparseHead;
  }

  /** A file that is not what it was when the walk listed it is skipped. */
  async function readOpen(file: number, entry: Entry, listed: Stats): Promise<void> {
    const before = fstatSync(file);
    if (!before.isFile() || before.ino !== listed.ino || before.dev !== listed.dev) {
      sink.skip(entry.path, 'missing', 'it was replaced while the directory was read');
      return;
    }
    const opened = { ...entry, size: before.size };
    sink.entry(opened);
    let complete = false;
    try {
      complete = await readContent(file, opened, readable(before, entry));
      const after = fstatSync(file);
      if (complete && (after.mtimeMs !== before.mtimeMs || after.size !== before.size)) {
        sink.skip(entry.path, 'truncated', 'it changed while it was read');
        complete = false;
      }
    } catch (error) {
      if (!isSystemError(error)) throw error;
      sink.skip(entry.path, skipReasonOf(error), messageOf(error));
    }
    sink.end(complete);
  }

  return {
    async read(path, entry, listed) {
      if (entry.size > maxFileSize) {
        sink.entry(entry);
        sink.end(false);
        return;
      }
      let file: number;
      try {
        file = openSync(path, flags);
      } catch (error) {
        sink.skip(entry.path, skipReasonOf(error), messageOf(error));
        return;
      }
      try {
        await readOpen(file, entry, listed);
      } finally {
        closeSync(file);
      }
    },
  };
}

export function skipReasonOf(error: unknown): SkipReason {
  return isSystemError(error) && error.code === 'ENAMETOOLONG' ? 'name-limit' : 'missing';
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
