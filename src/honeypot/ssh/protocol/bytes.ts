/** The data types of SSH (RFC 4251, 5), read from hostile bytes and written. */
import { hangUp } from './fault.ts';

export interface Reader {
  u8(): number;
  u32(): number;
  /** A part of the packet, not a copy of it. */
  string(): Buffer;
  /**
   * A string that is text: one character per byte, so that it can be compared and sent back as it came. As in sshd it
   * may end in NUL but not hold one.
   */
  text(): string;
  /** All that is left. */
  rest(): Buffer;
  left(): number;
  /** @throws SshFault where something is left */
  end(): void;
}

/** Each read throws a silent SshFault where the packet is too short for it. */
export function readerOf(bytes: Buffer): Reader {
  let at = 0;
  const skip = (length: number): number => {
    if (length > bytes.length - at) throw hangUp('incomplete message');
    at += length;
    return at - length;
  };
  const string = (): Buffer => {
    const length = bytes.readUInt32BE(skip(4));
    const from = skip(length);
    return bytes.subarray(from, at);
  };
  return {
    u8: () => bytes.readUInt8(skip(1)),
    u32: () => bytes.readUInt32BE(skip(4)),
    string,
    text() {
      const value = string();
      const nul = value.indexOf(0);
      if (nul === -1) return value.toString('latin1');
      if (nul < value.length - 1) throw hangUp('NUL in a string');
      return value.toString('latin1', 0, nul);
    },
    rest: () => bytes.subarray(skip(bytes.length - at), bytes.length),
    left: () => bytes.length - at,
    end() {
      if (at < bytes.length) throw hangUp('unexpected bytes after the message');
    },
  };
}

/** The characters that the bytes of `text()` mean. */
export const decoded = (text: string): string => Buffer.from(text, 'latin1').toString('utf8');

export const u8 = (value: number): Buffer => Buffer.of(value);

export const boolean = (value: boolean): Buffer => Buffer.of(value ? 1 : 0);

export function u32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** With its length. Text is taken as one byte per character. */
export function string(value: Uint8Array | string): Buffer {
  const content = typeof value === 'string' ? Buffer.from(value, 'latin1') : value;
  const bytes = Buffer.allocUnsafe(4 + content.length);
  bytes.writeUInt32BE(content.length);
  bytes.set(content, 4);
  return bytes;
}

/** The unsigned number as a positive mpint, without its length: no leading zeros, but one where the sign bit would be set. */
export function mpintBody(value: Uint8Array): Buffer {
  let from = 0;
  while (from < value.length && value[from] === 0) from++;
  const digits = value.subarray(from);
  return digits.length > 0 && digits[0]! >= 0x80
    ? Buffer.concat([Buffer.of(0), digits])
    : Buffer.from(digits);
}

export const mpint = (value: Uint8Array): Buffer => string(mpintBody(value));

/** A payload: the number of the message and its fields. */
export const message = (type: number, ...fields: readonly Uint8Array[]): Buffer =>
  Buffer.concat([Buffer.of(type), ...fields]);
