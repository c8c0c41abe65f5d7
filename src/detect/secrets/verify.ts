/** Checks that a regex cannot do: whether what looks like a key, a token or a password has its inner form. */
import { readPrivateKey } from './private-key.ts';
import type { Verifier } from './rule.ts';

export function verified(check: Verifier, secret: string): boolean {
  switch (check) {
    case 'private-key':
      return readPrivateKey(secret)?.encrypted === false;
    case 'encrypted-key':
      return readPrivateKey(secret)?.encrypted === true;
    case 'base64-key':
      return isEncodedKey(secret);
    case 'jwt':
      return isJwt(secret);
    case 'basic-auth':
      return isBasicAuth(secret);
    case 'mixed':
      return /[a-z]/i.test(secret) && /\d/.test(secret);
  }
}

/** What comes out is a private key without a passphrase, whole; certificates begin with the same letters. */
function isEncodedKey(encoded: string): boolean {
  return readPrivateKey(Buffer.from(encoded, 'base64').toString('latin1'))?.encrypted === false;
}

/** Header and payload are JSON objects, and the header names an algorithm other than `none`. */
function isJwt(token: string): boolean {
  const [header = '', payload = ''] = token.split('.');
  const decoded = Buffer.from(header, 'base64url').toString('latin1');
  const alg = /"alg"\s*:\s*"([A-Za-z0-9]{1,20})"/.exec(decoded)?.[1];
  return alg !== undefined && alg.toLowerCase() !== 'none' && Buffer.from(payload, 'base64url')[0] === 0x7b;
}

/** Base64 of `user:password`, as Docker's `auth` and HTTP's `Basic` have it; an empty password is none. */
function isBasicAuth(encoded: string): boolean {
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon > 0 && decoded.length - colon > 3 && /^[\x20-\x7e]+$/.test(decoded);
}
