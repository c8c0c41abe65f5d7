/**
 * SSH public keys as they stand in `authorized_keys`, scripts and history lines. A key is only one if its base64
 * holds what its type demands, so that examples such as `ssh-rsa AAAA… user@host` are none. The normal form, type
 * and base64 without options and comment, is what recognises a planted key again elsewhere.
 */
import { hash } from 'node:crypto';

export interface PublicKey {
  readonly type: string;
  /** `ssh-ed25519 AAAA…`: type and unpadded-as-written base64, one blank between. */
  readonly normal: string;
  /** As `ssh-keygen -l` prints it: `SHA256:` and 43 characters. */
  readonly fingerprint: string;
  readonly comment: string;
  /** Of the key's line in the text. */
  readonly offset: number;
  readonly length: number;
}

/** Number and size in bytes of the fields behind the type's name; `undefined` for any size (RFC 4253, 5656, 8709). */
const shapes: Readonly<Record<string, readonly (number | undefined)[]>> = {
  'ssh-rsa': [undefined, undefined],
  'ssh-dss': [undefined, undefined, undefined, undefined],
  'ssh-ed25519': [32],
  'ecdsa-sha2-nistp256': [8, 65],
  'ecdsa-sha2-nistp384': [8, 97],
  'ecdsa-sha2-nistp521': [8, 133],
  'sk-ssh-ed25519@openssh.com': [32, undefined],
  'sk-ecdsa-sha2-nistp256@openssh.com': [8, 65, undefined],
};

/** Bounds for one text and one key; an RSA key of 16,384 bits has 2,800 characters. */
const maxKeys = 1000;
const maxBase64 = 8192;

const keyPattern =
  /(?:^|[\s"'`,>=;])((?:sk-)?(?:ssh|ecdsa)-[a-z0-9-]{3,24}(?:@openssh\.com)?)[ \t]{1,8}(AAAA[A-Za-z0-9+/]+={0,2})/gm;

/** All public keys of a text, at most 1,000. */
export function findPublicKeys(text: string): PublicKey[] {
  const keys: PublicKey[] = [];
  for (const match of text.matchAll(keyPattern)) {
    const [whole, type = '', base64 = ''] = match;
    const fingerprint = base64.length <= maxBase64 ? fingerprintOf(type, base64) : undefined;
    if (fingerprint === undefined) continue;
    const offset = match.index + whole.lastIndexOf(type, whole.length - base64.length - 1);
    const end = match.index + whole.length;
    const comment = /^[ \t]+([^\s"'`;|&<>\\]{1,128})/.exec(text.slice(end, end + 136))?.[1] ?? '';
    keys.push({ type, normal: type + ' ' + base64, fingerprint, comment, offset, length: end - offset });
    if (keys.length >= maxKeys) break;
  }
  return keys;
}

function fingerprintOf(type: string, base64: string): string | undefined {
  const bytes = Buffer.from(base64, 'base64');
  const shape = Object.hasOwn(shapes, type) ? shapes[type] : undefined;
  if (shape === undefined || !isKey(bytes, type, shape)) return undefined;
  return 'SHA256:' + hash('sha256', bytes, 'base64').replace(/=+$/, '');
}

/** Length-prefixed fields: the type's name again, then those of `shape`, then nothing. */
function isKey(bytes: Buffer, type: string, shape: readonly (number | undefined)[]): boolean {
  let at = 0;
  const next = (): Buffer | undefined => {
    if (at + 4 > bytes.length) return undefined;
    const start = at + 4;
    at = start + bytes.readUInt32BE(at);
    return at <= bytes.length ? bytes.subarray(start, at) : undefined;
  };
  if (next()?.toString('latin1') !== type) return false;
  for (const size of shape) {
    const field = next();
    if (field === undefined || field.length === 0 || (size !== undefined && field.length !== size))
      return false;
  }
  return at === bytes.length;
}
