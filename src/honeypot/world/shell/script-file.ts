/** The text of a script that is in a file, or behind a descriptor: `. <(…)`, `bash /dev/stdin`. */
import { FileError } from '../files/node.ts';
import { readAll, specialFile } from './redirect.ts';
import type { Shell } from './shell.ts';

/** @throws FileError */
export async function readScript(shell: Shell, path: string): Promise<Uint8Array> {
  const open = specialFile(shell, path)?.input;
  if (open !== undefined) return readAll(shell, open);
  const node = shell.files.stat(path);
  if (node.kind === 'directory') throw new FileError('EISDIR');
  return shell.files.read(path);
}
