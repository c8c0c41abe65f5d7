/**
 * A file that is whole or absent: written under another name and renamed, so that two processes and a kill at
 * any moment leave either version intact, and sealed with a SHA-256, so that a torn disk is noticed.
 */
import { hash, randomBytes } from 'node:crypto';
import { readFileSync, renameSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const sealSize = 32;

/** @returns false where it could not be written; nothing is left behind then */
export function writeSealed(path: string, body: Buffer): boolean {
  const draft = join(dirname(path), `.${process.pid}-${randomBytes(6).toString('hex')}`);
  try {
    writeFileSync(draft, Buffer.concat([hash('sha256', body, 'buffer'), body]), { mode: 0o600 });
    renameSync(draft, path);
    return true;
  } catch {
    remove(draft);
    return false;
  }
}

/** @returns undefined where there is none or its seal is broken; then it is removed */
export function readSealed(path: string): Buffer | undefined {
  let all: Buffer;
  try {
    all = readFileSync(path);
  } catch {
    return undefined;
  }
  const body = all.subarray(sealSize);
  if (all.length < sealSize || !hash('sha256', body, 'buffer').equals(all.subarray(0, sealSize))) {
    remove(path);
    return undefined;
  }
  touch(path);
  return body;
}

/** The modification time of a cache file is when it was last used. */
function touch(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // A read-only cache still serves.
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Already gone, or never there.
  }
}
