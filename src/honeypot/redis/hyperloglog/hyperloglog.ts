/**
 * A HyperLogLog as Redis keeps it in a text (hyperloglog.c, 7.0): `HYLL`, how the registers are written, three bytes of
 * nothing, the last count, then the registers: six bits each, or runs.
 */
import { outOfMemory } from '../keyspace.ts';
import { RedisError } from '../reply.ts';
import { countOf } from './count.ts';
import { type Place, registerCount } from './hash.ts';
import { emptySparse, setSparse, sparseRegisters } from './sparse.ts';

const magic = 'HYLL';
const encodings = ['dense', 'sparse'] as const;
const headSize = 16;
const denseSize = headSize + (registerCount * 6) / 8;
/** Bytes of runs that are never too many: one for each register. */
const maxRuns = registerCount;
/** Runs that one command looks at; some hundredths of a second. */
const maxWork = 8_000_000;

export const corrupt = (): RedisError => new RedisError('INVALIDOBJ Corrupted HLL object detected');

export class HyperLogLog {
  private bytes: Buffer;
  private readonly maxSparse: number;
  private work = 0;

  /**
   * @param text without one, it is empty
   * @param maxSparse bytes, the head with them, that it may have before it is made dense (hll-sparse-max-bytes)
   * @throws RedisError where the text is none
   */
  constructor(text?: string, maxSparse = 3000) {
    this.maxSparse = Math.min(maxSparse, headSize + maxRuns);
    this.bytes =
      text === undefined
        ? Buffer.concat([Buffer.from(`${magic}\x01`.padEnd(headSize, '\0'), 'latin1'), emptySparse])
        : Buffer.from(text, 'latin1');
    const { bytes } = this;
    if (
      bytes.length < headSize ||
      bytes.toString('latin1', 0, 4) !== magic ||
      bytes[4]! >= encodings.length ||
      (this.encoding === 'dense' && bytes.length !== denseSize)
    )
      throw new RedisError('WRONGTYPE Key is not a valid HyperLogLog string value.');
  }

  get text(): string {
    return this.bytes.toString('latin1');
  }

  get encoding(): (typeof encodings)[number] {
    return encodings[this.bytes[4]!]!;
  }

  /** What is behind the head. */
  get body(): Buffer {
    return this.bytes.subarray(headSize);
  }

  /** @throws RedisError where the runs are not of all registers */
  get registers(): Uint8Array {
    const { body } = this;
    if (this.encoding === 'sparse') {
      const registers = sparseRegisters(body);
      if (registers === undefined) throw corrupt();
      return registers;
    }
    const registers = new Uint8Array(registerCount);
    for (let index = 0; index < registerCount; index += 1) registers[index] = denseRegister(body, index);
    return registers;
  }

  /** The count as it was kept; undefined where registers changed since. */
  get keptCount(): bigint | undefined {
    return this.bytes[15]! < 0x80 ? this.bytes.readBigUInt64LE(8) : undefined;
  }

  /** Counts, and keeps it. @throws RedisError */
  count(): number {
    const count = countOf(this.registers);
    this.bytes.writeBigUInt64LE(BigInt(count), 8);
    return count;
  }

  /** The kept count is none any more. */
  touch(): void {
    this.bytes[15]! |= 0x80;
  }

  /** @returns whether the register was lower. @throws RedisError */
  raise(place: Place): boolean {
    if (this.encoding === 'sparse') {
      const setting = setSparse(this.body, place, this.maxSparse - headSize, (runs) => this.spend(runs));
      switch (setting.kind) {
        case 'same':
          return false;
        case 'corrupt':
          throw corrupt();
        case 'set':
          this.bytes = Buffer.concat([this.bytes.subarray(0, headSize), setting.bytes]);
          this.touch();
          return true;
        case 'dense':
          this.makeDense();
      }
    }
    const { body } = this;
    if (denseRegister(body, place.index) >= place.rank) return false;
    setDense(body, place);
    return true;
  }

  /** @returns whether it was not so before. @throws RedisError */
  makeDense(): boolean {
    if (this.encoding === 'dense') return false;
    const { registers } = this;
    const dense = Buffer.alloc(denseSize);
    this.bytes.copy(dense, 0, 0, headSize);
    dense[4] = 0;
    const body = dense.subarray(headSize);
    for (const [index, rank] of registers.entries()) if (rank > 0) setDense(body, { index, rank });
    this.bytes = dense;
    return true;
  }

  /** Runs may be a visitor's own, thousands before each register. @throws RedisError */
  private spend(runs: number): void {
    this.work += runs;
    if (this.work > maxWork) throw outOfMemory();
  }
}

function denseRegister(body: Buffer, index: number): number {
  const [byte, bit] = [(index * 6) >> 3, (index * 6) & 7];
  return ((body[byte]! | ((body[byte + 1] ?? 0) << 8)) >> bit) & 63;
}

function setDense(body: Buffer, { index, rank }: Place): void {
  const [byte, bit] = [(index * 6) >> 3, (index * 6) & 7];
  const pair = body[byte]! | ((body[byte + 1] ?? 0) << 8);
  const changed = (pair & ~(63 << bit)) | (rank << bit);
  body[byte] = changed & 0xff;
  if (byte + 1 < body.length) body[byte + 1] = (changed >> 8) & 0xff;
}
