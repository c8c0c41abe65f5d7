import { crc32 } from 'node:zlib';

/** CRC-32 as eight digits, before what it is of. */
export function checksum(bytes: Uint8Array): string {
  return crc32(bytes).toString(16).padStart(8, '0');
}
