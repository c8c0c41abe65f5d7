/** Where results go: standard output, or a file that is whole or absent. */
import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
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
  const draft = join(dirname(file), `.waterguard-${randomBytes(6).toString('hex')}`);
  try {
    writeFileSync(draft, text);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw cannotWrite(file, error);
  }
}

function cannotWrite(where: string, error: unknown): WaterguardError {
  return new WaterguardError('usage', `cannot write ${where}: ${messageOf(error)}`, { cause: error });
}

/** A reader that closed the pipe has what it wanted. */
function isRefused(error: NodeJS.ErrnoException | null | undefined): boolean {
  return error != null && error.code !== 'EPIPE';
}
