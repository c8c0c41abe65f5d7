/**
 * Reads regular files of a directory walk into the sink, small ones several to a piece of memory. A file is
 * read as it was listed: when it is no longer the same file, or has another size at the end, that is said.
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

/** @param pause after each piece */
export function createFileReader(sink: EntrySink, pause: () => Promise<void>): FileReader {
  let memory = Buffer.alloc(0);

  function nextPiece(file: number, left: number): Buffer {
    if (memory.length === 0) memory = Buffer.allocUnsafeSlow(pieceSize);
    const count = readSync(file, memory, 0, Math.min(memory.length, left), null);
    const piece = memory.subarray(0, count);
    memory = memory.subarray(count);
    return piece;
  }

  async function readContent(file: number, entry: Entry): Promise<boolean> {
    for (let left = entry.size; left > 0; ) {
      const piece = nextPiece(file, left);
      if (piece.length === 0) {
        sink.skip(entry.path, 'truncated', `ended ${left} bytes early: it changed while it was read`);
        return false;
      }
      sink.data(piece);
      left -= piece.length;
      if (left > 0) await pause();
    }
    return true;
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
      complete = await readContent(file, opened);
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
