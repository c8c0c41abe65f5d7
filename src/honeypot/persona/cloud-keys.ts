/**
 * Keys of AWS that look right and open nothing: no account has them. An id tells its account, as real ones do
 * (T. Aviv, "AWS Access Key ID formats", 2020), so that tools which decode it agree with the metadata service.
 */
import type { Persona } from './persona.ts';

export interface CloudKey {
  readonly id: string;
  readonly secret: string;
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** @param prefix `AKIA` for a user's key, `ASIA` for a role's of some hours */
export function cloudKey(persona: Persona, prefix: 'AKIA' | 'ASIA', label: string): CloudKey {
  const random = persona.random(`cloud-key/${prefix}/${label}`);
  const head = (1n << 47n) | (BigInt(persona.cloud.account) << 7n) | BigInt(random.int(0, 127));
  let bits = (head << 32n) | BigInt(random.bytes(4).readUInt32BE());
  let id = '';
  for (let digit = 0; digit < 16; digit++) {
    id = base32[Number(bits & 31n)]! + id;
    bits >>= 5n;
  }
  return { id: prefix + id, secret: random.text(base64, 40) };
}

/** Of a role's key: begins with `origin_ec` and the region, as those of STS do. */
export function sessionToken(persona: Persona, label: string): string {
  const random = persona.random(`session-token/${label}`);
  const head = Buffer.concat([
    Buffer.from('210a096f726967696e5f656310', 'hex'),
    random.bytes(1),
    Buffer.from('2f2f2f2f2f2f2f2f2f2f01120c', 'hex'),
    Buffer.from(persona.cloud.account),
  ]);
  return Buffer.concat([head, random.bytes(720)]).toString('base64');
}
