/** Where results go: standard output, or a file that is whole or absent. */
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  lstatSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { messageOf, WaterguardError } from '../model/error.ts';

/** @throws WaterguardError `usage` where the file cannot be written */
export async function writeResult(text: string, file: string | undefined): Promise<void> {
  if (file === undefined) {
    await new Promise<void>((resolve, reject) => {
      process.stdout.write(text, (error) =>
        isRefused(error) ? reject(cannotWrite('standard output', error)) : resolve(),
      );
    });
    return;
  }
  try {
    if (isSpecial(file)) writeFileSync(file, text);
    else replaceFile(behindLinks(file), text);
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

/**
 * Tells before a long job that its result would have no place.
 * @throws WaterguardError `usage`
 */
export function checkWritable(file: string | undefined): void {
  if (file === undefined) return;
  try {
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true)
      throw new Error('it is a directory');
    accessSync(isSpecial(file) ? file : dirname(behindLinks(file)), constants.W_OK);
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

/** A device or pipe (`/dev/null`, `/dev/stderr`, `>(jq)`) is written to; anything else would be replaced. */
function isSpecial(file: string): boolean {
  const known = statSync(file, { throwIfNoEntry: false });
  return known !== undefined && !known.isFile() && !known.isDirectory();
}

/** Linux: MAXSYMLINKS (include/linux/namei.h). */
const mostLinks = 40;

/** A link stays one, and what it leads to is replaced, be it there or not. */
function behindLinks(file: string): string {
  let at = file;
  for (let links = 0; lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink() === true; links++) {
    if (links === mostLinks) throw new Error('it is a link that leads in a circle');
    at = resolve(dirname(at), readlinkSync(at));
  }
  return at;
}

/** The new file has the permissions of the old one. */
function replaceFile(file: string, text: string): void {
  const old = statSync(file, { throwIfNoEntry: false });
  const mode = old === undefined ? 0o666 : old.mode & 0o777;
  const draft = join(dirname(file), `.waterguard-${randomBytes(6).toString('hex')}`);
  try {
    writeFileSync(draft, text, { mode });
    if (old !== undefined) chmodSync(draft, mode);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

function cannotWrite(file: string, cause: unknown): WaterguardError {
  return new WaterguardError('usage', `cannot write ${file}: ${messageOf(cause)}`, { cause });
}

/** A reader that closed the pipe has what it wanted. */
function isRefused(error: NodeJS.ErrnoException | null | undefined): boolean {
  return error != null && error.code !== 'EPIPE';
}
