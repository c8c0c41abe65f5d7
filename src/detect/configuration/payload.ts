/** Programs hidden by encoding: which commands decode, and what comes out. */

import type { Command } from '../../indicator/shell.ts';
import { programName } from '../../indicator/shell-unwrap.ts';

/** Longest text that is decoded, in characters. */
const maxEncoded = 64 * 1024;

/** `base64 -d`, `xxd -r`, `openssl enc -d`, `rev` and the like, in a pipeline. */
export function decodesInput(command: Pick<Command, 'words'>): boolean {
  const args = command.words.slice(1);
  switch (programName(command.words[0])) {
    case 'base64':
    case 'base32':
      return args.some((arg) => /^-[a-z]*[dD]/.test(arg) || arg === '--decode');
    case 'openssl':
      return args.includes('-d') && (args.includes('enc') || args.includes('base64'));
    case 'xxd':
      return args.some((arg) => /^-[a-z]*r/.test(arg));
    case 'uudecode':
    case 'rev':
      return true;
    case 'tr':
      // ROT13 and its kin.
      return (
        args.some((arg) => /^['"]?\[?A-Za-z\]?/.test(arg)) && args.some((arg) => /N-ZA-M|n-za-m/.test(arg))
      );
    default:
      return false;
  }
}

/** What the decoders make of a text; `undefined` where that needs a key, a file or a program we do not mimic. */
export function decodePayload(text: string, decoders: readonly Pick<Command, 'words'>[]): string | undefined {
  let current = withoutEscapes(text.slice(0, maxEncoded));
  if (current === '') return undefined;
  for (const decoder of decoders) {
    const name = programName(decoder.words[0]);
    if (name === 'base64') current = fromBase64(current);
    else if (name === 'openssl' && decoder.words.includes('base64')) current = fromBase64(current);
    else if (name === 'xxd')
      current = Buffer.from(current.replace(/[^0-9a-fA-F]/g, ''), 'hex').toString('latin1');
    else if (name === 'rev') current = [...current.trimEnd()].reverse().join('');
    else if (name === 'tr') current = current.replace(/[a-zA-Z]/g, rotate);
    else if (name !== 'echo' && name !== 'printf') return undefined;
  }
  return isReadable(current) ? current : undefined;
}

/** What code like `exec(base64.b64decode('…'))` runs: its longest encoded string, decoded. */
export function payloadOfCode(code: string): string | undefined {
  if (
    !/b64decode|decode_base64|base64_decode|decode64|unpack|fromhex|unhexlify|Buffer\.from|atob|decodestring/.test(
      code,
    )
  ) {
    return undefined;
  }
  let longest = '';
  for (const match of code.matchAll(/[A-Za-z0-9+/=_-]{16,60000}/g))
    if (match[0].length > longest.length) longest = match[0];
  if (longest === '') return undefined;
  const decoded = /^[0-9a-fA-F]+$/.test(longest)
    ? Buffer.from(longest, 'hex').toString('latin1')
    : fromBase64(longest);
  return isReadable(decoded) ? decoded : '';
}

function fromBase64(text: string): string {
  return Buffer.from(text.replace(/\s/g, ''), 'base64').toString('latin1');
}

/** C escapes as `echo -e` and `printf` read them. */
function withoutEscapes(text: string): string {
  if (!text.includes('\\')) return text;
  return text
    .replace(/\\x([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\0?([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8) & 0xff))
    .replace(/\\n/g, '\n');
}

function rotate(letter: string): string {
  const base = letter <= 'Z' ? 65 : 97;
  return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
}

/** Mostly printable: otherwise the guess at the encoding was wrong, or it is a program in machine code. */
function isReadable(text: string): boolean {
  if (text === '') return false;
  let printable = 0;
  for (const character of text.slice(0, 1000)) if (/[\t\n\r -~]/.test(character)) printable++;
  return printable >= 0.9 * Math.min(text.length, 1000);
}
