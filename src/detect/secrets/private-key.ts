/**
 * Reads the shell of a private key, so that a header in a program's strings or a stump in a manual is not taken
 * for a key. Only lengths and markers are read, never the numbers.
 */

export interface PrivateKey {
  readonly kind: 'pkcs1' | 'pkcs8' | 'sec1' | 'dsa' | 'openssh' | 'pgp' | 'putty';
  /** With a passphrase: the file alone does not open anything. */
  readonly encrypted: boolean;
}

const labels: Readonly<Record<string, PrivateKey['kind']>> = {
  'RSA PRIVATE KEY': 'pkcs1',
  'DSA PRIVATE KEY': 'dsa',
  'EC PRIVATE KEY': 'sec1',
  'PRIVATE KEY': 'pkcs8',
  'ENCRYPTED PRIVATE KEY': 'pkcs8',
  'OPENSSH PRIVATE KEY': 'openssh',
  'SSH2 ENCRYPTED PRIVATE KEY': 'openssh',
  'PGP PRIVATE KEY BLOCK': 'pgp',
};

/** An Ed25519 key in PKCS #8 has 48 bytes, the shortest there is. */
const shortestKey = 46;

/**
 * @param block from `-----BEGIN` to the end line, or a PuTTY file; line ends may be written as `\n`
 * @returns undefined where it is not a whole key
 */
export function readPrivateKey(block: string): PrivateKey | undefined {
  const text = block.replaceAll('\\r', '').replaceAll('\\n', '\n').replaceAll('\r', '');
  if (text.startsWith('PuTTY-User-Key-File-')) return readPutty(text);
  const label = /^-----BEGIN ([A-Z0-9 ]{8,40})-----/.exec(text)?.[1];
  const kind = label === undefined ? undefined : labels[label];
  const end = text.lastIndexOf(`-----END ${label}-----`);
  if (label === undefined || kind === undefined || end < 0) return undefined;
  const lines = text.slice(label.length + 16, end).split('\n');
  const headers = lines.filter((line) => line.includes(':'));
  const body = Buffer.from(
    lines.filter((line) => !line.includes(':') && !line.startsWith('=')).join(''),
    'base64',
  );
  if (body.length < shortestKey) return undefined;
  const encrypted = label.includes('ENCRYPTED') || headers.some((line) => line.includes('ENCRYPTED'));
  if (kind === 'openssh') return readOpenSsh(body, label);
  if (kind === 'pgp') return isOpenPgpSecretKey(body) ? { kind, encrypted: false } : undefined;
  // A PEM-encrypted PKCS #1 body is ciphertext, so that there is no form to check.
  if (encrypted && headers.length > 0) return { kind, encrypted };
  return isDerSequence(body) ? { kind, encrypted } : undefined;
}

/** `openssh-key-v1\0`, then the cipher's name with its length; `none` is no passphrase (PROTOCOL.key). */
function readOpenSsh(body: Buffer, label: string): PrivateKey | undefined {
  if (label.startsWith('SSH2')) return { kind: 'openssh', encrypted: true };
  const magic = 'openssh-key-v1\0';
  if (body.toString('latin1', 0, magic.length) !== magic) return undefined;
  const cipher = body.toString('latin1', magic.length + 4, magic.length + 8);
  return { kind: 'openssh', encrypted: cipher !== 'none' };
}

/** A packet of tag 5, in the old or the new form (RFC 9580, 4.2). */
function isOpenPgpSecretKey(body: Buffer): boolean {
  const first = body[0] ?? 0;
  return (first & 0xfc) === 0x94 || first === 0xc5;
}

/** An outer SEQUENCE whose length is that of the body, which begins with a version or an algorithm. */
function isDerSequence(body: Buffer): boolean {
  if (body[0] !== 0x30) return false;
  const first = body[1] ?? 0;
  const octets = first < 0x80 ? 0 : first - 0x80;
  if (octets > 3) return false;
  const length = octets === 0 ? first : body.readUIntBE(2, octets);
  const content = 2 + octets;
  return content + length === body.length && (body[content] === 0x02 || body[content] === 0x30);
}

function readPutty(text: string): PrivateKey | undefined {
  const cipher = /^Encryption: (\S{1,30})$/m.exec(text)?.[1];
  if (cipher === undefined || !/^Private-Lines: \d{1,3}$/m.test(text)) return undefined;
  return { kind: 'putty', encrypted: cipher !== 'none' };
}
