/** Where results go: standard output, or a file that is whole or absent. */
import { randomBytes } from 'node:crypto';
import { accessSync, constants, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
    else replaceFile(file, text);
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
    accessSync(isSpecial(file) ? file : dirname(file), constants.W_OK);
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

/** A device or pipe (`/dev/null`, `/dev/stderr`, `>(jq)`) is written to; anything else would be replaced. */
function isSpecial(file: string): boolean {
  const known = statSync(file, { throwIfNoEntry: false });
  return known !== undefined && !known.isFile() && !known.isDirectory();
}

function replaceFile(file: string, text: string): void {
  const draft = join(dirname(file), `.waterguard-${randomBytes(6).toString('hex')}`);
  try {
    writeFileSync(draft, text);
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
