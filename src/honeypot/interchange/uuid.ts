/** UUIDs that follow from what they name (RFC 9562): the same input gives the same one, on every machine. */
import { createHash } from 'node:crypto';

/** Version 5. @param namespace a UUID */
export function uuid5(namespace: string, name: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest();
  return written(bytes, 5);
}

/** Version 7: a time, and in place of chance the digest of a name. @param at milliseconds since 1970 */
export function uuid7Of(at: number, name: string): string {
  const bytes = createHash('sha256').update(name).digest();
  bytes.writeUIntBE(Math.max(0, at), 0, 6);
  return written(bytes, 7);
}

/** The first sixteen bytes, with version and variant. */
function written(bytes: Buffer, version: number): string {
  bytes[6] = (version << 4) | (bytes[6]! & 15);
  bytes[8] = 0x80 | (bytes[8]! & 63);
  const hex = bytes.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
