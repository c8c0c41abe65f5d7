/** Where results go: standard output, or a file that is whole or absent. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  accessSync,
  chmodSync,
  constants,
  createWriteStream,
  lstatSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  type WriteStream,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { messageOf, WaterguardError } from '../model/error.ts';

/** @throws WaterguardError `usage` where the file cannot be written */
export async function writeResult(text: string, file: string | undefined): Promise<void> {
  if (file === undefined) {
    await print(text);
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
 * As `writeResult`, in parts that need not be in memory together. Whoever closes the pipe early ends the work.
 * @throws WaterguardError `usage` where the file cannot be written, and whatever the parts throw; then the file is as it was
 */
export async function writeParts(parts: AsyncIterable<string>, file: string | undefined): Promise<void> {
  if (file === undefined) {
    for await (const part of parts) if (!(await print(part))) return;
    return;
  }
  let draft: Draft;
  try {
    draft = await openDraft(file);
  } catch (error) {
    throw cannotWrite(file, error);
  }
  const { stream } = draft;
  const written = finished(stream);
  written.catch(() => {});
  try {
    for await (const part of parts) {
      if (stream.errored !== null) break;
      if (!stream.write(part)) await Promise.race([once(stream, 'drain'), written]).catch(() => {});
    }
  } catch (error) {
    stream.destroy();
    draft.drop();
    throw error;
  }
  try {
    stream.end();
    await written;
    draft.keep();
  } catch (error) {
    draft.drop();
    throw cannotWrite(file, error);
  }
}

interface Draft {
  readonly stream: WriteStream;
  keep(): void;
  drop(): void;
}

/** Beside the file, with the permissions of the old one; what is special is written to itself. */
async function openDraft(file: string): Promise<Draft> {
  if (isSpecial(file)) {
    const stream = createWriteStream(file);
    await once(stream, 'open');
    return { stream, keep: () => {}, drop: () => {} };
  }
  const target = behindLinks(file);
  const old = statSync(target, { throwIfNoEntry: false });
  const path = join(dirname(target), `.waterguard-${randomBytes(6).toString('hex')}`);
  const mode = old === undefined ? 0o666 : old.mode & 0o777;
  const stream = createWriteStream(path, { mode });
  await once(stream, 'open');
  if (old !== undefined) chmodSync(path, mode);
  return { stream, keep: () => renameSync(path, target), drop: () => rmSync(path, { force: true }) };
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

/** @returns false where the reader closed the pipe, who then has what he wanted */
function print(text: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error: NodeJS.ErrnoException | null | undefined) => {
      if (error == null) resolve(true);
      else if (error.code === 'EPIPE') resolve(false);
      else reject(cannotWrite('standard output', error));
    });
  });
}
