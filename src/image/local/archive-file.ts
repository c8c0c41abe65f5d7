/**
 * An archive on disk. A plain tar is read by position: headers once, then each member where it lies, by any
 * number of readers. A compressed one (`.tar.gz`, `.tar.zst`) has no positions, and nothing is unpacked to
 * disk, so it is read in passes, see `archive-stream.ts`.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';
import { decompress } from '../decompress.ts';
import { blockSize, hasValidChecksum, isZeroBlock } from '../tar/header.ts';
import { type ForwardReader, followLinks, indexMembers, truncatedArchive } from './archive-index.ts';
import { streamMembers } from './archive-stream.ts';
import { asUnreadable, kindOfPath, type Members, missingMember, readRange } from './members.ts';

/** @param where names the archive: `oci-archive:x.tar`
 *  @throws WaterguardError `unreadable` (no such file, not a tar), `unsupported` (xz, bzip2), `corrupt`,
 *  `truncated`, `limit` */
export async function openArchiveFile(path: string, where: string, signal?: AbortSignal): Promise<Members> {
  await requireFile(path, where);
  const handle = await openToRead(path);
  try {
    const { size } = await handle.stat();
    const first = await takeAt(handle, 0, blockSize);
    if (isPlainTar(first, where)) return await positionedMembers(handle, size, where);
    return await streamMembers({
      where,
      open: (during) => decompressed(handle, size, where, during),
      close: () => handle.close(),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    await handle.close();
    throw asUnreadable(error, where);
  }
}

async function positionedMembers(handle: FileHandle, size: number, where: string): Promise<Members> {
  const members = await indexMembers(positionedReader(handle), where);
  return {
    where,
    isCut: [...members.values()].some(({ end }) => end > size),
    size: async (name) => {
      const member = followLinks(members, name);
      return member === undefined ? undefined : member.end - member.start;
    },
    open: async function* (name, signal) {
      const member = followLinks(members, name);
      if (member === undefined) throw missingMember(where, name);
      yield* readRange(handle, member.start, Math.min(member.end, size) - member.start, signal);
      if (member.end > size) throw truncatedArchive(where);
    },
    close: () => handle.close(),
  };
}

function positionedReader(handle: FileHandle): ForwardReader {
  let at = 0;
  return {
    get position() {
      return at;
    },
    async take(bytes) {
      const piece = await takeAt(handle, at, bytes);
      at += piece.length;
      return piece;
    },
    async skipTo(position) {
      at = position;
    },
  };
}

async function takeAt(handle: FileHandle, position: number, bytes: number): Promise<Buffer> {
  const piece = Buffer.alloc(bytes);
  let filled = 0;
  while (filled < bytes) {
    const { bytesRead } = await handle.read(piece, filled, bytes - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return piece.subarray(0, filled);
}

/** By the first bytes, because names lie. False means gzip or zstd. */
function isPlainTar(first: Buffer, where: string): boolean {
  const magic = first.subarray(0, 6).toString('hex');
  if (/^(?:1f8b|28b52ffd|5[0-9a-f]2a4d18)/.test(magic)) return false;
  if (magic === 'fd377a585a00') throw otherCompression(where, 'xz', 'xz -dk');
  if (magic.startsWith('425a68')) throw otherCompression(where, 'bzip2', 'bzip2 -dk');
  if (first.length === blockSize && (isZeroBlock(first) || hasValidChecksum(first))) return true;
  throw new WaterguardError(
    'unreadable',
    first.length === 0
      ? `${where} is an empty file. Save the image again.`
      : `${where} is not a tar archive. Give the file that \`docker save\` or \`skopeo copy\` wrote.`,
  );
}

async function* decompressed(
  handle: FileHandle,
  size: number,
  where: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* decompress(readRange(handle, 0, size, signal));
  } catch (error) {
    throw ofArchive(error, where);
  }
}

async function requireFile(path: string, where: string): Promise<void> {
  const kind = await kindOfPath(path);
  if (kind === 'file') return;
  const shown = printable(path);
  throw new WaterguardError(
    'unreadable',
    kind === undefined
      ? `There is no file ${shown}. Give the path of an archive, as ${scheme(where)}:FILE or ${scheme(where)}:FILE:NAME.`
      : `${shown} is not a file. For an OCI layout in a folder write oci:DIR, for its files as they are dir:PATH.`,
  );
}

function scheme(where: string): string {
  return where.slice(0, where.indexOf(':'));
}

async function openToRead(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw asUnreadable(error, printable(path));
  }
}

function otherCompression(where: string, name: string, command: string): WaterguardError {
  return new WaterguardError(
    'unsupported',
    `${where} is compressed with ${name}. Run \`${command}\` on it and scan the tar.`,
  );
}

/** The decompressor speaks of layers, as which nearly everything comes to it. */
function ofArchive(error: unknown, where: string): unknown {
  if (!(error instanceof WaterguardError)) return error;
  if (error.code === 'truncated') return truncatedArchive(where);
  const message = `${where} cannot be decompressed: ${error.message}. If you trust it, decompress it and scan the tar.`;
  return new WaterguardError(error.code, message, { cause: error });
}
