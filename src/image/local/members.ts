/**
 * Files by name, whether they lie in a folder or in an archive: what an OCI layout and a docker archive are
 * read through. A name is relative, `/`-separated and has no `.` or `..`.
 */
import { constants } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { messageOf, WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';
import { readAll } from '../verify.ts';

export interface Members {
  /** For messages and reports: `oci:/tmp/x`. */
  readonly where: string;
  /** An archive that ends within a member: what is not in it may have been cut off. */
  readonly isCut?: boolean;
  /** Bytes; undefined where there is no such file. */
  size(name: string): Promise<number | undefined>;
  /** Throws `missing` where there is no such file. */
  open(name: string, signal?: AbortSignal): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** @throws WaterguardError `missing`, `limit`, and whatever the source throws */
export async function readMember(
  members: Members,
  name: string,
  limit: number,
  signal?: AbortSignal,
): Promise<Buffer> {
  return readAll(members.open(name, signal), limit, `${printable(name, 200)} of ${members.where}`);
}

export function missingMember(where: string, name: string): WaterguardError {
  return new WaterguardError(
    'missing',
    `${where} has no ${printable(name, 200)}: it is incomplete. Copy the image again.`,
  );
}

/**
 * The files of an OCI layout's folder. A symbolic link is followed only to a regular file in the same part of
 * the layout (`blobs/` for blobs, the folder itself for the rest), so that a layout cannot make a scan read
 * the files of the machine that it runs on.
 */
export function folderMembers(folder: string, where: string): Members {
  return {
    where,
    size: async (name) => {
      const handle = await openInside(folder, name, where);
      if (handle === undefined) return undefined;
      try {
        return (await handle.stat()).size;
      } finally {
        await handle.close();
      }
    },
    open: (name, signal) => readInside(folder, name, where, signal),
    close: async () => {},
  };
}

async function* readInside(
  folder: string,
  name: string,
  where: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const handle = await openInside(folder, name, where);
  if (handle === undefined) throw missingMember(where, name);
  yield* readRange(handle, 0, Number.POSITIVE_INFINITY, signal, () => handle.close());
}

/** Opened without waiting (a FIFO would block for ever) and checked on the open handle. */
async function openInside(folder: string, name: string, where: string): Promise<FileHandle | undefined> {
  try {
    const top = name.startsWith('blobs/') ? join(folder, 'blobs') : folder;
    const [fence, path] = await Promise.all([realpath(top), realpath(join(folder, name))]);
    if (!path.startsWith(fence + sep)) throw outside(where, name);
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
    throw new WaterguardError('unreadable', `${printable(name, 200)} of ${where} is not a regular file.`);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw asUnreadable(error, `${printable(name, 200)} of ${where}`);
  }
}

/** Bytes per read; the decompressor downstream is fastest with chunks of this size (facts: 1 MiB). */
const chunkSize = 1024 * 1024;

/** Reads `length` bytes from `start` by position, so that several readers share one handle. A file that ends
 *  early just ends; whoever knows the size complains. */
export async function* readRange(
  handle: FileHandle,
  start: number,
  length: number,
  signal: AbortSignal | undefined,
  done: () => Promise<void> = async () => {},
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    let at = start;
    const end = start + length;
    while (at < end) {
      signal?.throwIfAborted();
      const chunk = Buffer.allocUnsafe(Math.min(chunkSize, end - at));
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await done();
  }
}

/** What lies at a path that a user named: `undefined` where nothing does. */
export async function kindOfPath(path: string): Promise<'file' | 'directory' | 'other' | undefined> {
  try {
    const found = await stat(path);
    if (found.isFile()) return 'file';
    return found.isDirectory() ? 'directory' : 'other';
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw asUnreadable(error, printable(path));
  }
}

/** No such file, a file where a directory should be, a name that no file system takes. */
function isAbsent(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return (
    code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG' || code === 'ERR_INVALID_ARG_VALUE'
  );
}

/** A system error, as a message that says what to do; errors of ours and the reason of an abort pass. */
export function asUnreadable(error: unknown, what: string): Error {
  if (error instanceof WaterguardError || error instanceof DOMException) return error;
  const detail = printable(messageOf(error), 200);
  return new WaterguardError(
    'unreadable',
    `${what} cannot be read: ${detail}. Check the path and its permissions.`,
    {
      cause: error,
    },
  );
}

function outside(where: string, name: string): WaterguardError {
  return new WaterguardError(
    'refused',
    `${printable(name, 200)} of ${where} is a link to a place outside of the layout. It is not followed; ` +
      'replace the link by the file if you trust it.',
  );
}
