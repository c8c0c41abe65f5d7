/** Files of a few lines, such as a token or a certificate, which may as well be a device or a pipe that has no end. */
import { closeSync, openSync, readSync } from 'node:fs';
import { messageOf, WaterguardError } from '../model/error.ts';
import { printable } from '../model/printable.ts';

/** Bytes of a secret, which is a line. */
const longest = 4096;

/**
 * @param what of the message, such as `the token`
 * @returns what the file holds, without the spaces around it
 * @throws WaterguardError `usage` for a file that cannot be read or holds more than a secret
 */
export function readSecret(file: string, what: string): string {
  try {
    return readShort(file, longest).toString().trim();
  } catch (error) {
    throw new WaterguardError('usage', `cannot read ${what}: ${printable(messageOf(error), 300)}`, {
      cause: error,
    });
  }
}

/** @param most bytes @throws Error where it cannot be read or has more */
export function readShort(file: string, most: number): Buffer {
  const opened = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(most + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length <= most; length += read)
      read = readSync(opened, bytes, length, bytes.length - length, null);
    if (length > most) throw new Error(`'${file}' has more than ${most} bytes`);
    return bytes.subarray(0, length);
  } finally {
    closeSync(opened);
  }
}
