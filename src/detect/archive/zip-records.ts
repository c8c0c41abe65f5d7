/** The records of a zip, by PKWARE APPNOTE 6.3.10 (2022): marks, sizes, and what stands in them. */

export const endSize = 22;
export const wideEndMark = 0x06064b50;
export const wideEndSize = 56;
export const locatorMark = 0x07064b50;
export const locatorSize = 20;
export const centralMark = 0x02014b50;
export const centralSize = 46;
export const localMark = 0x04034b50;
export const localSize = 30;
export const endMark = 0x06054b50;
export const descriptorMark = 0x08074b50;

/** Stands in a field whose value lies in a Zip64 record: of archives beyond 4 GiB or 65,534 members, or of a pipe. */
export const inZip64 = 0xffffffff;

/** Of a member, before its data. Places are those in the bytes that it was read from. */
export interface LocalHeader {
  readonly flags: number;
  readonly method: number;
  readonly name: Buffer;
  /** Where the data begins. */
  readonly start: number;
  /** How long it is; undefined where that stands behind it. */
  readonly packed: number | undefined;
  /** How long it says that it is then. */
  readonly unpacked: number;
}

/** Of the directory. */
export interface CentralRecord {
  readonly method: number;
  readonly packed: number;
  /** Where the local header lies, from the beginning of the archive. */
  readonly offset: number;
  readonly end: number;
}

/** @returns undefined where it is not all there */
export function localHeaderAt(bytes: Buffer, at: number): LocalHeader | undefined {
  if (at + localSize > bytes.length) return undefined;
  const extra = at + localSize + bytes.readUInt16LE(at + 26);
  const start = extra + bytes.readUInt16LE(at + 28);
  if (start > bytes.length) return undefined;
  const flags = bytes.readUInt16LE(at + 6);
  const sizes = [bytes.readUInt32LE(at + 22), bytes.readUInt32LE(at + 18)];
  const [unpacked = 0, packed = 0] = wide(bytes.subarray(extra, start), sizes);
  return {
    flags,
    method: bytes.readUInt16LE(at + 8),
    name: bytes.subarray(at + localSize, extra),
    start,
    packed: (flags & 8) === 0 ? packed : undefined,
    unpacked,
  };
}

/** @returns undefined where it is not all there */
export function centralRecordAt(bytes: Buffer, at: number): CentralRecord | undefined {
  if (at + centralSize > bytes.length) return undefined;
  const extra = at + centralSize + bytes.readUInt16LE(at + 28);
  const comment = extra + bytes.readUInt16LE(at + 30);
  const end = comment + bytes.readUInt16LE(at + 32);
  if (end > bytes.length) return undefined;
  const fields = [24, 20, 42].map((place) => bytes.readUInt32LE(at + place));
  const [, packed = 0, offset = 0] = wide(bytes.subarray(extra, comment), fields);
  return { method: bytes.readUInt16LE(at + 10), packed, offset, end };
}

/** Fields with those that the Zip64 extra field has instead: of them alone, in this order. */
function wide(extra: Buffer, fields: readonly number[]): number[] {
  if (!fields.includes(inZip64)) return [...fields];
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    const end = Math.min(extra.length, at + 4 + extra.readUInt16LE(at + 2));
    let next = at + 4;
    return fields.map((field) => {
      if (field !== inZip64 || next + 8 > end) return field;
      next += 8;
      return Number(extra.readBigUInt64LE(next - 8));
    });
  }
  return [...fields];
}
