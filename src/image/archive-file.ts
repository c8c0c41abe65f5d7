/**
 * An archive on disk. A plain tar is read by position: headers once, then each member where it lies, by any
 * number of readers. A compressed one (`.tar.gz`, `.tar.zst`) has no positions, and nothing is unpacked to
 * disk, so it is read in passes, see `archive-stream.ts`.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { WaterguardError } from '../model/error.ts';
import { printable } from '../model/printable.ts';
import { type ForwardReader, followLinks, indexMembers, truncatedArchive } from './archive-index.ts';
import { streamMembers } from './archive-stream.ts';
import { asUnreadable, kindOfPath, type Members, missingMember, readRange } from './members.ts';
import { blockSize, hasValidChecksum, isZeroBlock } from './tar/header.ts';

/** @param where names the archive: `oci-archive:x.tar`
 *  @throws WaterguardError `unreadable` (no such file, not a tar), `unsupported` (xz, bzip2), `corrupt`,
 *  `truncated`, `limit` */
export async function openArchiveFile(path: string, where: string, signal?: AbortSignal): Promise<Members> {
  await requireFile(path, where);
  const handle = await openToRead(path);
  try {
    const { size } = await handle.stat();
    const first = await takeAt(handle, 0, blockSize);
    const compression = compressionOf(first, where);
    if (compression === 'none') return await positionedMembers(handle, size, where);
    return await streamMembers({
      where,
      open: (during) => decompressed(handle, size, compression, where, during),
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

type Compression = 'none' | 'gzip' | 'zstd';

/** By the first bytes, because names lie. */
function compressionOf(first: Buffer, where: string): Compression {
  const magic = first.subarray(0, 6).toString('hex');
  if (magic.startsWith('1f8b')) return 'gzip';
  if (magic.startsWith('28b52ffd')) return 'zstd';
  if (magic === 'fd377a585a00') throw otherCompression(where, 'xz', 'xz -dk');
  if (magic.startsWith('425a68')) throw otherCompression(where, 'bzip2', 'bzip2 -dk');
  const isTar = first.length === blockSize && (isZeroBlock(first) || hasValidChecksum(first));
  if (isTar) return 'none';
  throw new WaterguardError(
    'unreadable',
    first.length === 0
      ? `${where} is an empty file. Save the image again.`
      : `${where} is not a tar archive. Give the file that \`docker save\` or \`skopeo copy\` wrote.`,
  );
}

/** Growth beyond which an archive is a bomb: gzip reaches 1,032, images pack about 3 to 1. */
const ratioLimit = 100;
const ratioFloor = 1024 ** 3;

async function* decompressed(
  handle: FileHandle,
  size: number,
  compression: 'gzip' | 'zstd',
  where: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const packed = Readable.from(readRange(handle, 0, size, signal), { objectMode: false });
  const options = { chunkSize: 1024 * 1024 };
  const plain = compression === 'gzip' ? createGunzip(options) : createZstdDecompress(options);
  pipeline(packed, plain, () => {});
  let seen = 0;
  try {
    for await (const chunk of plain) {
      seen += chunk.length;
      if (seen > Math.max(ratioFloor, size * ratioLimit)) throw bomb(where);
      yield chunk;
    }
  } catch (error) {
    throw asCorrupt(error, where);
  } finally {
    packed.destroy();
    plain.destroy();
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

function bomb(where: string): WaterguardError {
  return new WaterguardError(
    'limit',
    `${where} unpacks to more than ${ratioLimit} times its size, like a decompression bomb. If you trust it, ` +
      'decompress it and scan the tar.',
  );
}

function asCorrupt(error: unknown, where: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'Z_BUF_ERROR') return truncatedArchive(where);
  if (!/^(?:Z_|ZSTD_)/.test(code)) return error;
  const message = `${where} is not soundly compressed (${code}). Save the image again.`;
  return new WaterguardError('corrupt', message, { cause: error });
}
