/** Passwords by scrypt, with a salt each (RFC 7914); parameters stand with the hash, so that they can grow. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/** OWASP Password Storage Cheat Sheet (read 2026-11): N = 2^17, r = 8, p = 1; 128 MiB for about 0.3 s. */
const cost = { N: 2 ** 17, r: 8, p: 1 } as const;
const size = 32;

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** @param stored undefined where there is none: the check takes as long, and fails */
export async function checkPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [kind, N, r, p, salt = '', hash = ''] = (stored ?? '').split('$');
  if (kind !== 'scrypt') {
    await derive(password, randomBytes(16), cost);
    return false;
  }
  const derived = await derive(password, Buffer.from(salt, 'base64url'), {
    N: Number(N),
    r: Number(r),
    p: Number(p),
  });
  return timingSafeEqual(derived, Buffer.from(hash, 'base64url'));
}

/** One at a time: each takes the memory of a small scan. */
let before: Promise<unknown> = Promise.resolve();

function derive(password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  const next = before.then(
    () =>
      new Promise<Buffer>((resolve, reject) => {
        scrypt(
          password.normalize('NFC'),
          salt,
          size,
          { ...options, maxmem: 256 * 1024 * 1024 },
          (error, key) => (error === null ? resolve(key) : reject(error)),
        );
      }),
  );
  before = next.catch(() => undefined);
  return next;
}
