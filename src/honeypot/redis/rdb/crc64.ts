/** The checksum of RDB files and DUMP: CRC-64 "Jones", bits from the lowest, as crc64.c of Redis; in two halves of 32 bits. */

/** 0xad93d23594c935a9 with its bits reversed. */
const polynomial = { high: 0x95ac9329, low: 0xac4bc9b5 };

const tableHigh = new Uint32Array(256);
const tableLow = new Uint32Array(256);
for (let byte = 0; byte < 256; byte += 1) {
  let [high, low] = [0, byte];
  for (let bit = 0; bit < 8; bit += 1) {
    const isOdd = (low & 1) === 1;
    low = ((low >>> 1) | (high << 31)) >>> 0;
    high >>>= 1;
    if (isOdd) [high, low] = [high ^ polynomial.high, low ^ polynomial.low];
  }
  tableHigh[byte] = high;
  tableLow[byte] = low;
}

/** @returns its eight bytes, the lowest first */
export function crc64(bytes: Uint8Array): Buffer {
  let [high, low] = [0, 0];
  for (let at = 0; at < bytes.length; at += 1) {
    const index = (low ^ bytes[at]!) & 0xff;
    low = (((low >>> 8) | (high << 24)) ^ tableLow[index]!) >>> 0;
    high = ((high >>> 8) ^ tableHigh[index]!) >>> 0;
  }
  const sum = Buffer.alloc(8);
  sum.writeUInt32LE(low, 0);
  sum.writeUInt32LE(high, 4);
  return sum;
}
