/** Secrets that come in files: a token, the secret of an invitation or of a broker's ident. */
import { closeSync, openSync, readSync } from 'node:fs';
import { messageOf, WaterguardError } from '../model/error.ts';
import { printable } from '../model/printable.ts';

/** Bytes; one is a line. The file may be a device or a pipe that has no end. */
const longest = 4096;

/**
 * @param what of the message, such as `the token`
 * @returns what the file holds, without the spaces around it
 * @throws WaterguardError `usage` for a file that cannot be read or holds more than a secret
 */
export function readSecret(file: string, what: string): string {
  try {
    const bytes = readFirst(file, longest + 1);
    if (bytes.length > longest) throw new Error(`'${file}' has more than ${longest} bytes`);
    return bytes.toString().trim();
  } catch (error) {
    throw new WaterguardError('usage', `cannot read ${what}: ${printable(messageOf(error), 300)}`, {
      cause: error,
    });
  }
}

function readFirst(file: string, most: number): Buffer {
  const opened = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(most);
    let length = 0;
    for (let read = -1; read !== 0 && length < most; length += read)
      read = readSync(opened, bytes, length, most - length, null);
    return bytes.subarray(0, length);
  } finally {
    closeSync(opened);
  }
}
