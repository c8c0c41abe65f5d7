/**
 * Numbers and strings out of a buffer whose every offset may be a lie. A read outside the buffer throws
 * `truncated`; whoever follows an offset found in the content asks `has` first and treats a no as a fault.
 */
import { WaterguardError } from '../model/error.ts';

export interface ByteReader {
  readonly bytes: Buffer;
  readonly little: boolean;
  /** True when `length` bytes from `at` lie in the buffer; false for anything negative or fractional. */
  has(at: number, length: number): boolean;
  u8(at: number): number;
  u16(at: number): number;
  u32(at: number): number;
  /** Above 2^53 inexact, but still ordered, so that bounds checks hold. */
  u64(at: number): number;
}

export function byteReader(bytes: Buffer, little: boolean): ByteReader {
  const has = (at: number, length: number): boolean =>
    Number.isSafeInteger(at) && at >= 0 && length >= 0 && at + length <= bytes.length;

  const need = (at: number, length: number): void => {
    if (!has(at, length))
      throw new WaterguardError('truncated', `binary: ${length} bytes at ${at} lie outside`);
  };
  // A buffer's own methods check each offset again, in code that is not compiled well.
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    bytes,
    little,
    has,
    u8(at) {
      need(at, 1);
      return view.getUint8(at);
    },
    u16(at) {
      need(at, 2);
      return view.getUint16(at, little);
    },
    u32(at) {
      need(at, 4);
      return view.getUint32(at, little);
    },
    u64(at) {
      need(at, 8);
      const [low, high] = little ? [at, at + 4] : [at + 4, at];
      return view.getUint32(high, little) * 2 ** 32 + view.getUint32(low, little);
    },
  };
}

/**
 * The NUL-terminated string at `at`, one character per byte, cut at `limit`.
 * @returns the empty string where `at` lies outside
 */
export function stringAt(bytes: Buffer, at: number, limit: number): string {
  if (!Number.isSafeInteger(at) || at < 0 || at >= bytes.length) return '';
  const last = Math.min(bytes.length, at + limit);
  let end = at;
  while (end < last && bytes[end] !== 0) end++;
  return bytes.toString('latin1', at, end);
}
