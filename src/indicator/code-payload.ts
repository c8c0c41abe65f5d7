/** Strings that program code decodes before it runs or prints them, and packed bytes. */
import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

/** Longest that packed bytes may become; what grows beyond is not read. */
const longestUnpacked = 64 * 1024;

const decoding =
  /b(?:64|32|16)decode|a2b_\w{3,6}|decode_base64|base64_decode|decode64|\bpack\b|unpack|fromhex|unhexlify|hex2bin|Buffer\.from|atob|decodestring|FromBase64String/;

/** Whether code decodes anything. */
export function decodes(code: string): boolean {
  return decoding.test(code);
}

/**
 * What code like `exec(base64.b64decode('…'))` decodes: its longest encoded string, decoded, unpacked where it is
 * packed; a byte string, which need not be text. `undefined` where it decodes nothing that stands in it.
 */
export function decodeCode(code: string): string | undefined {
  if (!decodes(code)) return undefined;
  let longest = '';
  for (const match of code.matchAll(/[A-Za-z0-9+/=_-]{16,60000}/g))
    if (match[0].length > longest.length) longest = match[0];
  if (longest === '') return undefined;
  const bytes = Buffer.from(longest, /^[0-9a-fA-F]+$/.test(longest) ? 'hex' : 'base64');
  return (inflated(bytes) ?? bytes).toString('latin1');
}

/** @returns `undefined` for bytes that are not gzip, zlib or raw deflate, or that grow too large */
export function inflated(bytes: Buffer): Buffer | undefined {
  const options = { maxOutputLength: longestUnpacked };
  try {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) return gunzipSync(bytes, options);
    if (bytes[0] === 0x78 && [0x01, 0x5e, 0x9c, 0xda].includes(bytes[1] ?? 0))
      return inflateSync(bytes, options);
    if (!isReadable(bytes.toString('latin1', 0, 1000))) return inflateRawSync(bytes, options);
  } catch {
    // Broken, too large or something else: then it is what it is.
  }
  return undefined;
}

/** Mostly printable: otherwise the guess at the encoding was wrong, or it is a program in machine code. */
export function isReadable(text: string): boolean {
  if (text === '' || text.startsWith('\x7fELF')) return false;
  const start = text.slice(0, 1000);
  const odd = start.replace(/[\t\n\r -~]/g, '').length;
  return odd * 10 <= start.length;
}
