/** Message authentication codes (RFC 4253, 6.4; RFC 6668; OpenSSH's PROTOCOL, 1.1 and PROTOCOL.umac). */
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import { u32 } from './bytes.ts';
import { createUmac } from './umac.ts';

export interface Mac {
  readonly length: number;
  /** Taken over what is encrypted rather than over what was. */
  readonly isOverCiphertext: boolean;
  tag(sequence: number, bytes: Uint8Array): Buffer;
}

interface MacKind {
  readonly keyLength: number;
  readonly length: number;
  create(key: Uint8Array): Mac['tag'];
}

const hmac = (hash: string, length: number): MacKind => ({
  keyLength: length,
  length,
  create(key) {
    // As an object, which is taken over faster than bytes each time.
    const secret = createSecretKey(key);
    return (sequence, bytes) => createHmac(hash, secret).update(u32(sequence)).update(bytes).digest();
  },
});

const umac = (length: 8 | 16): MacKind => ({
  keyLength: 16,
  length,
  create(key) {
    const tag = createUmac(key, length);
    return (sequence, bytes) => tag(0, sequence, bytes);
  },
});

const kinds: Readonly<Record<string, MacKind>> = {
  'umac-64': umac(8),
  'umac-128': umac(16),
  'hmac-sha2-256': hmac('sha256', 32),
  'hmac-sha2-512': hmac('sha512', 64),
  'hmac-sha1': hmac('sha1', 20),
};

/** `umac-64-etm@openssh.com` → `umac-64`. */
const kindOf = (name: string): MacKind => kinds[name.replace(/(?:-etm)?(?:@openssh\.com)?$/, '')]!;

/** @param name one that was agreed on */
export const macKeyLength = (name: string): number => kindOf(name).keyLength;

/** @param name one that was agreed on */
export function createMac(name: string, key: Uint8Array): Mac {
  const kind = kindOf(name);
  return { length: kind.length, isOverCiphertext: name.includes('-etm'), tag: kind.create(key) };
}

export const isTag = (expected: Buffer, given: Buffer): boolean =>
  expected.length === given.length && timingSafeEqual(expected, given);
