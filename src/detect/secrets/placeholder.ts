/**
 * Tells a secret from what stands in its place: documentation values, template variables, masks. Every rule is
 * followed by this, except where the match is a key block, which `verify.ts` reads.
 */

/** A random secret of 40 letters and digits holds one of these five-letter words about once in a million. */
const standIns = [
  ...['example', 'changeme', 'change_me', 'change-me', 'change_this', 'changeit', 'placeholder', 'replace'],
  ...['dummy', 'redacted', 'sample', 'foobar', 'insert', 'your_', 'your-', '_here', '-here', 'secret_key'],
  ...[
    'yourpass',
    'yourtoken',
    'yourkey',
    'mypassword',
    'mysecret',
    'password123',
    'letmein',
    'not-a-',
    'notreal',
  ],
  ...[
    'xxxx',
    '****',
    '....',
    '----',
    '____',
    '0123456789',
    '1234567890',
    '123456789',
    'abcdefghij',
    'deadbeef',
  ],
  ...['undefined', '_secret_', 'my-token', 'my_token', 'test-token', 'test_token', 'fake'],
];

/** Filled in later, by a shell, a template engine or a format string. */
const template =
  /^[$%<{]|[>}]$|\$[{(A-Z_]|\{\{|\}\}|%\(|%[a-z]\b|<[a-z]|\{[a-z_.0-9]{0,40}\}|process\.env|os\.environ|getenv/i;

const nothings = new Set([
  'true',
  'false',
  'null',
  'none',
  'nil',
  'yes',
  'no',
  'undefined',
  'password',
  'secret',
]);

export function isPlaceholder(secret: string): boolean {
  const value = secret.trim();
  if (value.length < 4 || template.test(value)) return true;
  const lower = value.toLowerCase();
  if (nothings.has(lower)) return true;
  if (standIns.some((word) => lower.includes(word))) return true;
  return new Set(lower).size <= (value.length >= 12 ? 4 : 1);
}

/** So much of a name in a value is no chance. */
const shortestName = 12;

/** What code calls something by: `exports.MD5Password = MD5Password`, `type ApiKeyScheme = V3.ApiKeyScheme`. */
export function isOwnName(key: string, secret: string): boolean {
  const [name, value] = [key.toLowerCase(), secret.toLowerCase()];
  if (Math.min(name.length, value.length) < shortestName) return false;
  return name.endsWith(value) || value.endsWith(name);
}

/** Shannon entropy in bits per character: about 3.0 for words, 4.0 at most for hex, 6.0 at most for base64. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
