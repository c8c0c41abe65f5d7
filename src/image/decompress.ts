/**
 * A layer blob's tar, whatever it is packed in: gzip (any number of members), zstd (any number of frames, with
 * skippable ones as in zstd:chunked) or nothing. The media type is not asked: the first bytes decide, as in
 * every runtime.
 *
 * zlib's thread pool works on the next chunk while the consumer is busy with this one. Members and frames are
 * taken one by one, because node:zlib drops what it had unpacked when garbage follows a gzip member, and ends
 * after the first zstd frame. The CRC of a gzip member is not checked: whoever reads a layer compares the
 * SHA-256 of what comes out with the diffID.
 */
import { createInflateRaw, createZstdDecompress, type InflateRaw, type ZstdDecompress } from 'node:zlib';
import { messageOf, WaterguardError } from '../model/error.ts';
import { createInput, type Input } from './input.ts';
import { letGo } from './memory.ts';

export interface DecompressLimits {
  /** Bytes of output; more ends with `limit`. */
  readonly maxBytes: number;
  /**
   * Output per byte of input, looked at only once `ratioFrom` bytes have come out. Honest layers of zeros
   * (database files, disk images) reach gzip's own limit of 1,032 and are no danger to a streaming reader, so
   * that only their sum is bounded.
   */
  readonly maxRatio: number;
  readonly ratioFrom: number;
}

/** Whether whoever reads keeps chunks, or is done with each before the next. */
export type Chunks = 'kept' | 'passing';

const GiB = 1024 ** 3;
export const defaultDecompressLimits: DecompressLimits = {
  maxBytes: 256 * GiB,
  maxRatio: 200,
  ratioFrom: 8 * GiB,
};

/**
 * @param chunks `passing`: a chunk is gone when the next one is asked for, which saves half of the memory's cost
 * @returns the unpacked bytes; each chunk is memory that is not written to again
 * @throws WaterguardError, always after everything that could be unpacked: what `blob` itself threw; `limit`
 *   (the message says which); `truncated`; `corrupt`; `unsupported` for another compression, or for bytes after
 *   the end that are not zero
 */
export async function* decompress(
  blob: AsyncIterable<Uint8Array>,
  limits: DecompressLimits = defaultDecompressLimits,
  chunks: Chunks = 'kept',
): AsyncGenerator<Buffer, void, undefined> {
  const input = createInput(blob);
  let out = 0;
  try {
    for await (const chunk of unpack(input, chunks)) {
      out += chunk.length;
      yield chunk;
      checkLimits(out, input.taken, limits);
    }
  } catch (error) {
    throw input.failure ?? error;
  } finally {
    input.close();
  }
  if (input.failure !== undefined) throw input.failure;
}

function checkLimits(out: number, taken: number, { maxBytes, maxRatio, ratioFrom }: DecompressLimits): void {
  if (out > maxBytes) throw new WaterguardError('limit', `the layer unpacks to more than ${maxBytes} bytes`);
  if (out > ratioFrom && out > taken * maxRatio) {
    throw new WaterguardError(
      'limit',
      `ratio-limit: ${taken} bytes of the layer unpack to more than ${out}; the rest is not read`,
    );
  }
}

async function* unpack(input: Input, chunks: Chunks): AsyncGenerator<Buffer, void, undefined> {
  const head = await input.peek(10);
  if (isGzip(head)) return yield* members(input, 'gzip', isGzip, gzipMember, chunks);
  if (isZstd(head)) return yield* members(input, 'zstd', isZstd, zstdFrame, chunks);
  const other = otherFormats.find(([magic]) => head.subarray(0, magic.length).equals(magic));
  if (other !== undefined) {
    throw new WaterguardError(
      'unsupported',
      `the layer is compressed with ${other[1]}; gzip, zstd and plain tar are read`,
    );
  }
  for (let chunk = await input.read(); chunk !== undefined; chunk = await input.read()) yield chunk;
}

const otherFormats: readonly (readonly [Buffer, string])[] = [
  [Buffer.from('fd377a585a00', 'hex'), 'xz'],
  [Buffer.from('04224d18', 'hex'), 'lz4'],
  ...Array.from('123456789', (level) => [Buffer.from(`BZh${level}1AY&SY`, 'latin1'), 'bzip2'] as const),
];

function isGzip(head: Buffer): boolean {
  return head.length >= 3 && head.readUIntBE(0, 3) === 0x1f8b08;
}

function isZstd(head: Buffer): boolean {
  return head.length >= 4 && (head.readUInt32LE(0) === 0xfd2fb528 || isSkippable(head));
}

function isSkippable(head: Buffer): boolean {
  return head.length >= 4 && head.readUInt32LE(0) >>> 4 === 0x184d2a5;
}

/** One after the other, until the input ends or goes on with something else. */
async function* members(
  input: Input,
  name: string,
  isNext: (head: Buffer) => boolean,
  one: (input: Input, chunkSize: number, chunks: Chunks) => AsyncGenerator<Buffer, void, undefined>,
  chunks: Chunks,
): AsyncGenerator<Buffer, void, undefined> {
  let chunkSize = largeChunk;
  for (let head = await input.peek(4); isNext(head); head = await input.peek(4)) {
    let out = 0;
    for await (const chunk of one(input, chunkSize, chunks)) {
      out += chunk.length;
      yield chunk;
    }
    chunkSize = out < smallChunk ? smallChunk : largeChunk;
  }
  for (let rest = await input.read(); rest !== undefined; rest = await input.read()) {
    if (rest.some((byte) => byte !== 0)) {
      throw new WaterguardError(
        'unsupported',
        `bytes after the end of the ${name} stream, which are not read`,
      );
    }
  }
}

/** 1 MiB is twice as fast as 16 KiB; small members (eStargz: one for each file) get buffers of their size. */
const largeChunk = 1024 * 1024;
const smallChunk = 64 * 1024;

/** RFC 1952. */
async function* gzipMember(
  input: Input,
  chunkSize: number,
  chunks: Chunks,
): AsyncGenerator<Buffer, void, undefined> {
  const header = await input.take(10);
  const flags = header[3] ?? 0;
  if ((flags & 0x04) !== 0) {
    const extra = await input.take(2);
    if (extra.length === 2) await input.take(extra.readUInt16LE(0));
  }
  if ((flags & 0x08) !== 0) await input.skipPast(0);
  if ((flags & 0x10) !== 0) await input.skipPast(0);
  if ((flags & 0x02) !== 0) await input.take(2);
  yield* inflate(createInflateRaw({ chunkSize, ...oneChunkAhead }), input, chunks);
  const trailer = await input.take(8);
  if (trailer.length < 8) throw truncated();
}

/** RFC 8878. */
async function* zstdFrame(
  input: Input,
  chunkSize: number,
  chunks: Chunks,
): AsyncGenerator<Buffer, void, undefined> {
  const head = await input.peek(8);
  if (!isSkippable(head)) {
    yield* inflate(createZstdDecompress({ chunkSize, ...oneChunkAhead }), input, chunks);
    return;
  }
  if (head.length < 8) throw truncated();
  if (!(await input.skip(8 + head.readUInt32LE(4)))) throw truncated();
}

/** With one finished chunk waiting the engine stops, so that an error cannot overtake what came before it. */
const oneChunkAhead = { readableHighWaterMark: 1 };

/** Unpacks until the engine has had enough; what it did not take stays in the input. */
async function* inflate(
  engine: InflateRaw | ZstdDecompress,
  input: Input,
  chunks: Chunks,
): AsyncGenerator<Buffer, void, undefined> {
  const feeding = feed(engine, input, chunks);
  let last: Buffer | undefined;
  try {
    for await (const chunk of engine as AsyncIterable<Buffer>) {
      yield chunk;
      if (chunks === 'passing') letGoLast(chunk);
      last = chunk;
    }
  } catch (error) {
    throw isUnexpectedEnd(error)
      ? truncated()
      : new WaterguardError('corrupt', `the layer does not unpack: ${messageOf(error)}`, { cause: error });
  } finally {
    engine.destroy();
  }
  await feeding;
  // Nobody writes behind the end; layers of a thousand frames would keep a megabyte of each.
  if (chunks === 'passing' && last?.buffer instanceof ArrayBuffer && !last.buffer.detached)
    letGo(Buffer.from(last.buffer));
}

/**
 * Frees a chunk's memory at once. Left to the garbage collector, a megabyte at a time, it would collect some fifty
 * times in a 500 MB layer and cost more than the unpacking. zlib hands out a buffer in slices and takes a new one
 * only when it is full, so the slice that reaches the end is the last that anyone writes.
 */
function letGoLast(chunk: Buffer): void {
  const { buffer, byteOffset, length } = chunk;
  if (byteOffset + length === buffer.byteLength) letGo(Buffer.from(buffer));
}

/** Never rejects: an error of the engine comes out of it where it is read. */
async function feed(engine: InflateRaw | ZstdDecompress, input: Input, chunks: Chunks): Promise<void> {
  let fed = 0;
  while (!engine.destroyed) {
    const chunk = await input.read();
    if (chunk === undefined) {
      engine.end();
      return;
    }
    fed += chunk.length;
    await new Promise<void>((resolve) => engine.write(chunk, () => resolve()));
    const left = fed - engine.bytesWritten;
    if (left > 0) {
      input.unread(chunk.subarray(chunk.length - left));
      return;
    }
    if (chunks === 'passing') letGo(chunk);
  }
}

function isUnexpectedEnd(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR';
}

function truncated(): WaterguardError {
  return new WaterguardError('truncated', 'the compressed layer breaks off');
}
