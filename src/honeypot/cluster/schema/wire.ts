/** Fields of protobuf messages as they stand on the wire: a number, and a varint or bytes. */

export class Malformed extends Error {}

/** Fields of one message, at most. */
const maxFields = 20_000;

export interface Element {
  readonly number: number;
  /** Of a number; empty where there are bytes. */
  readonly value: bigint;
  readonly bytes: Buffer;
}

export function elements(bytes: Buffer): Element[] {
  const found: Element[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at];
      if (byte === undefined) break;
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new Malformed('unexpected EOF');
  };
  while (at < bytes.length) {
    if (found.length >= maxFields) throw new Malformed('too many members');
    const key = Number(varint());
    const number = key >>> 3;
    switch (key & 7) {
      case 0:
        found.push({ number, value: varint(), bytes: Buffer.alloc(0) });
        break;
      case 2: {
        const length = Number(varint());
        if (length > bytes.length - at) throw new Malformed('unexpected EOF');
        found.push({ number, value: 0n, bytes: bytes.subarray(at, at + length) });
        at += length;
        break;
      }
      case 1:
        at += 8;
        break;
      case 5:
        at += 4;
        break;
      default:
        throw new Malformed(`proto: illegal wireType ${key & 7}`);
    }
  }
  return found;
}

export function delimited(number: number, content: Buffer): Buffer {
  return Buffer.concat([varint((BigInt(number) << 3n) | 2n), varint(BigInt(content.length)), content]);
}

export function varintField(number: number, value: number): Buffer {
  const whole = Number.isSafeInteger(value) ? BigInt(value) : 0n;
  return Buffer.concat([varint(BigInt(number) << 3n), varint(BigInt.asUintN(64, whole))]);
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  for (let left = value; ; left >>= 7n) {
    const low = Number(left & 0x7fn);
    if (left < 0x80n) {
      bytes.push(low);
      return Buffer.from(bytes);
    }
    bytes.push(low | 0x80);
  }
}
