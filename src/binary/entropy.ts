/** Shannon entropy: how compressed or encrypted bytes look. */

/**
 * One pass over at most `limit` bytes.
 * @returns bits per byte, 0 to 8. Machine code lies at 5.5 to 6.8, compressed or encrypted data above 7.5.
 */
export function entropy(bytes: Uint8Array, limit = 1 << 20): number {
  const length = Math.min(bytes.length, limit);
  if (length === 0) return 0;
  const counts = new Uint32Array(256);
  for (let at = 0; at < length; at++) counts[bytes[at]!]!++;
  let bits = 0;
  for (const count of counts) {
    if (count > 0) bits -= (count / length) * Math.log2(count / length);
  }
  return bits;
}
